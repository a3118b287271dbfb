/** How fast error budgets burn, in the recorded series of the objectives. */
import { type BurnPolicy, demoTime, durationOf, factorOf, realTime } from '../delivery/objectives.ts'
import { CURRENT_WINDOW, errorRatio, type ObjectiveName, recorded } from '../rules/recorded.ts'
import { colour, type Step, steps } from './colours.ts'

/** The recorded series that differ only in what they say about an objective meet here. */
const OF_THE_SAME_OBJECTIVE = 'on (sloth_id)'

/** How many times faster than allowed the budget burnt over a window. */
export const burn = (seconds: number, slo: ObjectiveName): string =>
  `${recorded(errorRatio(seconds), slo)} / ${OF_THE_SAME_OBJECTIVE} ${recorded('slo:error_budget:ratio', slo)}`

/** The share of the budget of 30 days that is left; below 0 when overspent. */
export const budgetLeft = (slo: ObjectiveName): string =>
  recorded('slo:period_error_budget_remaining:ratio', slo)

/** The same for the short period of demo time. */
export const demoBudgetLeft = (slo: ObjectiveName): string => `1 - ${burn(demoTime.periodSeconds, slo)}`

/** Seconds until nothing is left if it goes on like this; nothing where nothing burns. */
export const budgetGoneIn = (slo: ObjectiveName): string =>
  goneIn(budgetLeft(slo), realTime, recorded('slo:current_burn_rate:ratio', slo))

export const demoBudgetGoneIn = (slo: ObjectiveName): string =>
  goneIn(demoBudgetLeft(slo), demoTime, burn(shortest(demoTime), slo))

const goneIn = (left: string, { periodSeconds }: BurnPolicy, rate: string) =>
  `clamp_min(${left}, 0) * ${periodSeconds} / ${OF_THE_SAME_OBJECTIVE} (${rate} > 0)`

const windows = ({ page, ticket }: BurnPolicy) => [...page, ...ticket]

/** The long windows of a policy in seconds, shortest first. */
export const longWindows = (policy: BurnPolicy): number[] => windows(policy).map(({ long }) => long)

const shortest = (policy: BurnPolicy): number => Math.min(...longWindows(policy))

/** The lines above which somebody is called: orange for a ticket, red for a page. */
export const burnLimits = (policy: BurnPolicy): Step[] => {
  const limits = (called: BurnPolicy['page'], as: Step['colour']) =>
    called.map((window): [number, Step['colour']] => [factorOf(window, policy), as])
  const all = [...limits(policy.ticket, colour.overage), ...limits(policy.page, colour.bad)]
  return steps(colour.neutral, ...all.sort(([a], [b]) => a - b))
}

/** The same lines in words. */
export const burnLimitsInWords = (policy: BurnPolicy): string =>
  windows(policy)
    .map(window => `${factorOf(window, policy)}× over ${durationOf(window.long)}`)
    .join(', ')

/** The window that "now" is judged by, as it is written. */
export const NOW = durationOf(CURRENT_WINDOW)
