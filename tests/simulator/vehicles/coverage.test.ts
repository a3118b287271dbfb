import { expect, test } from 'vitest'
import { createTestFleet } from './fake-broker.ts'

const offline = (fleet: ReturnType<typeof createTestFleet>['fleet']) =>
  fleet.vehicles().flatMap(({ vehicle, online }) => (online ? [] : [vehicle]))

function aFleet(seed = 1) {
  const world = createTestFleet({ vehicles: 20, seed })
  world.fleet.start()
  world.pass(30)
  return world
}

test('a share of the vehicles loses coverage: last wills, samples that wait; regained, all of it comes, late', () => {
  const { fleet, pass, heard, on } = aFleet()
  expect(offline(fleet)).toEqual([])
  const { length } = heard
  fleet.loseCoverage(0.3)
  pass(300)
  const lost = offline(fleet)
  expect(lost).toHaveLength(6)
  const wills = heard
    .slice(length)
    .filter(({ topic, message }) => topic.endsWith('/state') && message.online === false)
  expect(wills.map(({ vehicle }) => vehicle).toSorted()).toEqual(lost)
  for (const { vehicle, waiting } of fleet.vehicles())
    if (lost.includes(vehicle)) expect(waiting).toBeGreaterThanOrEqual(29)

  fleet.regainCoverage()
  pass(30)
  expect(offline(fleet)).toEqual([])
  // Nothing but what is on its way right now.
  expect(fleet.stats().waiting).toBeLessThanOrEqual(2)
  expect(fleet.stats().dropped).toBe(0)
  for (const vehicle of lost) {
    const kept = on('telemetry', vehicle).filter(({ message }) => message.historical)
    expect(kept.flatMap(({ message }) => message.samples).length).toBeGreaterThanOrEqual(29)
  }
})

test('the seed chooses which, a larger share adds to them, a smaller one gives back', () => {
  const { fleet, pass } = aFleet()
  const after = (share: number) => {
    fleet.loseCoverage(share)
    pass(60)
    return offline(fleet)
  }
  const few = after(0.2)
  const more = after(0.5)
  expect([few.length, more.length]).toEqual([4, 10])
  expect(more).toEqual(expect.arrayContaining(few))
  expect(after(0.2)).toEqual(few)
  expect(after(1)).toHaveLength(20)
  expect(after(0)).toEqual([])

  const same = aFleet()
  same.fleet.loseCoverage(0.2)
  same.pass(60)
  expect(offline(same.fleet)).toEqual(few)
  const other = aFleet(2)
  other.fleet.loseCoverage(0.2)
  other.pass(60)
  expect(offline(other.fleet)).not.toEqual(few)
})
