import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rolling } from '../../src/observability/rolling.ts'

const NOW = 1_700_000_000_000

/** The exact value that `share` of the durations do not exceed. */
const exact = (durations: number[], share: number) =>
  durations.toSorted((a, b) => a - b)[Math.max(Math.ceil(share * durations.length), 1) - 1] as number

test('a percentile is right within 10 % and never below the exact one', () =>
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.05, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.01, 0.5, 0.9, 0.95, 0.99, 1),
      (durations, share) => {
        const window = rolling(60)
        for (const [index, duration] of durations.entries())
          window.observe(duration, NOW + (index % 60) * 1000)
        const value = window.percentile(share, NOW + 60_000, 60) as number
        expect(value).toBeGreaterThan(exact(durations, share) * (1 - 1e-9))
        expect(value).toBeLessThan(exact(durations, share) * 1.1 * (1 + 1e-9))
      },
    ),
  ))

test('what takes no time counts as 0.05 ms, what takes for ever as the last bucket', () => {
  const window = rolling(60)
  window.observe(0, NOW)
  expect(window.percentile(1, NOW + 1000, 1)).toBeCloseTo(0.05)
  window.observe(Number.MAX_VALUE, NOW)
  expect(window.percentile(1, NOW + 1000, 1)).toBeGreaterThan(100_000)
})

test('no durations have no percentile', () => {
  const window = rolling(60)
  expect(window.percentile(0.5, NOW, 60)).toBeNull()
  window.count('borrow', NOW)
  expect(window.percentile(0.5, NOW + 1000, 60)).toBeNull()
})

test('the second under way is not counted: it is not whole yet', () => {
  const window = rolling(60)
  window.count('borrow', NOW + 999)
  expect(window.sum('borrow', NOW + 999, 60)).toBe(0)
  expect(window.sum('borrow', NOW + 1000, 60)).toBe(1)
})

test('a second is forgotten when the window has passed it', () => {
  const window = rolling(60)
  window.count('borrow', NOW)
  window.observe(5, NOW)
  expect(window.sum('borrow', NOW + 60_999, 60)).toBe(1)
  expect(window.sum('borrow', NOW + 61_000, 60)).toBe(0)
  expect(window.percentile(0.5, NOW + 61_000, 60)).toBeNull()
})

test('a place in the ring that is used again starts from nothing', () => {
  const window = rolling(4)
  window.count('borrow', NOW)
  window.observe(1, NOW)
  window.observe(1000, NOW + 5000)
  expect(window.sum('borrow', NOW + 6000, 4)).toBe(0)
  expect(window.percentile(0.5, NOW + 6000, 4)).toBeGreaterThan(999)
})

test('sums are those of a list of events, for any window', () =>
  fc.assert(
    fc.property(fc.array(fc.nat(5000)), fc.integer({ min: 1, max: 60 }), (waits, seconds) => {
      const window = rolling(60)
      const times: number[] = []
      let at = NOW
      for (const wait of waits) {
        at += wait
        times.push(Math.floor(at / 1000))
        window.count('borrow', at)
      }
      const end = Math.floor(at / 1000)
      expect(window.sum('borrow', at, seconds)).toBe(
        times.filter(second => second < end && second >= end - seconds).length,
      )
    }),
  ))
