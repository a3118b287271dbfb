import { expect, test } from 'vitest'
import { WAITING_MAX_BYTES } from '../../src/observability/log-destination.ts'
import { lineOf, linesFrom, pushing } from './pushing.ts'

test('a Loki that is down costs the writer nothing; what fits waits, the rest is counted to the line, and when it is back all that waited arrives once', async () => {
  const { output, loki, told, arrived, settled } = await pushing()
  await loki.stop()
  const written = linesFrom(0, 13_000, { reason: 'x'.repeat(1200) })
  const kept: string[] = []
  const took: number[] = []
  for (let from = 0; from < written.length; from += 10) {
    const turn = written.slice(from, from + 10)
    const droppedBefore = told.dropped
    const begun = performance.now()
    output.write(turn.join(''))
    took.push(performance.now() - begun)
    if (told.dropped === droppedBefore) kept.push(...turn)
    expect(output.waitingBytes).toBeLessThanOrEqual(WAITING_MAX_BYTES)
  }
  expect(took.sort((a, b) => a - b)[Math.floor(took.length / 2)]).toBeLessThan(1)
  expect(kept.length + told.dropped).toBe(written.length)
  expect(told.dropped).toBeGreaterThan(100)
  expect(output.waitingBytes).toBe(kept.join('').length)
  expect(output.waitingBytes).toBeGreaterThan(WAITING_MAX_BYTES * 0.99)
  await expect.poll(() => told.failures.length, { timeout: 8000 }).toBeGreaterThan(0)
  expect(told.failures[0]).toContain('ECONNREFUSED')
  await loki.start()
  await settled(20_000)
  expect(arrived()).toEqual(kept)
  expect(told.recoveries).toBe(1)
})

test('dropping ends when there is room again', async () => {
  const { output, loki, told, arrived, settled } = await pushing()
  loki.mood = 'hangs'
  const half = lineOf(0, { reason: 'x'.repeat(WAITING_MAX_BYTES * 0.6) })
  output.write(half)
  output.write(half + lineOf(1))
  expect(told.dropped).toBe(2)
  output.write(lineOf(2))
  loki.mood = 204
  await settled()
  output.write(lineOf(3))
  await settled()
  expect(arrived()).toEqual([half, lineOf(2), lineOf(3)])
  expect(told.dropped).toBe(2)
})
