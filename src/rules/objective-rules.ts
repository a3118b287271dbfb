/** Recording rules and burn-rate alerts of the objectives. */
import {
  type BurnPolicy,
  type BurnWindow,
  budgetOf,
  demoTime,
  durationOf,
  factorOf,
  type Objective,
  objectives,
  realTime,
} from '../delivery/objectives.ts'
import { series } from '../telemetry.ts'
import {
  allWindows,
  CURRENT_WINDOW,
  errorRatio,
  type ObjectiveName,
  recorded,
  sloLabels,
} from './recorded.ts'
import { type AlertingRule, type RecordingRule, type RuleGroup, runbookOf, type Severity } from './rule.ts'

type Declared = Objective & { name: ObjectiveName }

/** The share of bad requests over a window, weighted by request. No traffic gives no sample. */
function ratioOver(window: string, objective: Objective): string {
  const rateOf = (selector: string) => `sum(rate(${selector}[${window}]))`
  if (objective.by === 'failure') {
    const bad = series('license_borrow_failure_total', { reason: { matches: objective.reasons.join('|') } })
    return `${rateOf(bad)} / (${rateOf(series('license_borrow_attempts_total'))} > 0)`
  }
  const good = series('license_borrow_duration_seconds_bucket', { le: String(objective.seconds) })
  const all = rateOf(series('license_borrow_duration_seconds_count'))
  return `(${all} - ${rateOf(good)}) / (${all} > 0)`
}

function recordings(objective: Declared): RecordingRule[] {
  const { name, target } = objective
  const labels = sloLabels(name)
  const budget = budgetOf(objective)
  const burn = (seconds: number) =>
    `max without (sloth_window) (${recorded(errorRatio(seconds), name)}) / ${recorded('slo:error_budget:ratio', name)}`
  return [
    { record: 'slo:objective:ratio', expr: `vector(${target})`, labels },
    { record: 'slo:error_budget:ratio', expr: `vector(${budget})`, labels },
    { record: 'slo:time_period:days', expr: `vector(${realTime.periodSeconds / 86_400})`, labels },
    ...allWindows.map(seconds => ({
      record: errorRatio(seconds),
      expr: ratioOver(durationOf(seconds), objective),
      labels: { ...labels, sloth_window: durationOf(seconds) },
    })),
    { record: 'slo:current_burn_rate:ratio', expr: burn(CURRENT_WINDOW), labels },
    { record: 'slo:period_burn_rate:ratio', expr: burn(realTime.periodSeconds), labels },
    {
      record: 'slo:period_error_budget_remaining:ratio',
      expr: `1 - ${recorded('slo:period_burn_rate:ratio', name)}`,
      labels,
    },
  ]
}

/** Both windows of a pair are above the threshold: it burns long enough to matter, and it burns now. */
function burns(objective: Declared, window: BurnWindow, policy: BurnPolicy): string {
  const above = (seconds: number) =>
    `max without (sloth_window) (${recorded(errorRatio(seconds), objective.name)} > ${factorOf(window, policy)} * ${budgetOf(objective)})`
  return `(${above(window.long)} and ${above(window.short)})`
}

const logQueries: Record<ObjectiveName, string> = {
  'borrow-availability': '{job="license-server", event=~"internal_error|storage_failed"} | json',
  'borrow-latency': '{job="license-server", event="borrow_license"} | json | duration_ms > 250',
}

function burnAlert(
  objective: Declared,
  policy: BurnPolicy,
  severity: Severity & keyof BurnPolicy,
): AlertingRule {
  const { name, title, target, bad, alert } = objective
  const isDemo = policy === demoTime
  const windows = policy[severity]
  const pairs = windows.map(({ long, short }) => `${durationOf(long)} and ${durationOf(short)}`).join(', or ')
  const period = isDemo ? 'demo time: one hour stands for 30 days' : '30 days'
  return {
    alert,
    expr: windows.map(window => burns(objective, window, policy)).join(' or '),
    labels: { severity, slo: name, time: isDemo ? 'demo' : 'real' },
    annotations: {
      summary: `${title} burns its error budget${isDemo ? ' (demo time)' : ''}`,
      description: `{{ $value | humanizePercentage }} of the borrows are bad over both windows (${pairs}); ${target * 100} % must be good in ${period}. Bad is ${bad}.`,
      runbook_url: runbookOf(alert),
      logql: logQueries[name],
    },
  }
}

/** One group for what is recorded and one for what calls, an objective. */
export function objectiveGroups(): RuleGroup[] {
  return objectives.flatMap((objective: Declared) => [
    { name: `${objective.name}-recordings`, rules: recordings(objective) },
    {
      name: `${objective.name}-alerts`,
      rules: [realTime, demoTime].flatMap(policy => [
        burnAlert(objective, policy, 'page'),
        burnAlert(objective, policy, 'ticket'),
      ]),
    },
  ])
}
