/**
 * What is usual for a resource at an hour of the week, from the means of its hours: the same hour of the weeks before
 * (with an hour on either side) and, so that a week of history is enough, the same hour of the days before. Medians, so
 * that one bad day does not become usual. Pure.
 */
import { spreadAround, weightedMedian } from './robust.ts'
import type { Usual } from './window.ts'

export const HOUR_MS = 3_600_000
const DAY_HOURS = 24
const WEEK_HOURS = 168
export const WEEKS_BACK = 4
export const DAYS_BACK = 7

const SAME_HOUR_OF_WEEK = 2
const BESIDE_IT = 1
const SAME_HOUR_OF_DAY = 1
/** A day of work says less of a Sunday. */
const OTHER_SORT_OF_DAY = 0.5
/** Less weight than this is too little to know what is usual: two days. */
const WEIGHT_LEAST = 2

/** 1970 began on a Thursday. @param hour number of the hour since 1970 */
const isWeekend = (hour: number) => {
  const day = Math.floor(hour / DAY_HOURS + 4) % 7
  return day === 0 || day === 6
}

export interface Weighted {
  /** Number of the hour since 1970. */
  hour: number
  weight: number
}

/** The hours that tell of `hour` (number since 1970), and how much. */
export function hoursBehind(hour: number): Weighted[] {
  const found: Weighted[] = []
  for (let week = 1; week <= WEEKS_BACK; week++) {
    const same = hour - week * WEEK_HOURS
    found.push(
      { hour: same - 1, weight: BESIDE_IT },
      { hour: same, weight: SAME_HOUR_OF_WEEK },
      { hour: same + 1, weight: BESIDE_IT },
    )
  }
  for (let day = 1; day < DAYS_BACK; day++) {
    const same = hour - day * DAY_HOURS
    const weight = isWeekend(same) === isWeekend(hour) ? SAME_HOUR_OF_DAY : OTHER_SORT_OF_DAY
    found.push({ hour: same, weight })
  }
  return found
}

/**
 * @param meanOf of an hour; NaN: nothing was measured
 * @returns null when too few hours are known
 */
export function usualAround(hours: readonly Weighted[], meanOf: (hour: number) => number): Usual | null {
  const values: number[] = []
  const weights: number[] = []
  let total = 0
  for (const { hour, weight } of hours) {
    const value = meanOf(hour)
    if (Number.isNaN(value)) continue
    values.push(value)
    weights.push(weight)
    total += weight
  }
  if (total < WEIGHT_LEAST) return null
  const center = weightedMedian(values, weights)
  return { center, spread: spreadAround(values, center) }
}

/** Between the middles of two hours. @param share of the way, 0 to 1 */
export function between(before: Usual | null, after: Usual | null, share: number): Usual | null {
  if (!before || !after) return before ?? after
  return {
    center: before.center + (after.center - before.center) * share,
    spread: Math.max(before.spread, after.spread),
  }
}

/**
 * A baseline for the samples from one hour before to one hour after the beginning of `hour`.
 * @param usualAt of an hour (number since 1970); asked once each
 */
export function interpolated(usualAt: (hour: number) => Usual | null): (at: number) => Usual | null {
  const known = new Map<number, Usual | null>()
  const get = (hour: number) => {
    let usual = known.get(hour)
    if (usual === undefined) {
      usual = usualAt(hour)
      known.set(hour, usual)
    }
    return usual
  }
  return at => {
    const place = at / HOUR_MS - 0.5
    const hour = Math.floor(place)
    return between(get(hour), get(hour + 1), place - hour)
  }
}
