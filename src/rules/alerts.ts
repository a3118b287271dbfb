/** Alerts that are about no objective: pools, pages, logs, and whether anything is there at all. */
import { JOB, series } from '../telemetry.ts'
import { type Declared, type RuleGroup, withRunbook } from './rule.ts'

const by = (label: string, what: string) => `sum by (${label}) (${what})`
const lines = (events: string) => `{job="${JOB}", event=~"${events}"} | json`

const alerts: Declared[] = [
  {
    alert: 'PoolExhausted',
    expr: `${series('licenses_free')} == 0`,
    for: '1m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'No seat of {{ $labels.tool }} is free',
      description:
        'Every seat that may be held of {{ $labels.tool }} has been held for a minute; borrows are denied.',
      logql: lines('borrow_denied'),
    },
  },
  {
    alert: 'OverageShareHigh',
    expr: `${by('tool', `increase(${series('license_overage_borrows_total')}[5m])`)} / (${by('tool', `increase(${series('license_borrow_success_total')}[5m])`)} > 0) > 0.3`,
    for: '5m',
    labels: { severity: 'warning' },
    annotations: {
      summary: '{{ $value | humanizePercentage }} of the borrows of {{ $labels.tool }} are overage',
      description:
        'More than 30 % of the last five minutes’ borrows were above the commit, for five minutes: each costs extra.',
      logql: lines('overage_charged'),
    },
  },
  {
    alert: 'FrontendErrorBurst',
    expr: `sum(increase(${series('frontend_errors_total')}[1m])) > 5`,
    labels: { severity: 'warning' },
    annotations: {
      summary: 'Pages report errors',
      description: '{{ $value | humanize }} errors were reported by browsers within a minute.',
      logql: lines('frontend_error'),
    },
  },
  {
    alert: 'LogLinesDropped',
    expr: `${by('output', `increase(${series('log_lines_dropped_total')}[5m])`)} > 0`,
    labels: { severity: 'warning' },
    annotations: {
      summary: 'Log lines for {{ $labels.output }} were lost',
      description:
        '{{ $value | humanize }} lines were dropped within five minutes: the buffer before {{ $labels.output }} was full.',
      logql: lines('log_delivery_failed|log_delivery_recovered'),
    },
  },
  {
    alert: 'LogWritesFailing',
    expr: `${by('output', `increase(${series('log_write_failures_total')}[2m])`)} > 0`,
    for: '1m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'Log lines cannot be written to {{ $labels.output }}',
      description:
        'Writes have failed for a minute: the disk is full, the reader is gone, or Loki is away. The lines wait; when 16 MB wait, new ones are lost.',
      logql: lines('log_delivery_failed|log_delivery_recovered'),
    },
  },
  {
    alert: 'TargetDown',
    expr: `up{job="${JOB}"} == 0`,
    for: '15s',
    labels: { severity: 'page' },
    annotations: {
      summary: 'The license server does not answer Prometheus',
      description: '{{ $labels.instance }} could not be scraped for 15 seconds.',
      logql: lines('server_started|server_stopping|server_stopped'),
    },
  },
  {
    alert: 'TargetDown',
    // What never ran is no loss: a stack may be partial.
    expr: `max_over_time(up{job!="${JOB}"}[1h]) > up{job!="${JOB}"}`,
    for: '30s',
    labels: { severity: 'ticket' },
    annotations: {
      summary: '{{ $labels.job }} is gone',
      description: '{{ $labels.instance }} was up within the last hour and cannot be scraped now.',
      logql: lines('log_delivery_failed|log_delivery_recovered'),
    },
  },
]

export const alertGroups = (): RuleGroup[] => [{ name: 'license-server', rules: alerts.map(withRunbook) }]
