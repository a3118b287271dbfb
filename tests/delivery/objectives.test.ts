import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type BurnPolicy,
  demoTime,
  durationOf,
  factorOf,
  objectives,
  realTime,
  windowsOf,
} from '../../src/delivery/objectives.ts'
import { licensingMetrics } from '../../src/licensing/metrics.ts'

const factors = (policy: BurnPolicy) =>
  [...policy.page, ...policy.ticket].map(window => Number(factorOf(window, policy).toFixed(6)))

test('the factors of thirty days are those of the SRE workbook', () => {
  expect(factors(realTime)).toEqual([14.4, 6, 3, 1])
})

test('the factors of demo time follow the same formula: share × period ÷ long window', () => {
  expect(factors(demoTime)).toEqual([6, 3])
})

test('a burn at the factor uses up the share within the long window', () => {
  for (const policy of [realTime, demoTime])
    for (const window of [...policy.page, ...policy.ticket])
      expect((factorOf(window, policy) * window.long) / policy.periodSeconds).toBeCloseTo(
        window.budgetShare,
        12,
      )
})

test('every threshold can be reached: it is a share of requests above the budget and at most all of them', () => {
  for (const objective of objectives)
    for (const policy of [realTime, demoTime])
      for (const window of [...policy.page, ...policy.ticket]) {
        const threshold = factorOf(window, policy) * (1 - objective.target)
        expect(threshold).toBeGreaterThanOrEqual(1 - objective.target - 1e-12)
        expect(threshold).toBeLessThanOrEqual(1)
        expect(window.short).toBeLessThan(window.long)
      }
})

test('the limit of the latency objective is a bound of the histogram', () => {
  const bounds: readonly number[] = licensingMetrics.license_borrow_duration_seconds.buckets
  for (const objective of objectives)
    if (objective.by === 'latency') expect(bounds).toContain(objective.seconds)
})

test('windows are listed once, shortest first', () => {
  expect(windowsOf(realTime)).toEqual([300, 1800, 3600, 7200, 21_600, 86_400, 259_200])
  expect(windowsOf(demoTime)).toEqual([30, 60, 120, 300])
})

test.each([
  [30, '30s'],
  [60, '1m'],
  [90, '90s'],
  [3600, '1h'],
  [5400, '90m'],
  [86_400, '1d'],
  [2_592_000, '30d'],
])('%d seconds are written %s', (seconds, text) => {
  expect(durationOf(seconds)).toBe(text)
})

const unit: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }
test('a written length means the same number of seconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), seconds => {
      const text = durationOf(seconds)
      expect(Number(text.slice(0, -1)) * (unit[text.at(-1) ?? ''] ?? 0)).toBe(seconds)
    }),
  )
})
