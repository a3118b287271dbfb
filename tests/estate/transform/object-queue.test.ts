import { expect, test } from 'vitest'
import { createObjectQueue, waitedMs } from '../../../src/estate/transform/object-queue.ts'
import { DAY_MS, HOUR_MS, NOON, objectOf } from './world.ts'

const keyAt = (hour: number, writtenAt = hour) => objectOf('server', [], hour, writtenAt).key

test('what is of now goes first, in its order; every fourth is an old one, the newest hour first', () => {
  const queue = createObjectQueue(100)
  const live = Array.from({ length: 6 }, (_, index) => keyAt(NOON, NOON + index))
  const old = [5, 3, 4].map(age => keyAt(NOON - age * HOUR_MS))
  for (const key of [...old, ...live]) queue.add(key, NOON)
  const taken = Array.from({ length: 9 }, () => queue.take(NOON))
  const [five, three, four] = old
  expect(taken).toEqual([live[0], live[1], live[2], three, live[3], live[4], live[5], four, five])
  expect(queue.take(NOON)).toBeNull()
})

test('it is bounded: one of now takes the place of the oldest, an old one has to wait', () => {
  const queue = createObjectQueue(2)
  const [old, older, live, later] = [
    keyAt(NOON - 5 * HOUR_MS),
    keyAt(NOON - DAY_MS),
    keyAt(NOON),
    keyAt(NOON),
  ]
  expect([old, older].map(key => queue.add(key, NOON))).toEqual([true, true])
  expect(queue.add(keyAt(NOON - 3 * HOUR_MS), NOON)).toBe(false)
  expect(queue.add(live, NOON)).toBe(true)
  expect([...queue.keys()]).toEqual([old, live])
  expect(queue.add(later, NOON)).toBe(true)
  expect(queue.add(keyAt(NOON), NOON)).toBe(false)
  expect(queue.size).toBe(2)
})

test('a name is in it once, and a name that is none of ours is not', () => {
  const queue = createObjectQueue(10)
  const key = keyAt(NOON)
  expect([queue.add(key, NOON), queue.add(key, NOON), queue.add('readme.txt', NOON)]).toEqual([
    true,
    true,
    false,
  ])
  expect(queue.size).toBe(1)
})

test('an object waits from when it was written; history does not', () => {
  expect(waitedMs(keyAt(NOON, NOON + 1000), NOON + 5000)).toBe(4000)
  expect(waitedMs(keyAt(NOON - DAY_MS, NOON), NOON + 5000)).toBe(0)
  expect(waitedMs(keyAt(NOON, NOON + 9000), NOON)).toBe(0)
})
