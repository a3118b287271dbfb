/** The names of the recorded series, as sloth names them (https://sloth.dev), in one place for rules and dashboards. */
import {
  type BurnPolicy,
  demoTime,
  durationOf,
  type objectives,
  realTime,
  windowsOf,
} from '../delivery/objectives.ts'
import { SERVICE } from '../shared/service.ts'

export type ObjectiveName = (typeof objectives)[number]['name']

/** The labels that say which objective a recorded series is about. */
export const sloLabels = (slo: string) => ({
  sloth_id: `${SERVICE}-${slo}`,
  sloth_service: SERVICE,
  sloth_slo: slo,
})

export type RecordedName =
  | `slo:sli_error:ratio_rate${string}`
  | 'slo:objective:ratio'
  | 'slo:error_budget:ratio'
  | 'slo:time_period:days'
  | 'slo:current_burn_rate:ratio'
  | 'slo:period_burn_rate:ratio'
  | 'slo:period_error_budget_remaining:ratio'

/** A selector of a recorded series. @param slo one objective; all of them when left out */
export function recorded(name: RecordedName, slo?: ObjectiveName): string {
  return `${name}{sloth_service="${SERVICE}"${slo ? `,sloth_slo="${slo}"` : ''}}`
}

/** The series of the share of bad requests over a window. @param seconds the window's length */
export const errorRatio = (seconds: number): RecordedName => `slo:sli_error:ratio_rate${durationOf(seconds)}`

/** The window that "now" is judged by, in seconds. */
export const CURRENT_WINDOW = 300

/** The window lengths that are recorded for a policy, its period last. */
export const recordedWindows = (policy: BurnPolicy): number[] => [...windowsOf(policy), policy.periodSeconds]

/** Every window length that is recorded, in seconds. */
export const allWindows: readonly number[] = [
  ...new Set([CURRENT_WINDOW, ...recordedWindows(realTime), ...recordedWindows(demoTime)]),
].sort((a, b) => a - b)
