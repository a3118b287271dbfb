import { beforeAll, expect, test } from 'vitest'
import { type TwinProgress, type TwinStepName, twinSteps } from '../../src/fleet-twin/api.ts'
import { STEP_MS } from '../../src/fleet-twin/virtual-time.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { aTwin, hurried } from './twin.ts'

const HOUR_MS = 3600_000
let end: TwinProgress
let told: TwinProgress[]
// It takes a few seconds, and is the same for all who look at it.
beforeAll(async () => {
  const twin = aTwin({}, {}, () => {})
  end = await twin.ended
  told = twin.told
}, 120_000)

const timesOf = ({ steps }: TwinProgress) =>
  Object.fromEntries(steps.map(({ name, at_ms }) => [name, at_ms])) as Record<TwinStepName, number>

test('every step is reached once, in order of time, and the last is that 95 % of the vehicles are good', async () => {
  expect(end.steps.map(({ name }) => name).toSorted()).toEqual([...twinSteps].toSorted())
  const times = end.steps.map(step => step.at_ms)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(end.steps[0]).toMatchObject({ name: 'firmware_out', at_ms: 0 })
  expect(end.steps.at(-1)?.name).toBe('most_good')
  expect(end.good).toBeGreaterThanOrEqual(0.95 * end.vehicles)
  expect(end.affected).toBeGreaterThanOrEqual(3)
  expect(end.affected).toBeLessThanOrEqual(end.vehicles)
})

test('what comes of something comes after it', async () => {
  const at = timesOf(end)
  expect(at.dtc_pending).toBeGreaterThan(0)
  expect(at.dtc_confirmed).toBeGreaterThan(at.dtc_pending)
  expect(at.out_of_coverage).toBeGreaterThanOrEqual(at.dtc_pending)
  expect(at.upload).toBeGreaterThan(at.out_of_coverage)
  // Three vehicles are needed, so the first does not do.
  expect(at.ticket).toBeGreaterThan(at.dtc_confirmed)
  expect(at.wave_2).toBeGreaterThanOrEqual(at.wave_1 + 24 * HOUR_MS)
  expect(at.wave_3).toBeGreaterThanOrEqual(at.wave_2 + 24 * HOUR_MS)
  expect(at.half_good).toBeGreaterThan(at.wave_3)
  expect(at.most_good).toBeGreaterThanOrEqual(at.half_good)
})

test('people take exactly as long as it is assumed, and are marked as assumed', async () => {
  const at = timesOf(end)
  const next = [...hurried.slice(1).map(({ step }) => step), 'wave_1' as const]
  for (const [index, { step, hours }] of hurried.entries())
    expect(at[next[index] as TwinStepName] - at[step], step).toBe(hours * HOUR_MS)
  const assumed = end.steps.filter(({ basis }) => basis === 'assumed').map(({ name }) => name)
  expect(assumed).toEqual(hurried.map(({ step }) => step))
})

test('what is told never goes back: time, vehicles hit, vehicles that are good', async () => {
  for (const of of ['simulated_ms', 'affected', 'good'] as const) {
    const values = told.map(progress => progress[of])
    expect(values, of).toEqual(values.toSorted((a, b) => a - b))
  }
  expect(told.filter(({ done }) => done)).toHaveLength(1)
})

test('the same seed tells the same story to the minute, also when it has to catch up after a restart', async () => {
  const { ended } = aTwin({ fromMs: end.simulated_ms, factor: 600 }, { pace: 'kept' })
  expect(await ended).toEqual(end)
}, 120_000)

test('another seed tells another story', async () => {
  const other = aTwin({ seed: 2 })
  await expect.poll(() => other.told.at(-1)?.steps.length ?? 0, { timeout: 60_000 }).toBeGreaterThan(1)
  const [, second] = other.told.at(-1)?.steps ?? []
  expect(second).not.toEqual(end.steps[1])
}, 120_000)

test('at a kept pace it has the same story so far, and is not ahead of its time', async () => {
  const factor = 86_400
  const startedAt = systemClock.monotonic()
  const kept = aTwin({ factor }, { pace: 'kept' })
  const newest = () => kept.told.at(-1) as TwinProgress
  await expect.poll(() => newest()?.simulated_ms ?? 0, { timeout: 60_000 }).toBeGreaterThan(24 * HOUR_MS)
  await kept.twin.stop()
  expect(newest().simulated_ms).toBeLessThanOrEqual((systemClock.monotonic() - startedAt) * factor)
  expect(newest().simulated_ms % STEP_MS).toBe(0)
  expect(newest().steps).toEqual(end.steps.filter(({ at_ms }) => at_ms <= newest().simulated_ms))
}, 120_000)
