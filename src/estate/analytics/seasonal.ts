/** The two ways to forecast: a seasonal profile with a trend, and what was there one season ago. Pure. */
import { median, quantileOf } from './robust.ts'

/** Means by the hour from `from` (number of the hour since 1970) on; NaN: nothing was measured. */
export interface Hours {
  from: number
  values: readonly number[]
}

/** Predicts any hour after those that it knows (number since 1970). */
export type Model = (hour: number) => number

export const DAY_HOURS = 24
export const WEEK_HOURS = 168
/** So much history tells one day of the week from another. */
const WEEKLY_FROM_HOURS = 2 * WEEK_HOURS
/** The level is that of so many hours. */
const LEVEL_HOURS = 24
/** So many of the pairs must go the way of the trend: else it would lead far away within a month. */
const TREND_SHARE = 0.75
/** Three days, the last of them a quiet one, are no trend. */
const TREND_HOURS = 4 * DAY_HOURS
/** Of outcomes, what is expected within the band. */
const COVERED = 0.8
/** Pairs that are looked at for the trend. */
const PAIRS_MOST = 4000

export const seasonOf = (hours: number): number => (hours >= WEEKLY_FROM_HOURS ? WEEK_HOURS : DAY_HOURS)

/**
 * A profile of the hours of the season (medians of what is left without the trend), the level of the last day, and a
 * trend: the median slope between the same hours of different seasons, so that the season does not bend it.
 */
export function seasonalModel({ from, values }: Hours, season: number): Model {
  const end = from + values.length
  const slope = trendOf(values, season)
  const flat = values.map((value, i) => value - slope * (from + i - end))
  const byHour = profileOf(flat, from, season)
  const byHourOfDay = season === DAY_HOURS ? byHour : profileOf(flat, from, DAY_HOURS)
  const all = median(flat.filter(isKnown))
  const profile = (hour: number) => {
    const exact = byHour[hour % season] as number
    if (isKnown(exact)) return exact
    const daily = byHourOfDay[hour % DAY_HOURS] as number
    return isKnown(daily) ? daily : all
  }
  const lately = flat.map((value, i) => value - profile(from + i)).slice(-LEVEL_HOURS)
  const level = median(lately.filter(isKnown)) || 0
  // No further than it was seen.
  return hour => profile(hour) + level + slope * Math.min(hour - end, values.length)
}

/** What was there one season before, or as many as it takes. */
export function naiveModel({ from, values }: Hours, season: number): Model {
  const all = median(values.filter(isKnown))
  return hour => {
    let place = hour - from
    if (place >= values.length) place -= Math.ceil((place - values.length + 1) / season) * season
    for (; place >= 0; place -= season) {
      const value = values[place] as number
      if (isKnown(value)) return value
    }
    return all
  }
}

/**
 * How far above and below its forecast 80 % of outcomes lie, from the errors that the method made when it was tested. It
 * is the same on both sides: which way a few days erred does not say which way the next will. Errors of one day go the
 * same way where the day was another than usual (a Sunday, predicted from a Saturday); then the few days are all that
 * is known, and not their many hours, and the fewer they are the further out lies what 80 % do not pass.
 * @param days the errors of each day, no day without any
 */
export function bandOf(days: readonly (readonly number[])[]): number {
  const errors = days.flat()
  if (errors.length === 0) return 0
  const known = errors.length / (1 + (errors.length / days.length - 1) * likenessOf(days, errors))
  const share = Math.min(1, (COVERED * (known + 1)) / known)
  return quantileOf(errors.map(Math.abs), share)
}

/** How much the errors of a day are alike: from 0, no more than those of different days, to 1, the same. */
function likenessOf(days: readonly (readonly number[])[], errors: readonly number[]): number {
  const perDay = errors.length / days.length
  const square = meanOf(errors.map(error => error ** 2))
  if (square === 0 || perDay <= 1) return 1
  const between = meanOf(days.map(day => meanOf(day) ** 2)) / square
  return Math.min(1, Math.max(0, (between - 1 / perDay) / (1 - 1 / perDay)))
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

export const isKnown = (value: number): boolean => !Number.isNaN(value)

/** By the hour; 0 where no hour comes twice, or as good as: where rises and falls are mixed, as at a weekend. */
function trendOf(values: readonly number[], season: number): number {
  if (values.length < TREND_HOURS) return 0
  const pairs = (values.length * values.length) / (2 * season)
  const step = Math.max(1, Math.ceil(pairs / PAIRS_MOST))
  const slopes: number[] = []
  for (let i = 0; i < values.length; i += step)
    for (let j = i + season; j < values.length; j += season) {
      const slope = ((values[j] as number) - (values[i] as number)) / (j - i)
      if (isKnown(slope)) slopes.push(slope)
    }
  const slope = median(slopes) || 0
  const alike = slopes.filter(one => one * slope > 0).length
  return alike >= TREND_SHARE * slopes.length ? slope : 0
}

function profileOf(flat: readonly number[], from: number, season: number): number[] {
  const hours: number[][] = Array.from({ length: season }, () => [])
  for (const [i, value] of flat.entries()) if (isKnown(value)) hours[(from + i) % season]?.push(value)
  return hours.map(median)
}
