import { expect, test } from 'vitest'
import { containerHealthOf, serverStatusOf } from '../../src/machine/status.ts'

test.each([
  [[0, 0, 0], 'healthy'],
  [[85, 85, 85], 'healthy'],
  [[85.01, 10, 10], 'warning'],
  [[10, 85.01, 10], 'warning'],
  [[10, 10, 85.01], 'warning'],
  [[95, 95, 95], 'warning'],
  [[95.01, 0, 0], 'critical'],
  [[86, 95.01, 0], 'critical'],
  [[0, 0, 100], 'critical'],
  [[undefined, 50, undefined], 'healthy'],
  [[undefined, undefined, undefined], 'healthy'],
] as const)('a server with %j percent is %s', (percents, status) => {
  expect(serverStatusOf(...percents)).toBe(status)
})

test.each([
  [{ memoryPercent: 90 }, 'healthy'],
  [{ memoryPercent: 90.01 }, 'degraded'],
  [{ memoryPercent: 97 }, 'degraded'],
  [{ memoryPercent: 97.01 }, 'unhealthy'],
  [{ memoryPercent: 0, errorShare: 0.05 }, 'healthy'],
  [{ memoryPercent: 0, errorShare: 0.051 }, 'degraded'],
  [{ memoryPercent: 0, crashing: true }, 'unhealthy'],
] as const)('a container with %j is %s', (condition, health) => {
  expect(containerHealthOf(condition)).toBe(health)
})
