import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ERROR, quantile } from '../../../src/machine/sketch.ts'
import { REQUESTS_MIN, responseTimes } from '../../../src/simulator/estate/response-times.ts'

const drawn = {
  requests: fc.integer({ min: REQUESTS_MIN, max: 100_000 }),
  median: fc.double({ min: 2, max: 2000, noNaN: true }),
  sigma: fc.double({ min: 0.2, max: 0.7, noNaN: true }),
  rounding: fc.double({ min: 0, max: 0.999999, noNaN: true }),
}

test('every request is in the sketch, in order of the buckets', () => {
  fc.assert(
    fc.property(drawn.requests, drawn.median, drawn.sigma, drawn.rounding, (...given) => {
      const { sketch } = responseTimes(...given)
      expect(sketch.reduce((sum, [, count]) => sum + count, 0)).toBe(given[0])
      const buckets = sketch.map(([bucket]) => bucket)
      expect(buckets).toEqual([...new Set(buckets)].sort((a, b) => a - b))
      expect(sketch.every(([, count]) => count > 0)).toBe(true)
    }),
  )
})

test('the 95th percentile is that of the sketch, and never below the mean', () => {
  fc.assert(
    fc.property(drawn.requests, drawn.median, drawn.sigma, drawn.rounding, (...given) => {
      const { sketch, mean, p95 } = responseTimes(...given)
      expect(p95).toBeCloseTo(quantile(new Map(sketch), 0.95) as number, 1)
      expect(p95).toBeGreaterThanOrEqual(mean)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  [0.5, 0],
  [0.95, 1.6449],
  [0.99, 2.3263],
])('of many requests the quantile at %s is that of the log-normal shape', (share, sigmas) => {
  const { sketch } = responseTimes(100_000, 80, 0.5, 0.5)
  const exact = 80 * Math.exp(0.5 * sigmas)
  const found = quantile(new Map(sketch), share) as number
  // A stratum more than the sketch's own error: the shape is cut into steps.
  expect(Math.abs(found - exact) / exact).toBeLessThan(ERROR + 0.09)
})

test('the mean is that of the log-normal shape', () => {
  const { mean } = responseTimes(100_000, 80, 0.5, 0.5)
  expect(mean / (80 * Math.exp(0.125))).toBeCloseTo(1, 1)
})
