/** Alerts about the estate: its pipeline, and how it is. Tickets all: nobody is woken for a simulated estate. */
import { JOB, series } from '../telemetry.ts'
import { estateLimits } from './estate-limits.ts'
import { estateRecorded } from './estate-recorded.ts'
import { type AlertingRule, type Declared, type RuleGroup, withRunbook } from './rule.ts'

const { servers, critical, criticalShare, dead, deadShare } = estateRecorded
const lines = (events: string) => `{job="${JOB}", event=~"${events}"} | json`
const percent = (share: number) => `${share * 100} %`
const { lagSeconds, samplesDead, samplesDeadMinimum, healthScore, silentSeconds, endedSeconds } = estateLimits
const { serversCritical, serversCriticalMinimum, serversCriticalMany } = estateLimits
const newestAge = `time() - ${series('estate_newest_sample_timestamp_seconds')}`

const alerts: Declared[] = [
  {
    alert: 'EstateStageStopped',
    // A stage that ended long ago was meant to end.
    expr: `${series('estate_stage_up')} == 0 and max_over_time(${series('estate_stage_up')}[1h]) == 1`,
    for: '30s',
    labels: { severity: 'ticket' },
    annotations: {
      summary: 'The stage {{ $labels.stage }} of the estate has stopped',
      description:
        'The stage ran within the last hour and has said nothing for 45 seconds. What it has not dealt with waits before it.',
      logql: lines('estate_stage_stopped|estate_stage_recovered'),
    },
  },
  {
    alert: 'EstateStageLagging',
    expr: `${series('estate_stage_lag_seconds')} > ${lagSeconds}`,
    for: '2m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: 'The stage {{ $labels.stage }} of the estate is {{ $value | humanizeDuration }} behind',
      description: `What waits before the stage has been older than ${lagSeconds} s for two minutes. Nothing is lost; pages show an older estate.`,
      logql: lines('estate_stage_failing|estate_stage_recovered|estate_lake_failed'),
    },
  },
  {
    alert: 'EstateNoSamples',
    expr: `${newestAge} > ${silentSeconds} and ${newestAge} < ${endedSeconds}`,
    for: '1m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: 'No sample of the estate for {{ $value | humanizeDuration }}',
      description: `The newest sample that can be queried is older than ${silentSeconds / 60} minutes, for a minute. It ends when samples come, or after an hour: then the estate has ended.`,
      logql: lines('estate_stage_stopped|estate_lake_failed|estate_device_refused|estate_dead_letter'),
    },
  },
  {
    alert: 'EstateLakeFailing',
    expr: `${series('estate_lake_failing')} == 1`,
    for: '30s',
    labels: { severity: 'ticket' },
    annotations: {
      summary: 'The lake does not take samples of the estate',
      description:
        'Nothing could be written to the lake for 30 seconds. Samples wait and are not acknowledged, so their senders keep them; when too many wait, no more are taken.',
      logql: lines('estate_lake_failed|estate_lake_recovered'),
    },
  },
  {
    alert: 'EstateDeadLetters',
    expr: `${deadShare} > ${samplesDead} and ${dead} >= ${samplesDeadMinimum}`,
    for: '1m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: '{{ $value | humanizePercentage }} of the samples of the estate were set aside',
      description: `More than ${percent(samplesDead)} of the last five minutes’ samples, at least ${samplesDeadMinimum}, could not be used, for a minute. The others are not touched.`,
      logql: lines('estate_dead_letter'),
    },
  },
  {
    alert: 'EstateServersCritical',
    expr: `(${criticalShare} > ${serversCritical} and ${critical} >= ${serversCriticalMinimum}) or (${criticalShare} and ${critical} >= ${serversCriticalMany})`,
    for: '5m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: '{{ $value | humanizePercentage }} of the servers are critical',
      description: `For five minutes more than ${percent(serversCritical)} of all servers, at least ${serversCriticalMinimum}, or ${serversCriticalMany} of them whatever share that is, have been critical.`,
      logql: lines('anomaly_opened|estate_fault_injected'),
    },
  },
  {
    alert: 'EstateHealthScoreLow',
    // A gauge that nobody has set is 0: without a server there is no score.
    expr: `${series('estate_health_score')} < ${healthScore} and on () ${servers} > 0`,
    for: '5m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: 'The health score of the estate is {{ $value | humanize }}',
      description: `The score, of 100, has been below ${healthScore} for five minutes.`,
      logql: lines('anomaly_opened|estate_fault_injected'),
    },
  },
]

export const estateAlerts = (): RuleGroup => ({
  name: 'estate-alerts',
  rules: alerts.map((rule): AlertingRule => withRunbook(rule)),
})
