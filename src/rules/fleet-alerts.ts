/** Alerts about vehicles, what they say, and their updates. */
import { JOB, series } from '../telemetry.ts'
import { demoPatience, type FleetPatience, fleetLimits, realPatience } from './fleet-limits.ts'
import { fleetRecorded, updatesFailedShare, updatesSettled } from './fleet-recorded.ts'
import { type AlertingRule, type Declared, type RuleGroup, withRunbook } from './rule.ts'

const { vehicles, online, connectivity, delay, liveSamples, dead, deadShare } = fleetRecorded
const lines = (events: string) => `{job="${JOB}", event=~"${events}"} | json`
const percent = (share: number) => `${share * 100} %`
const demoWords = (isDemo: boolean) => (isDemo ? ' (demo time)' : '')

/** A ticket and no page: a campaign stops by itself, and an incident would be put to the server's own release. */
function updateFailures({ time, updatesWindow, updatesMinimum, updatesFor }: FleetPatience): Declared {
  return {
    alert: 'FleetUpdateFailures',
    expr: `${updatesFailedShare(updatesWindow)} > ${fleetLimits.updatesFailed} and ${updatesSettled(updatesWindow)} >= ${updatesMinimum}`,
    ...(updatesFor && { for: updatesFor }),
    labels: { severity: 'ticket', time },
    annotations: {
      summary: `{{ $value | humanizePercentage }} of the vehicle updates failed${demoWords(time === 'demo')}`,
      description: `Of the attempts to update a vehicle that succeeded or failed in the last ${updatesWindow}, at least ${updatesMinimum}, more than ${percent(fleetLimits.updatesFailed)} failed. What waits for a driver or a battery is blocked, and not in it.`,
      logql: `{job="${JOB}", event="update_transition", level="warn"} | json`,
    },
  }
}

function connectivityLow({ time, connectivityFor }: FleetPatience): Declared {
  return {
    alert: 'FleetConnectivityLow',
    // An old database is no outage: where no vehicle was there for an hour, nobody drives.
    expr: `${connectivity} < ${fleetLimits.connectivity} and ${vehicles} >= ${fleetLimits.vehicles} and max_over_time(${online}[1h]) > 0`,
    for: connectivityFor,
    labels: { severity: 'ticket', time },
    annotations: {
      summary: `{{ $value | humanizePercentage }} of the vehicles are connected${demoWords(time === 'demo')}`,
      description: `Less than ${percent(fleetLimits.connectivity)} of all vehicles have been connected, or being updated, for ${connectivityFor}. Vehicles were there within the last hour.`,
      logql: lines('vehicle_offline|vehicle_online'),
    },
  }
}

const others: Declared[] = [
  {
    alert: 'FleetTelemetryDelayed',
    expr: `${delay} > ${fleetLimits.delaySeconds}`,
    for: '3m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: 'Live telemetry comes {{ $value | humanizeDuration }} late',
      description: `5 % of the live samples have needed more than ${fleetLimits.delaySeconds} s from the vehicle to the database, over five minutes, for three minutes. What vehicles kept while away is not in it.`,
      logql: lines('ingest_blocked|ingest_recovered|clock_corrected|broker_disconnected'),
    },
  },
  {
    alert: 'FleetTelemetryAbsent',
    // No minute with a sample for nine minutes more: ten without one.
    expr: `${online} > 0 unless ${liveSamples} > 0`,
    for: '9m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: '{{ $value }} vehicles are connected and send no telemetry',
      description: 'Vehicles have been connected, and no live sample of any of them came for ten minutes.',
      logql: lines('dead_letter|ingest_blocked|device_refused'),
    },
  },
  {
    alert: 'FleetIngestBlocked',
    expr: `${series('fleet_ingest_blocked')} == 1`,
    for: '30s',
    labels: { severity: 'page' },
    annotations: {
      summary: 'What vehicles say cannot be written',
      description:
        'The disk has not taken the messages of vehicles for 30 seconds. They wait, and vehicles keep what they cannot send; when their memory is full, the oldest samples are lost.',
      logql: lines('ingest_blocked|ingest_recovered'),
    },
  },
  {
    alert: 'FleetBrokerAway',
    expr: `${series('fleet_broker_connected')} == 0`,
    for: '30s',
    labels: { severity: 'page' },
    annotations: {
      summary: 'The MQTT broker is away',
      description:
        'The server runs and has had no broker for 30 seconds: no vehicle is heard, none can be told anything, and updates under way run into their timeouts.',
      logql: lines('broker_disconnected|broker_connected'),
    },
  },
  {
    alert: 'FleetDeadLetters',
    expr: `${deadShare} > ${fleetLimits.messagesDead} and ${dead} >= ${fleetLimits.messagesDeadMinimum}`,
    for: '1m',
    labels: { severity: 'warning' },
    annotations: {
      summary: '{{ $value | humanizePercentage }} of the messages of vehicles were set aside',
      description: `More than ${percent(fleetLimits.messagesDead)} of the last five minutes’ messages, at least ${fleetLimits.messagesDeadMinimum}, could not be used, for a minute. The others are not touched.`,
      logql: lines('dead_letter'),
    },
  },
]

export const fleetAlerts = (): RuleGroup => ({
  name: 'fleet-alerts',
  rules: [
    ...[realPatience, demoPatience].flatMap(patience => [
      updateFailures(patience),
      connectivityLow(patience),
    ]),
    ...others,
  ].map((rule): AlertingRule => withRunbook(rule)),
})
