import { expect, test } from 'vitest'
import type { AnomalyFound } from '../../../src/estate/commands.ts'
import { estateWorld, NOON } from './world.ts'

const found = (cause: string, more: Partial<AnomalyFound> = {}): AnomalyFound => ({
  cause,
  type: 'cpu_spike',
  detector: 'threshold',
  resourceKind: 'server',
  resource: cause,
  service: null,
  region: 'north',
  version: null,
  resources: 1,
  value: 95,
  expected: 50,
  severity: 'high',
  sentence: 'CPU is high.',
  startedAt: NOON - 60_000,
  ...more,
})

test('a cause is opened once, brought up to date while it lasts, ended when it is not found, and opened anew', () => {
  const world = estateWorld()
  const record = (...anomalies: AnomalyFound[]) => world.ask('record_anomalies', { found: anomalies })
  expect(record(found('a'), found('b'))).toEqual({ opened: [found('a'), found('b')], ended: [] })
  const worse = found('a', { value: 99, resources: 3, severity: 'critical', sentence: 'It is worse.' })
  world.now = NOON + 1000
  expect(record(worse)).toEqual({ opened: [], ended: [{ cause: 'b', type: 'cpu_spike', resource: 'b' }] })
  expect(record(worse)).toEqual({ opened: [], ended: [] })
  const rows = () =>
    world.rows('SELECT cause, value, resources, sentence, detected_at, ended_at FROM estate_anomalies')
  expect(rows()).toEqual([
    { cause: 'a', value: 99, resources: 3, sentence: 'It is worse.', detected_at: NOON, ended_at: null },
    {
      cause: 'b',
      value: 95,
      resources: 1,
      sentence: 'CPU is high.',
      detected_at: NOON,
      ended_at: NOON + 1000,
    },
  ])
  expect(record(worse, found('b')).opened).toEqual([found('b')])
  expect(rows()).toHaveLength(3)
})

test('a value that is not expected any more is null', () => {
  const world = estateWorld()
  world.ask('record_anomalies', { found: [found('a')] })
  world.ask('record_anomalies', { found: [found('a', { expected: null })] })
  expect(world.row('SELECT expected FROM estate_anomalies')).toEqual({ expected: null })
})

test('a fault that was injected is noted once, and its end once', () => {
  const world = estateWorld()
  const notice = {
    id: 'a',
    kind: 'crash_loop' as const,
    resource_kind: 'container' as const,
    resource: 'container-00001',
    version: null,
    started_at: NOON,
  }
  const note = (ended_at: number | null) => world.ask('note_fault', { ...notice, ended_at }).isNew
  expect([note(null), note(null), note(NOON + 5), note(NOON + 5), note(null)]).toEqual([
    true,
    false,
    true,
    false,
    false,
  ])
  expect(world.row('SELECT kind, ended_at FROM estate_injected_faults')).toEqual({
    kind: 'crash_loop',
    ended_at: NOON + 5,
  })
})
