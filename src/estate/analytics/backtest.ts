/** How good a forecast would have been on the last days, had they been kept from it. Pure. */
import { bandOf, DAY_HOURS, type Hours, isKnown, type Model } from './seasonal.ts'

export type Method = (hours: Hours) => Model

export interface Tested {
  /** Mean absolute error; null: nothing to compare with. */
  mae: number | null
  /** Measured minus predicted, for each hour that was predicted, by days. */
  days: number[][]
  /** Hours that were predicted. */
  hours: number
  /** Those of them that were within the band that the errors of the other days make. */
  within: number
}

/** Of the history, what is always learned from. */
const LEARNED_HOURS = 2 * DAY_HOURS
const ORIGINS_MAX = 7
const EXACT = 1e-9

/**
 * Rolling origin: for each of the last days (7 at most), learns from all before and predicts that day. Whether a day
 * was within its band is judged with the band of all other days tested, as what is yet to come will be; of a single day
 * with that of the last day that it learned from.
 */
export function backtest(method: Method, { from, values }: Hours): Tested {
  const count = Math.min(ORIGINS_MAX, Math.floor((values.length - LEARNED_HOURS) / DAY_HOURS))
  const days: number[][] = []
  for (let day = count; day >= 1; day--) {
    const errors = errorsOf(method, from, values.slice(0, values.length - (day - 1) * DAY_HOURS))
    if (errors.length > 0) days.push(errors)
  }
  let within = 0
  for (const [index, errors] of days.entries()) {
    const others = days.filter((_, other) => other !== index)
    const learned = values.slice(0, values.length - DAY_HOURS)
    const band = bandOf(others.length > 0 ? others : [errorsOf(method, from, learned)])
    within += errors.filter(error => Math.abs(error) <= band + EXACT).length
  }
  const errors = days.flat()
  const sum = errors.reduce((all, error) => all + Math.abs(error), 0)
  return { mae: errors.length === 0 ? null : sum / errors.length, days, hours: errors.length, within }
}

/** Of the last day, predicted from the days before it. */
function errorsOf(method: Method, from: number, values: readonly number[]): number[] {
  const origin = values.length - DAY_HOURS
  const predict = method({ from, values: values.slice(0, origin) })
  return values
    .slice(origin)
    .map((value, i) => value - predict(from + origin + i))
    .filter(isKnown)
}
