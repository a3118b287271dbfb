/** How good a forecast would have been on the last days, had they been kept from it. Pure. */
import { bandOf, DAY_HOURS, type Hours, isKnown, type Model } from './seasonal.ts'

export type Method = (hours: Hours) => Model

export interface Tested {
  /** Mean absolute error; null: nothing to compare with. */
  mae: number | null
  /** Measured minus predicted, for each hour that was predicted. */
  errors: number[]
  /** Hours that were within the band of the errors that were known before. */
  within: number
  /** Hours that had such a band. */
  banded: number
}

/** Of the history, what is always learned from. */
const LEARNED_HOURS = 2 * DAY_HOURS
const ORIGINS_MAX = 7
/** Errors of a method on what it has learned, to begin with. */
const SKIPPED_HOURS = DAY_HOURS

/**
 * Rolling origin: for each of the last days (7 at most), learns from all before and predicts that day. The band of a day
 * is made of the errors of the days tested before it; that of the first of the errors on what was learned.
 */
export function backtest(method: Method, { from, values }: Hours): Tested {
  const days = Math.min(ORIGINS_MAX, Math.floor((values.length - LEARNED_HOURS) / DAY_HOURS))
  const tested: Tested = { mae: null, errors: [], within: 0, banded: 0 }
  for (let day = days; day >= 1; day--) {
    const origin = values.length - day * DAY_HOURS
    const learned = { from, values: values.slice(0, origin) }
    const predict = method(learned)
    const band = bandOf(tested.errors.length > 0 ? tested.errors : ownErrors(method, learned))
    for (let place = origin; place < origin + DAY_HOURS; place++) {
      const error = (values[place] as number) - predict(from + place)
      if (!isKnown(error)) continue
      tested.errors.push(error)
      tested.banded++
      if (error >= band.below - 1e-9 && error <= band.above + 1e-9) tested.within++
    }
  }
  const { errors } = tested
  if (errors.length > 0) tested.mae = errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length
  return tested
}

/** Of the last day that it learned from, predicted from the days before it. */
function ownErrors(method: Method, { from, values }: Hours): number[] {
  const origin = values.length - SKIPPED_HOURS
  const predict = method({ from, values: values.slice(0, origin) })
  return values.slice(origin).flatMap((value, i) => {
    const error = value - predict(from + origin + i)
    return isKnown(error) ? [error] : []
  })
}
