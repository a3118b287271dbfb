import { expect, test } from 'vitest'
import { serviceStates } from '../../../src/estate/api/services.ts'
import { containerHealths, serverStatuses } from '../../../src/machine/samples.ts'
import { webModule } from '../fake-page.ts'

type Of = (value: number | null) => string
const levels = await webModule<{
  thresholds: Record<'cpu' | 'memory' | 'disk', { high: number; critical: number }>
  levelOf(value: number | null, threshold: { high: number; critical: number }): string
  successLevel: Of
  responseLevel: Of
  statusLevel(status: string): string
}>('estate/levels')

test.each([
  ['cpu', 70, 85],
  ['memory', 80, 90],
  ['disk', 70, 85],
] as const)('%s is high over %d and critical over %d', (name, high, critical) => {
  const of = (value: number | null) => levels.levelOf(value, levels.thresholds[name])
  expect([of(0), of(high), of(high + 0.1), of(critical), of(critical + 0.1), of(null)]).toEqual([
    'good',
    'good',
    'fair',
    'fair',
    'poor',
    'unknown',
  ])
})

test.each([
  [100, 'good'],
  [99.01, 'good'],
  [99, 'fair'],
  [95, 'fair'],
  [94.9, 'poor'],
  [0, 'poor'],
  [null, 'unknown'],
])('a success of %d is %s', (value, level) => {
  expect(levels.successLevel(value)).toBe(level)
})

test.each([
  [0, 'good'],
  [500, 'good'],
  [501, 'fair'],
  [1000, 'fair'],
  [1001, 'poor'],
  [null, 'unknown'],
])('a response of %d ms is %s', (value, level) => {
  expect(levels.responseLevel(value)).toBe(level)
})

test('every status that the server knows has a level; another one is unknown', () => {
  for (const status of [...serverStatuses, ...containerHealths, ...serviceStates])
    expect(levels.statusLevel(status) === 'unknown').toBe(status === 'unknown')
  expect(levels.statusLevel('purple')).toBe('unknown')
})
