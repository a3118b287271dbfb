import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Mood } from '../support/loki-server.ts'
import { lineOf, pushing } from './pushing.ts'

interface Step {
  mood: Mood | 'is down'
  /** Lines of each turn. */
  turns: number[]
  /** Whether to wait until this mood was felt, or to go on at once. */
  isFelt: boolean
}

const moods = fc.constantFrom<Step['mood']>(
  204,
  400,
  413,
  429,
  500,
  'closes the socket',
  'breaks off its answer',
  'keeps, then closes the socket',
  'is down',
)
const step = fc.record({
  mood: moods,
  turns: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
  isFelt: fc.boolean(),
})

const soon = { interval: 5, timeout: 12_000 }

/** Plays the moods to the real thread. @returns what was written, and what became of it */
async function played(script: Step[]) {
  const { output, loki, told, arrived, settled } = await pushing()
  const written: string[] = []
  let isDown = false
  const news = () => told.failures.length + told.dropped + loki.kept.length
  for (const { mood, turns, isFelt } of script) {
    if (isDown) await loki.start()
    isDown = mood === 'is down'
    if (mood === 'is down') await loki.stop()
    else loki.mood = mood
    const before = news()
    for (const lines of turns) {
      const turn = Array.from({ length: lines }, (_, index) => lineOf(written.length + index))
      written.push(...turn)
      output.write(turn.join(''))
    }
    if (isFelt) await expect.poll(news, soon).toBeGreaterThan(before)
  }
  if (isDown) await loki.start()
  loki.mood = 204
  await settled(15_000)
  await output.close()
  const times = new Map<string, number>()
  for (const line of arrived()) times.set(line, (times.get(line) ?? 0) + 1)
  return {
    written,
    times,
    told,
    mayRepeat: script.some(({ mood }) => mood === 'keeps, then closes the socket'),
  }
}

test('whatever the moods of Loki: written = delivered + dropped, and no line arrives twice unless Loki failed after it had kept it', () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 5 }), async script => {
      const { written, times, told, mayRepeat } = await played(script)
      expect(times.size + told.dropped).toBe(written.length)
      for (const line of times.keys()) expect(written).toContain(line)
      if (!mayRepeat) expect(Math.max(0, ...times.values())).toBeLessThanOrEqual(1)
    }),
    { numRuns: 4, endOnFailure: true },
  ))
