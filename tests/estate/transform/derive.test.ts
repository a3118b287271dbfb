import { describe, expect, test } from 'vitest'
import {
  diskUtilization,
  memoryUtilization,
  share,
  successRate,
} from '../../../src/estate/transform/derive.ts'

describe('a share', () => {
  test.each([
    [1, 3, 33.33],
    [2, 3, 66.67],
    [0, 10, 0],
    [10, 10, 100],
    [0, 0, null],
    [5, 0, null],
    [undefined, 10, null],
    [5, undefined, null],
  ])('%s of %s is %s percent: zero is zero, and without a whole nothing is known', (part, whole, percent) => {
    expect(share(part, whole)).toBe(percent)
  })
})

test.each([
  [{ disk_used_gb: 125, disk_total_gb: 500 }, 25],
  [{ disk_used_gb: 0, disk_total_gb: 500 }, 0],
  [{ disk_used_gb: 125, disk_total_gb: 0 }, null],
  [{ disk_used_gb: 125 }, null],
])('disk_utilization of %j is %s', (sample, percent) => {
  expect(diskUtilization(sample as never)).toBe(percent)
})

test.each([
  [{ memory_mb: 512, memory_limit_mb: 1024 }, 50],
  [{ memory_mb: 512 }, null],
  [{ memory_mb: 512, memory_limit_mb: 0 }, null],
])('memory_utilization of %j is %s', (sample, percent) => {
  expect(memoryUtilization(sample as never)).toBe(percent)
})

test.each([
  [{ total_requests: 1000, failed_requests: 1 }, 99.9],
  [{ total_requests: 3, failed_requests: 3 }, 0],
  [{ total_requests: 3, failed_requests: 0 }, 100],
  [{ total_requests: 3, failed_requests: 5 }, 0],
  [{ total_requests: 0, failed_requests: 0 }, null],
  [{ total_requests: 10 }, null],
  [{ failed_requests: 0 }, null],
  [{}, null],
])('success_rate of %j is %s', (sample, percent) => {
  expect(successRate(sample as never)).toBe(percent)
})
