import { expect, test } from 'vitest'
import { createCloudLane } from '../../src/race/cloud-lane.ts'
import { tableOf } from '../../src/race/table.ts'
import { createVehicleLane, type VehicleProgress } from '../../src/race/vehicle-lane.ts'

const HOUR = 3600_000
const told = (hours: number, more: Partial<VehicleProgress> = {}): VehicleProgress => ({
  simulated_ms: hours * HOUR,
  steps: [],
  vehicles: 100,
  affected: 0,
  good: 0,
  done: false,
  ...more,
})

test('all steps are there from the beginning, those of the process marked as assumed', () => {
  const { steps } = createVehicleLane(100).shape()
  expect(steps.every(({ at_ms: at }) => at === null)).toBe(true)
  const assumed = steps.filter(({ basis }) => basis === 'assumed').map(({ name }) => name)
  expect(assumed).toEqual(['ticket', 'level_1', 'level_2', 'level_3', 'supplier', 'fix'])
})

test('what the twin tells is shown, in simulated time', () => {
  const lane = createVehicleLane(100)
  const step = { name: 'dtc_pending', basis: 'simulated', at_ms: 3 * HOUR, detail: 'a code' } as const
  lane.told(told(5, { steps: [step], affected: 7, good: 0 }))
  expect(lane.shape()).toMatchObject({ elapsed_ms: 5 * HOUR, hit: 7, total: 100, clock: 'simulated' })
  expect(lane.shape().steps.find(({ name }) => name === 'dtc_pending')).toMatchObject({
    at_ms: 3 * HOUR,
    detail: 'a code',
  })
})

test('the curve stays bounded over a year, begins early and ends with the last word', () => {
  const lane = createVehicleLane(100)
  for (let hour = 0; hour < 8760; hour++) lane.told(told(hour, { good: Math.min(100, hour / 50) }))
  lane.told(told(8760, { good: 100, done: true }))
  const { series, done } = lane.shape()
  expect(done).toBe(true)
  expect(series.length).toBeLessThanOrEqual(301)
  expect(series[0]?.at_ms).toBe(0)
  expect(series.at(-1)).toEqual({ at_ms: 8760 * HOUR, value: 1 })
})

test('while the twin catches up after a restart the lane does not go back', () => {
  const lane = createVehicleLane(100)
  lane.told(told(50, { good: 10 }))
  const kept = JSON.parse(JSON.stringify(lane.shape()))
  const again = createVehicleLane(100, kept)
  again.told(told(10))
  expect(again.shape().elapsed_ms).toBe(50 * HOUR)
  again.told(told(51))
  expect(again.shape().elapsed_ms).toBe(51 * HOUR)
})

test('the table says nothing of what was not reached', () => {
  const cloud = createCloudLane({ startedAt: 0, release: { version: '1.0.1', commit: 'abc1234' } })
  const vehicle = createVehicleLane(100)
  expect(tableOf(cloud.shape(1), vehicle.shape()).map(({ cloud: a, vehicle: b }) => [a, b])).toEqual([
    [null, null],
    [null, null],
    [null, null],
    [null, null],
  ])
  cloud.decided({ user: 'a', failed: true, version: '1.0.1' }, 500)
  cloud.alerted(9000, '')
  const ticket = { name: 'ticket', basis: 'assumed', at_ms: 30 * HOUR, detail: '' } as const
  vehicle.told(told(31, { steps: [ticket], affected: 3 }))
  const [detect, localise, , hit] = tableOf(cloud.shape(9000), vehicle.shape())
  expect(detect).toMatchObject({ cloud: 9000, vehicle: 30 * HOUR })
  expect(localise).toMatchObject({ cloud: null, vehicle: null })
  expect(hit).toMatchObject({ cloud: 1, vehicle: null })
})
