import { describe, expect, test } from 'vitest'
import { createCloudLane } from '../../src/race/cloud-lane.ts'

const START = 1_000_000
const release = { version: '1.4.2', commit: 'abc1234' }
const lane = (saved?: ReturnType<ReturnType<typeof createCloudLane>['shape']>) =>
  createCloudLane({ startedAt: START, release, ...(saved && { saved }) })
const at = (seconds: number) => START + seconds * 1000
const bad = (user: string, version = release.version) => ({ user, failed: true, version })
const good = (user: string, version = release.version) => ({ user, failed: false, version })
const times = (left: ReturnType<typeof lane>, seconds: number) =>
  Object.fromEntries(left.shape(at(seconds)).steps.map(({ name, at_ms: reached }) => [name, reached]))

/** Two bad and three good borrows a second. */
function burn(left: ReturnType<typeof lane>, from: number, to: number) {
  for (let second = from; second < to; second++)
    for (let index = 0; index < 5; index++)
      left.decided(index < 2 ? bad(`user ${index}`) : good(`user ${index}`), at(second) + index * 100)
}

describe('a whole incident', () => {
  test('each step has its time, in their order, and the end is the recovery', () => {
    const left = lane()
    burn(left, 1, 12)
    left.alerted(at(12), 'burns')
    left.acknowledged(at(13), 'the presenter')
    expect(left.tick(at(13), true)).toBeNull()
    expect(left.tick(at(17.9), true)).toBeNull()
    expect(left.tick(at(18), true)).toBe('roll_back')
    left.rolledBack(at(18), 'by the autopilot')
    for (let second = 18; second < 23; second++) left.decided(good('user 1', '1.4.1'), at(second) + 500)
    left.tick(at(22.9), true)
    expect(left.done).toBe(false)
    left.tick(at(23), true)
    expect(left.done).toBe(true)
    expect(times(left, 99)).toEqual({
      shipped: 0,
      first_error: 1000,
      alert: 12_000,
      acknowledged: 13_000,
      localised: 13_000,
      rolled_back: 18_000,
      recovered: 23_000,
    })
    const { hit, total, elapsed_ms: elapsed } = left.shape(at(99))
    expect({ hit, total, elapsed }).toEqual({ hit: 2, total: 5, elapsed: 23_000 })
  })

  test('the curve has a point a second, null where nobody borrowed', () => {
    const left = lane()
    left.decided(good('a'), at(0.5))
    left.decided(bad('a'), at(2.1))
    left.tick(at(3), false)
    expect(left.shape(at(3)).series).toEqual([
      { at_ms: 1000, value: 0 },
      { at_ms: 2000, value: null },
      { at_ms: 3000, value: 1 },
    ])
  })

  test('a failed borrow after the rollback puts the recovery off', () => {
    const left = lane()
    burn(left, 1, 4)
    left.rolledBack(at(4), 'by the presenter')
    for (let second = 4; second < 8; second++) left.decided(good('a', '1.4.1'), at(second))
    left.decided(bad('a', '1.4.1'), at(8))
    left.tick(at(9.5), false)
    expect(left.done).toBe(false)
    for (let second = 9; second < 14; second++) left.decided(good('a', '1.4.1'), at(second))
    left.tick(at(13), false)
    expect(times(left, 14).recovered).toBe(13_000)
  })
})

describe('what is not known is not claimed', () => {
  test('silence after a rollback is no recovery', () => {
    const left = lane()
    burn(left, 1, 4)
    left.rolledBack(at(4), 'by the presenter')
    left.tick(at(60), false)
    expect(times(left, 60).recovered).toBeNull()
  })

  test('failures of both versions do not localise anything', () => {
    const left = lane()
    for (let second = 0; second < 20; second++) {
      left.decided(bad('a'), at(second))
      left.decided(bad('b', '1.4.1'), at(second))
    }
    left.alerted(at(20), 'burns')
    left.tick(at(20), true)
    expect(times(left, 20).localised).toBeNull()
  })

  test('without the autopilot nothing is rolled back, and after ten minutes the lane ends unrecovered', () => {
    const left = lane()
    burn(left, 1, 20)
    left.alerted(at(12), 'burns')
    expect(left.tick(at(300), false)).toBeNull()
    left.tick(at(600), false)
    expect(left.done).toBe(true)
    expect(times(left, 600)).toMatchObject({ rolled_back: null, recovered: null })
  })
})

test('after a restart the lane goes on with what it had', () => {
  const left = lane()
  burn(left, 1, 12)
  left.alerted(at(12), 'burns')
  left.tick(at(12), true)
  const kept = JSON.parse(JSON.stringify(left.shape(at(12))))
  const again = lane(kept)
  expect(again.shape(at(12))).toEqual(kept)
  expect(again.tick(at(17), true)).toBe('roll_back')
})
