import { expect, test } from 'vitest'
import type { FleetEvent } from '../../src/fleet/commands.ts'
import { createFleetEvents } from '../../src/fleet/events.ts'
import { fleetMetrics } from '../../src/fleet/metrics.ts'
import { fleetEventNames } from '../../src/observability/event-names.ts'
import type { Log } from '../../src/observability/logger.ts'
import { createMetrics } from '../../src/observability/metrics.ts'
import { fakeClock } from '../support/fake-clock.ts'

function world() {
  const lines: { level: string; event: string; fields: Record<string, unknown> }[] = []
  const at =
    (level: string) =>
    (event: string, _message: string, fields: Record<string, unknown> = {}) =>
      void lines.push({ level, event, fields })
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } as unknown as Log
  const clock = fakeClock()
  const metrics = createMetrics({ withProcess: false })
  const events = createFleetEvents({ log, metrics: metrics.register(fleetMetrics), clock })
  return { lines, clock, metrics, events }
}

const campaign = { campaign: 'c', name: 'spring' }
const actor = 'presenter'
const all: FleetEvent[] = [
  { kind: 'vehicle_registered', vehicle: 'v', model: 'aurora', region: 'denver', firmware: '1.3.0' },
  { kind: 'vehicle_online', vehicle: 'v', model: 'aurora', region: 'denver', firmware: '1.3.0' },
  { kind: 'vehicle_offline', vehicle: 'v' },
  { kind: 'clock_corrected', vehicle: 'v', errorMs: 86_400_000 },
  { kind: 'sequence_gap', vehicle: 'v', missing: 3 },
  { kind: 'samples_dropped', vehicle: 'v', dropped: 2 },
  { kind: 'samples_late', vehicle: 'v', samples: 2 },
  { kind: 'dtc_changed', vehicle: 'v', code: 'U0100-87', status: 'confirmed' },
  { kind: 'command_result', vehicle: 'v', id: 'i', outcome: 'done', reason: null },
  { kind: 'dead_letter', vehicle: null, reason: 'malformed_json', detail: 'not JSON' },
  { kind: 'release_created', version: '3.0.0', releaseCounter: 7, tampered: false, actor },
  { kind: 'campaign_created', version: '3.0.0', actor, ...campaign },
  { kind: 'campaign_approved', actor, ...campaign },
  { kind: 'campaign_started', version: '3.0.0', planned: 100, actor, ...campaign },
  { kind: 'wave_started', wave: 1, planned: 5, ...campaign },
  {
    kind: 'campaign_paused',
    rule: 'error_threshold',
    detail: '5 of 5 failed',
    timeToDetectMs: 3000,
    blastRadius: 5,
    actor: 'server',
    ...campaign,
  },
  { kind: 'campaign_resumed', version: '3.0.1', rescheduled: 5, actor, ...campaign },
  { kind: 'campaign_aborted', canceled: 1, installing: 0, actor, ...campaign },
  { kind: 'campaign_finished', outcome: 'completed', succeeded: 100, failed: 0, ...campaign },
  {
    kind: 'update_transition',
    vehicle: 'v',
    model: 'aurora',
    firmware: '1.3.0',
    update_id: 'u',
    campaign: 'c',
    from: 'VERIFYING',
    to: 'ROLLED_BACK',
    reason: 'self_test_failed',
    attempt: 1,
    actor: 'vehicle',
  },
  {
    kind: 'status_ignored',
    vehicle: 'v',
    update_id: 'u',
    state: 'DOWNLOADING',
    attempt: 1,
    why: 'out_of_order',
  },
]

test('everything that happens has its line, and no line has another event than the list', () => {
  const { lines, events } = world()
  for (const event of all) events.tell(event)
  events.refused('authentication', 'vehicle_1')
  events.brokerChanged(true, '')
  events.brokerChanged(false, 'ECONNREFUSED')
  events.blocked(new Error('disk full'))
  events.blocked(null)
  expect(new Set(lines.map(({ event }) => event))).toEqual(new Set(fleetEventNames))
})

test('no VIN and no payload is in a line', () => {
  const { lines, events } = world()
  for (const event of all) events.tell(event)
  for (const { fields } of lines) {
    expect(fields).not.toHaveProperty('vin')
    expect(fields).not.toHaveProperty('payload')
  }
})

test('a device that sends nothing but nonsense does not fill the log, and is counted in full', async () => {
  const { lines, clock, metrics, events } = world()
  const nonsense: FleetEvent = { kind: 'dead_letter', vehicle: 'v', reason: 'malformed_json', detail: '?' }
  for (let n = 0; n < 1000; n++) events.tell(nonsense)
  expect(lines).toHaveLength(5)
  clock.advance(1000)
  events.tell(nonsense)
  expect(lines.at(-1)?.fields).toMatchObject({ held_back: 995 })
  const { text } = await metrics.expose()
  expect(text).toContain('fleet_dead_letters_total{reason="malformed_json"} 1001')
})

test('what fails is counted by outcome and reason', async () => {
  const { metrics, events } = world()
  for (const event of all) events.tell(event)
  const { text } = await metrics.expose()
  expect(text).toContain('ota_updates_settled_total{outcome="failed"} 1')
  expect(text).toContain('ota_updates_settled_total{outcome="succeeded"} 0')
  expect(text).toContain('ota_failures_total{reason="self_test_failed"} 1')
  expect(text).toContain('ota_pauses_total{rule="error_threshold"} 1')
  expect(text).toContain('fleet_samples_dropped_total 2')
})
