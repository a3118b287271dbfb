import { expect, test } from 'vitest'
import { type AnalystOptions, createAnalyst, ROUND_EVERY_MS } from '../../../src/estate/analytics/analyst.ts'
import type { AnomalyFound } from '../../../src/estate/commands.ts'
import type { StageReport } from '../../../src/machine/notices.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { waitFor } from '../../support/wait-for.ts'
import { estateDatabase } from './estate-database.ts'

function analyst(more: Partial<AnalystOptions> = {}) {
  const estate = estateDatabase(temporaryFolder())
  const clock = fakeClock()
  estate.resource(1, 'server', 'server-1', clock.now())
  for (let i = 0; i < 24; i++) estate.serverSample(1, clock.now() - i * 30_000, 97)
  const timers: { ms: number; work: () => void; ended: boolean }[] = []
  const reports: StageReport[] = []
  const recorded: AnomalyFound[][] = []
  const made = createAnalyst({
    database: estate.options,
    clock,
    instance: 'test',
    every: (ms, work) => {
      const timer = { ms, work, ended: false }
      timers.push(timer)
      return () => {
        timer.ended = true
      }
    },
    record: async ({ found }) => {
      recorded.push(found)
      return { opened: found, ended: [] }
    },
    send: report => void reports.push(report),
    inline: true,
    ...more,
  })
  return { made, estate, clock, timers, reports, recorded }
}

test('a round begins at once, then one each 30 seconds, and what was found is written down', async () => {
  const { made, timers, recorded, clock } = analyst()
  made.start()
  await made.round()
  expect(recorded.map(found => found.map(({ cause }) => cause))).toEqual([['server:server-1:cpu']])
  clock.advance(ROUND_EVERY_MS)
  timers.find(({ ms }) => ms === ROUND_EVERY_MS)?.work()
  await made.round()
  expect(recorded).toHaveLength(2)
  await made.stop()
  expect(timers.every(({ ended }) => ended)).toBe(true)
})

test('one round at a time: what is under way is waited for', async () => {
  let running = 0
  let most = 0
  const { made } = analyst({
    record: async () => {
      most = Math.max(most, ++running)
      await new Promise(resolve => setImmediate(resolve))
      running--
      return { opened: [], ended: [] }
    },
  })
  await Promise.all([made.round(), made.round(), made.round()])
  expect(most).toBe(1)
  await made.stop()
})

test('it reports as the stage analytics: what it did, and that all is well', async () => {
  const { made, timers, reports, clock } = analyst()
  made.start()
  await made.round()
  timers.find(({ ms }) => ms === 5000)?.work()
  expect(reports.at(-1)).toMatchObject({
    stage: 'analytics',
    instance: 'test',
    failed: 0,
    lag_seconds: 0,
    last_success_at: clock.now(),
    problem: null,
  })
  await made.stop()
})

test('a round that fails is told once, and the next one that succeeds is told too', async () => {
  let fails = true
  const { made, reports } = analyst({
    record: async () => {
      if (fails) throw new Error('the disk is full')
      return { opened: [], ended: [] }
    },
  })
  made.start()
  await made.round()
  expect(reports.at(-1)).toMatchObject({ failed: 1, problem: 'The analysis failed: the disk is full' })
  fails = false
  await made.round()
  expect(reports.at(-1)).toMatchObject({ failed: 1, problem: null })
  await made.stop()
})

test('without rounds it falls behind', async () => {
  const { made, timers, reports, clock } = analyst()
  made.start()
  await made.round()
  clock.advance(ROUND_EVERY_MS + 12_000)
  timers.find(({ ms }) => ms === 5000)?.work()
  expect(reports.at(-1)?.lag_seconds).toBe(12)
  await made.stop()
})

test('no samples arrive: the stage says so', async () => {
  const { made, reports, clock } = analyst()
  clock.advance(600_000)
  made.start()
  await made.round()
  expect(reports.at(-1)?.problem).toMatch(/No samples arrive/)
  await made.stop()
})

test('the same in a thread of its own', async () => {
  const { made, recorded } = analyst({ inline: false })
  await made.round()
  await waitFor(() => recorded.length > 0)
  expect(recorded[0]?.map(({ cause }) => cause)).toEqual(['server:server-1:cpu'])
  expect(made.last?.resources).toBe(1)
  await made.stop()
})
