import type { BurnShape, IncidentShape } from '../../delivery/api.ts'
import { percentOf, plural, shortDuration, timeOfDay, times } from '../format.ts'

/** How often a budget was spent: with a tenth below ten times. @param rest what is left of it, below 0 */
const timesSpent = (rest: number): number => {
  const spent = 1 - rest
  return spent < 10 ? Math.round(spent * 10) / 10 : Math.round(spent)
}

/** What is left of a budget, for the last row. @param rest its share, below 0 when it is overspent; null: no borrow */
export function budgetWords(rest: number | null): string {
  if (rest === null) return 'untouched'
  return rest < 0 ? `${times(timesSpent(rest))} spent` : `${percentOf(rest)} left`
}

/** How fast it burns; when nobody borrows, when it last did. @param last its newest incident */
export function burnWords(burn: BurnShape, last: IncidentShape | undefined): string {
  const { long, short, long_seconds, short_seconds, paging } = burn
  const windows = `${times(long)} over ${shortDuration(long_seconds)}, ${times(short)} over ${shortDuration(short_seconds)}`
  if (paging) return `Burns too fast: ${windows}`
  if (long !== null) return `Burn: ${windows}`
  if (!last) return `No borrow for ${shortDuration(long_seconds)}`
  const { started_at: from, resolved_at: to } = last
  const lasted = to ? `, for ${shortDuration((Date.parse(to) - Date.parse(from)) / 1000)}` : ''
  return `Last burn at ${timeOfDay(from)}${lasted}`
}

/** All of them in a sentence. @param version what runs */
export function learningWords(burn: BurnShape[], version: string): string {
  if (burn.length === 0) return 'The server has no objective to show.'
  if (burn.some(({ paging }) => paging))
    return `Somebody is called: it burns faster than allowed. ${version} runs now.`
  const worst = Math.min(...burn.map(({ budget_left: rest }) => rest ?? 1))
  if (worst < 0) {
    const spent = timesSpent(worst)
    const much = spent > 1 ? `${plural(spent, 'time')} its budget` : 'more than its budget'
    return `Overspent: the last hour took ${much}. One bad release is enough.`
  }
  if (burn.every(({ long }) => long === null))
    return 'Nobody has borrowed lately, so nothing burns. Borrow from a phone and look again.'
  return `${version} runs within its budget. ${times(1)} is as fast as allowed.`
}
