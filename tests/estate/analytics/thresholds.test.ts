import { expect, test } from 'vitest'
import { isAbove, thresholds } from '../../../src/estate/analytics/thresholds.ts'

test.each([
  ['cpu', 90, false],
  ['cpu', 90.01, true],
  ['memory', 85, false],
  ['memory', 85.01, true],
  ['errors', 10, false],
  ['errors', 10.01, true],
  ['errors', Number.NaN, false],
] as const)('%s at %d percent is above its threshold: %s', (metric, value, above) => {
  expect(isAbove(value, thresholds[metric])).toBe(above)
})

test('they are those of the source system', () => {
  expect(thresholds).toEqual({
    cpu: { above: 90, type: 'cpu_spike', severity: 'high' },
    memory: { above: 85, type: 'memory_pressure', severity: 'high' },
    errors: { above: 10, type: 'error_spike', severity: 'critical' },
  })
})
