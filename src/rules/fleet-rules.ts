/** What is recorded about the fleet. */
import { series } from '../telemetry.ts'
import { fleetRecorded, type UpdatesWindow, updatesFailedShare, updatesSettled } from './fleet-recorded.ts'
import type { RecordingRule, RuleGroup } from './rule.ts'

const sum = (expr: string) => `sum(${expr})`
const grown = (counter: string, window: string) => sum(`increase(${counter}[${window}])`)

/** A part of a whole. No whole, no sample; a part whose series does not exist yet is 0. */
const share = (part: string, whole: string) => `(${part} or ${whole} * 0) / (${whole} > 0)`

const all = sum(series('fleet_vehicles'))
const connected = sum(series('fleet_vehicles', { state: { matches: 'online|updating' } }))
const taken = grown(series('fleet_messages_total'), '5m')
const dead = grown(series('fleet_messages_total', { outcome: 'dead' }), '5m')
const delays = `rate(${series('fleet_telemetry_delay_seconds_bucket')}[5m])`

function updates(window: UpdatesWindow): RecordingRule[] {
  const ended = { matches: 'succeeded|failed' }
  const settled = grown(series('ota_updates_settled_total', { outcome: ended }), window)
  const failed = grown(series('ota_updates_settled_total', { outcome: 'failed' }), window)
  return [
    { record: updatesSettled(window), expr: settled },
    { record: updatesFailedShare(window), expr: share(failed, settled) },
  ]
}

export const fleetRecordings = (): RuleGroup => ({
  name: 'fleet-recordings',
  rules: [
    { record: fleetRecorded.vehicles, expr: all },
    { record: fleetRecorded.online, expr: sum(series('fleet_vehicles', { state: 'online' })) },
    { record: fleetRecorded.connectivity, expr: share(connected, all) },
    // "Not a number", where nothing was observed, is no sample.
    { record: fleetRecorded.delay, expr: `histogram_quantile(0.95, sum by (le) (${delays})) >= 0` },
    { record: fleetRecorded.liveSamples, expr: grown(series('fleet_samples_total', { kind: 'live' }), '1m') },
    { record: fleetRecorded.dead, expr: dead },
    { record: fleetRecorded.deadShare, expr: share(dead, taken) },
    ...updates('15m'),
    ...updates('5m'),
  ],
})
