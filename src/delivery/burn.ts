/** When a budget burns so fast that somebody is called: the rule that src/rules/objective-rules.ts gives Prometheus. Pure. */
import {
  type BurnPolicy,
  type BurnWindow,
  budgetOf,
  demoTime,
  factorOf,
  type Objective,
  realTime,
} from './objectives.ts'

/** The share of bad borrows over the last seconds; null: no borrow, so nothing to judge by. */
export type RatioOver = (seconds: number) => number | null

/** The share of bad borrows that a window must exceed. */
export const thresholdOf = (objective: Objective, window: BurnWindow, policy: BurnPolicy): number =>
  factorOf(window, policy) * budgetOf(objective)

const isAbove = (ratio: number | null, threshold: number) => ratio !== null && ratio > threshold

/** Whether a policy calls somebody: both windows of a pair are above their threshold. */
export const isPaging = (objective: Objective, ratioOver: RatioOver, policy: BurnPolicy): boolean =>
  policy.page.some(window => {
    const threshold = thresholdOf(objective, window, policy)
    return isAbove(ratioOver(window.short), threshold) && isAbove(ratioOver(window.long), threshold)
  })

/** Whether it burns at this moment: a short window of demo time is above its threshold. */
export const isBurningNow = (objective: Objective, ratioOver: RatioOver): boolean =>
  demoTime.page.some(window => isAbove(ratioOver(window.short), thresholdOf(objective, window, demoTime)))

/** Whether an incident begins: a policy calls, and it burns still, which thirty days alone cannot tell soon. */
export const opensByBurn = (objective: Objective, ratioOver: RatioOver): boolean =>
  isBurningNow(objective, ratioOver) &&
  [demoTime, realTime].some(policy => isPaging(objective, ratioOver, policy))

/** The longest that is looked back, in seconds. */
export const LONGEST_SECONDS = Math.max(
  demoTime.periodSeconds,
  ...[demoTime, realTime].flatMap(({ page }) => page.map(({ long }) => long)),
)
