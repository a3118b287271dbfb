/** The next days of a share in percent, from its hourly means. */
import { backtest, type Tested } from './backtest.ts'
import { round2 } from './robust.ts'
import { bandOf, DAY_HOURS, type Hours, isKnown, naiveModel, seasonalModel, seasonOf } from './seasonal.ts'

const HOUR_MS = 3_600_000
const HOURS_LEAST = 3 * DAY_HOURS
/** Of the hours since the first, so many must have been measured. */
const MEASURED_SHARE = 0.5
/** More history is not learned from. */
const HOURS_MOST = 60 * DAY_HOURS
/** So that 30 whole days follow the one that has begun. */
export const DAYS_MAX = 31

export interface Predicted {
  /** Beginning of the hour or the day (UTC), Unix ms. */
  at: number
  value: number
  /** 80 % of outcomes are expected from `low` to `high`, as far below the value as above it, but for 0 and 100. */
  low: number
  high: number
}

export interface Forecast {
  method: 'seasonal' | 'seasonal_naive' | 'none'
  /** Why this method, in a sentence. */
  reason: string
  backtest: {
    hours: number
    seasonal_mae: number | null
    naive_mae: number | null
    coverage_percent: number | null
  } | null
  hours: Predicted[]
  /** Means of the hours of each day; the band of a day is the mean of its hours' bands, so rather too wide. */
  days: Predicted[]
}

/** `at`: beginning of the hour, Unix ms; `value` in percent, null: nothing was measured. In any order, gaps allowed. */
export interface Measured {
  at: number
  value: number | null
}

/**
 * Two methods are tried on the last days, which are kept from them. The seasonal one is used only where its mean
 * absolute error there is less than that of seasonal naive (the same hour one season ago).
 * @param measured whole hours before `now`; the hour of `now` itself is not used
 * @param days 1 to DAYS_MAX from the hour of `now` on
 */
export function forecast(measured: readonly Measured[], now: number, days: number): Forecast {
  const next = Math.floor(now / HOUR_MS)
  const known = hoursOf(measured, next)
  const missing = whatIsMissing(known)
  if (missing !== null) return { method: 'none', reason: missing, backtest: null, hours: [], days: [] }
  const season = seasonOf(known.values.length)
  const seasonal = (hours: Hours) => seasonalModel(hours, season)
  const naive = (hours: Hours) => naiveModel(hours, season)
  const [ofSeasonal, ofNaive] = [backtest(seasonal, known), backtest(naive, known)]
  const isBetter = (ofSeasonal.mae ?? Number.POSITIVE_INFINITY) < (ofNaive.mae ?? 0) - 1e-9
  const chosen = isBetter ? ofSeasonal : ofNaive
  const predict = (isBetter ? seasonal : naive)(known)
  const band = bandOf(chosen.days)
  const count = Math.min(DAYS_MAX, Math.max(1, Math.floor(days))) * DAY_HOURS
  const hours = Array.from({ length: count }, (_, ahead): Predicted => {
    const value = predict(next + ahead)
    // Errors were measured within one day: further ahead more is unknown.
    const wider = Math.sqrt(1 + Math.floor(ahead / DAY_HOURS) / 2)
    return {
      at: (next + ahead) * HOUR_MS,
      value: percent(value),
      low: percent(value - band * wider),
      high: percent(value + band * wider),
    }
  })
  return {
    method: isBetter ? 'seasonal' : 'seasonal_naive',
    reason: reasonOf(isBetter, ofSeasonal, ofNaive, season),
    backtest: {
      hours: chosen.hours,
      seasonal_mae: rounded(ofSeasonal.mae),
      naive_mae: rounded(ofNaive.mae),
      coverage_percent: chosen.hours === 0 ? null : round2((100 * chosen.within) / chosen.hours),
    },
    hours,
    days: daysOf(hours),
  }
}

/** From the first hour that was measured up to the last whole one. */
function hoursOf(measured: readonly Measured[], next: number): Hours {
  const numbered = measured
    .filter((one): one is { at: number; value: number } => one.value !== null && isKnown(one.value))
    .map(({ at, value }) => ({ hour: Math.floor(at / HOUR_MS), value }))
    .filter(({ hour }) => hour < next && hour >= next - HOURS_MOST)
  const from = numbered.reduce((least, { hour }) => Math.min(least, hour), next)
  const values = new Array<number>(next - from).fill(Number.NaN)
  for (const { hour, value } of numbered) values[hour - from] = value
  return { from, values }
}

function whatIsMissing({ values }: Hours): string | null {
  const measured = values.filter(isKnown).length
  if (values.length < HOURS_LEAST || measured < HOURS_LEAST * MEASURED_SHARE)
    return `At least 3 days of measurements are needed; there are ${measured} hours of them.`
  if (measured < values.length * MEASURED_SHARE)
    return `Too much is missing: only ${measured} of the last ${values.length} hours were measured.`
  if (!values.slice(-DAY_HOURS).some(isKnown))
    return 'Nothing was measured on the last day, so nobody knows where it stands.'
  return null
}

function reasonOf(isBetter: boolean, seasonal: Tested, naive: Tested, season: number): string {
  const ago = season === DAY_HOURS ? 'the same hour of the day before' : 'the same hour a week before'
  const [its, others] = [rounded(seasonal.mae), rounded(naive.mae)]
  return isBetter
    ? `On the last days the seasonal method was off by ${its} points on average, ${ago} by ${others}.`
    : `On the last days the seasonal method (off by ${its} points on average) was not better than ${ago} (${others}), so that is used.`
}

function daysOf(hours: readonly Predicted[]): Predicted[] {
  const byDay = new Map<number, Predicted[]>()
  for (const hour of hours) {
    const day = Math.floor(hour.at / (DAY_HOURS * HOUR_MS)) * DAY_HOURS * HOUR_MS
    const known = byDay.get(day)
    if (known) known.push(hour)
    else byDay.set(day, [hour])
  }
  const mean = (those: Predicted[], of: 'value' | 'low' | 'high') =>
    round2(those.reduce((sum, one) => sum + one[of], 0) / those.length)
  return [...byDay].map(([at, those]) => ({
    at,
    value: mean(those, 'value'),
    low: mean(those, 'low'),
    high: mean(those, 'high'),
  }))
}

const percent = (value: number) => round2(Math.min(100, Math.max(0, value)))
const rounded = (value: number | null) => (value === null ? null : round2(value))
