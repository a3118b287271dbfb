/** One function for each thing that happens between vehicles and the server: its log line and its metrics together. */
import type { Arrival } from '../ingest/intake.ts'
import { type BrokerRefusal, brokerRefusals } from '../mqtt/embedded-broker.ts'
import { createLimitedLog } from '../observability/limited-log.ts'
import type { Log } from '../observability/logger.ts'
import type { Instruments } from '../observability/metrics.ts'
import type { Clock } from '../shared/clock.ts'
import { uplinks } from '../vehicle/topics.ts'
import { updateReasons, updateStates } from '../vehicle/update-states.ts'
import { createCampaignEvents } from './campaign-events.ts'
import { pauseRules } from './campaigns/api.ts'
import { ignoredReasons, type UpdateOutcome } from './campaigns/transitions.ts'
import type { FleetEvent } from './commands.ts'
import type { fleetMetrics } from './metrics.ts'
import type { Fate, TelemetryEvent } from './telemetry/commands.ts'
import { deadLetterReasons } from './telemetry/dead-letter.ts'

export interface FleetEventsParts {
  log: Log
  metrics: Instruments<typeof fleetMetrics>
  clock: Clock
}

export type FleetEvents = ReturnType<typeof createFleetEvents>

const updateOutcomes: readonly UpdateOutcome[] = ['succeeded', 'failed', 'neutral']
/** Lines a second of what devices can cause as often as they like. */
const LINES_PER_SECOND = 5

export function createFleetEvents({ log, metrics: m, clock }: FleetEventsParts) {
  const limited = createLimitedLog(log, clock, LINES_PER_SECOND)
  const samples = {
    live: m.fleet_samples_total.bind({ kind: 'live' }),
    historical: m.fleet_samples_total.bind({ kind: 'historical' }),
    duplicate: m.fleet_samples_total.bind({ kind: 'duplicate' }),
  }
  const messages = new Map<string, { inc(): void }>()
  // A series that starts at 0 shows its first increase; one that appears with a 1 hides it.
  for (const kind of uplinks) for (const outcome of ['stored', 'duplicate']) messageOf(kind, outcome)
  messageOf('unknown', 'dead')
  for (const reason of deadLetterReasons) m.fleet_dead_letters_total.inc({ reason }, 0)
  for (const reason of brokerRefusals) m.fleet_broker_refusals_total.inc({ reason }, 0)
  for (const outcome of updateOutcomes) m.ota_updates_settled_total.inc({ outcome }, 0)
  for (const rule of pauseRules) m.ota_pauses_total.inc({ rule }, 0)
  for (const to of updateStates) m.ota_transitions_total.inc({ to }, 0)
  for (const reason of [...updateReasons, 'unknown']) m.ota_failures_total.inc({ reason }, 0)
  for (const reason of ignoredReasons) m.ota_statuses_ignored_total.inc({ reason }, 0)
  m.fleet_ingest_blocked.set({}, 0)

  function messageOf(kind: string, outcome: string) {
    const key = `${kind} ${outcome}`
    let counter = messages.get(key)
    if (!counter) {
      counter = m.fleet_messages_total.bind({ kind, outcome })
      messages.set(key, counter)
    }
    return counter
  }

  const told: { [K in TelemetryEvent['kind']]: (event: Extract<TelemetryEvent, { kind: K }>) => void } = {
    vehicle_registered: ({ kind: _, ...fields }) =>
      limited('info', 'registered', ['vehicle_registered', 'a new vehicle', fields]),
    vehicle_online: ({ kind: _, ...fields }) =>
      limited('info', 'online', ['vehicle_online', 'vehicle connected', fields]),
    vehicle_offline: ({ kind: _, ...fields }) =>
      limited('info', 'offline', ['vehicle_offline', 'vehicle gone', fields]),
    clock_corrected({ vehicle, errorMs }) {
      m.fleet_clock_corrections_total.inc({})
      limited('warn', 'clock', [
        'clock_corrected',
        'the clock of a vehicle is not believed',
        { vehicle, error_ms: errorMs },
      ])
    },
    sequence_gap({ vehicle, missing }) {
      m.fleet_sequence_gaps_total.inc({})
      limited('warn', 'gap', ['sequence_gap', 'messages of a vehicle are missing', { vehicle, missing }])
    },
    samples_dropped({ vehicle, dropped }) {
      m.fleet_samples_dropped_total.inc({}, dropped)
      limited('warn', 'dropped', [
        'samples_dropped',
        'a vehicle had no room for samples',
        { vehicle, dropped },
      ])
    },
    samples_late: ({ samples: late }) => m.fleet_samples_late_total.inc({}, late),
    dtc_changed: ({ vehicle, code, status }) =>
      limited('info', 'dtc', ['dtc_changed', 'diagnostic trouble code changed', { vehicle, code, status }]),
    command_result: ({ vehicle, id, outcome, reason }) =>
      limited('info', 'result', [
        'vehicle_command_result',
        'a vehicle answered a command',
        { vehicle, command_id: id, outcome, reason },
      ]),
    dead_letter({ vehicle, reason, detail }) {
      m.fleet_dead_letters_total.inc({ reason })
      limited('warn', `dead ${reason}`, [
        'dead_letter',
        'a message was set aside',
        { vehicle, reason, detail },
      ])
    },
  }

  const campaigns = createCampaignEvents(log, m)
  const isTelemetry = (event: FleetEvent): event is TelemetryEvent => Object.hasOwn(told, event.kind)

  return {
    tell: (event: FleetEvent) => (isTelemetry(event) ? told[event.kind](event as never) : campaigns(event)),
    notSent: () => m.fleet_commands_failed_total.inc({}),
    /** @param durationMs from its arrival to now, when it is durable */
    taken(fate: Fate, { receivedAt }: Arrival) {
      const now = clock.now()
      m.fleet_ingest_duration_seconds.observe({}, (now - receivedAt) / 1000)
      if (fate.kind === 'dead') return messageOf('unknown', 'dead').inc()
      messageOf(fate.uplink, fate.kind).inc()
      if (fate.kind === 'duplicate') return
      samples[fate.historical ? 'historical' : 'live'].inc(fate.samples)
      samples.duplicate.inc(fate.duplicates)
      if (fate.liveAt !== null)
        m.fleet_telemetry_delay_seconds.observe({}, Math.max(0, now - fate.liveAt) / 1000)
    },
    grouped: (commands: number) => m.fleet_ingest_group_size.observe({}, commands),
    refused(reason: BrokerRefusal, device: string | null) {
      m.fleet_broker_refusals_total.inc({ reason })
      limited('warn', `refused ${reason}`, [
        'device_refused',
        'the broker turned a device away',
        { reason, device: device?.slice(0, 64) ?? null },
      ])
    },
    brokerChanged(connected: boolean, why: string) {
      if (connected) log.info('broker_connected', 'connected to the MQTT broker')
      else log.error('broker_disconnected', 'the MQTT broker is away', { error: why.slice(0, 200) })
    },
    blocked(error: Error | null) {
      m.fleet_ingest_blocked.set({}, error ? 1 : 0)
      if (error)
        log.error('ingest_blocked', 'messages of vehicles wait for the disk', { error: error.message })
      else log.info('ingest_recovered', 'the disk takes what vehicles say')
    },
  }
}
