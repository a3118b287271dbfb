/** What changed, what broke, and how long it took to mend. */
import { series } from '../telemetry.ts'
import { boardOf } from './board.ts'
import { colour, steps } from './colours.ts'
import { alerts, byVersion, eventLines, perSecond, quantile, rate, share, sum } from './expressions.ts'
import { inWords } from './mappings.ts'
import { figure, graph, logLines, table, timeline } from './panels.ts'
import { lines, now, over, rows } from './targets.ts'
import { columns } from './transformations.ts'
import { versionVariable } from './variables.ts'

const attempts = series('license_borrow_attempts_total')
const failures = series('license_borrow_failure_total', { reason: 'error' })
const deployments = sum(series('deployments_total'))
const resolved = sum(series('incidents_resolved_total'))
const badWhenAny = steps(colour.good, [1, colour.bad])

const atAGlance = [
  figure({
    title: 'Deployments',
    description:
      'Versions that were started or shipped here, over all time; rollbacks are not counted. Empty while the server is not scraped.',
    size: [4, 4],
    queries: [now(deployments)],
    levels: steps(colour.commit),
  }),
  figure({
    title: 'Changes that failed',
    description:
      'Change failure rate: of all deployments, the share during which an incident opened, or that were rolled back. Empty before the first deployment.',
    size: [4, 4],
    queries: [now(share(sum(series('deployment_failures_total')), deployments))],
    unit: 'percentunit',
    decimals: 0,
    empty: 'no deployment',
    levels: steps(colour.good, [0.15, colour.overage], [0.3, colour.bad]),
  }),
  figure({
    title: 'Time to recover',
    description:
      'Failed deployment recovery time: from the start of the impact to its end, the mean of all resolved incidents. Empty before the first one is resolved.',
    size: [4, 4],
    queries: [now(share(sum(series('incident_recovery_seconds_total')), resolved))],
    unit: 's',
    decimals: 0,
    empty: 'no incident',
  }),
  figure({
    title: 'Incidents open',
    description: 'Incidents that are open now. Empty while the server is not scraped.',
    size: [4, 4],
    queries: [now(sum(series('incidents_open')))],
    levels: badWhenAny,
  }),
  figure({
    title: 'Alerts firing',
    description: 'Alerts that Prometheus says are firing now. It reads "none" when all is well.',
    size: [4, 4],
    queries: [now(`count(${alerts('firing')})`)],
    empty: 'none',
    levels: badWhenAny,
  }),
  figure({
    title: 'Faults switched on',
    description: 'Faults that somebody switched on for the demo. Empty where faults are impossible.',
    size: [4, 4],
    queries: [now(sum(series('faults_active')))],
    empty: 'none',
    levels: steps(colour.good, [1, colour.overage]),
  }),
]

const both = ['version', 'commit'] as const
const name = '{{version}} ({{commit}})'
const versions =
  'Just after a release the new version also answers for what the old one did in the last moments.'
const attemptsBy = sum(byVersion(rate(attempts)), ...both)

const compared = [
  graph({
    title: 'Borrows per second, by version',
    description: `Borrows asked for, by the version that ran at that moment. ${versions} Empty until two scrapes have seen the counter.`,
    size: [8, 8],
    queries: [over(attemptsBy, name)],
    unit: 'reqps',
  }),
  graph({
    title: 'Share of failed borrows, by version',
    description: `Of the borrows asked for, the share that failed through our fault, by version. ${versions} No line where nobody borrowed.`,
    size: [8, 8],
    queries: [over(share(sum(byVersion(rate(failures)), ...both), attemptsBy), name)],
    unit: 'percentunit',
    runbook: 'BorrowAvailabilityBurn',
  }),
  graph({
    title: 'Time to decide (p95), by version',
    description: `95 % of the borrows were decided faster than this, by version. ${versions} No line where nobody borrowed.`,
    size: [8, 8],
    queries: [
      over(quantile(0.95, byVersion(rate(series('license_borrow_duration_seconds_bucket'))), ...both), name),
    ],
    unit: 's',
    runbook: 'BorrowLatencyBurn',
  }),
]

const state = inWords({ 1: ['pending', colour.overage], 2: ['firing', colour.bad] })

const troubles = [
  timeline({
    title: 'Alerts over time',
    description:
      'A band for each alert and severity: pending while its condition has not held long enough, then firing. Empty when no alert was near in this time.',
    size: [12, 7],
    queries: [
      over(
        `max by (alertname, severity, time) (${alerts('firing')} * 2 or ${alerts('pending')})`,
        '{{alertname}} {{severity}} {{time}}',
      ),
    ],
    mappings: state,
    empty: 'no alert in this time',
  }),
  timeline({
    title: 'Faults over time',
    description:
      'A band for each fault that can be switched on: on or off. Empty where faults are impossible, or while the server is not scraped.',
    size: [12, 7],
    queries: [over(series('faults_active'), '{{fault}}')],
    mappings: inWords({ 0: ['off', colour.neutral], 1: ['on', colour.overage] }),
    empty: 'no faults here',
  }),
  table({
    title: 'Alerts firing now',
    description:
      'Each alert that Prometheus says is firing, with what it is about. Empty when all is well; the runbook says what to do about each.',
    size: [12, 7],
    queries: [rows(`count by (alertname, severity, time, slo, tool, output) (${alerts('firing')})`)],
    transformations: columns({
      alertname: 'Alert',
      severity: 'Severity',
      time: 'Real or demo time',
      slo: 'Objective',
      tool: 'Tool',
      output: 'Output',
      Value: 'Series',
    }),
    empty: 'no alert is firing',
  }),
  graph({
    title: 'Borrows hit by a fault, per second',
    description:
      'How many borrows and returns a fault that was switched on has hit. A flat 0 while all faults are off. Empty where faults are impossible.',
    size: [12, 7],
    queries: [over(perSecond(series('fault_hits_total'), 'fault'), '{{fault}}')],
    unit: 'reqps',
  }),
]

const story = [
  logLines({
    title: 'Releases, incidents, faults and alerts',
    description:
      'The log lines that tell the story, newest first: releases, incidents, faults and alerts. Empty without Loki, or when nothing happened in this time.',
    size: [24, 10],
    queries: [
      lines(
        eventLines(
          'release_shipped',
          'release_rolled_back',
          'incident_opened',
          'incident_detected',
          'incident_acknowledged',
          'incident_mitigated',
          'incident_resolved',
          'fault_started',
          'fault_stopped',
          'alert_firing',
          'alert_resolved',
        ),
      ),
    ],
    empty: 'nothing happened in this time',
  }),
]

export const releasesIncidents = boardOf({
  uid: 'releases-incidents',
  title: 'Releases and incidents',
  description: 'Releases side by side, and what broke: delivery figures, alerts, faults and incidents.',
  past: '15m',
  variables: [versionVariable()],
  rows: [
    { title: 'At a glance', panels: atAGlance },
    { title: 'Versions compared', panels: compared },
    { title: 'Alerts and faults', panels: troubles },
    { title: 'What happened', panels: story },
  ],
})
