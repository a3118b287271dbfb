import { expect, test } from 'vitest'
import { createSampleRate } from '../../src/estate/sample-rate.ts'
import { fakeClock } from '../support/fake-clock.ts'

test('nothing is no samples a second', () => {
  expect(createSampleRate(fakeClock()).perSecond()).toBe(0)
})

test('while it is young, the mean since it began; of its first second all', () => {
  const clock = fakeClock()
  const rate = createSampleRate(clock)
  rate.add(100)
  expect(rate.perSecond()).toBe(100)
  clock.advance(10_000)
  expect(rate.perSecond()).toBe(10)
})

test('then the mean of the last minute, at whatever pace they come', () => {
  const clock = fakeClock()
  const rate = createSampleRate(clock)
  for (let second = 0; second < 300; second++) {
    rate.add(30)
    rate.add(20)
    clock.advance(1000)
  }
  // The second that has just begun has none.
  expect(rate.perSecond()).toBeCloseTo((59 * 50) / 60)
  clock.advance(30_000)
  expect(rate.perSecond()).toBeCloseTo((29 * 50) / 60)
})

test('what is over a minute old counts no more', () => {
  const clock = fakeClock()
  const rate = createSampleRate(clock)
  rate.add(6000)
  clock.advance(59_000)
  expect(rate.perSecond()).toBeGreaterThan(100)
  clock.advance(1000)
  expect(rate.perSecond()).toBe(0)
})

test('a wall clock that is set changes nothing', () => {
  const clock = fakeClock()
  const rate = createSampleRate(clock)
  clock.advance(10_000)
  rate.add(100)
  clock.set(0)
  expect(rate.perSecond()).toBe(10)
})
