/** When a disk is full, if it goes on growing as it did. */
import { median } from './robust.ts'

export interface DiskPoint {
  /** Unix ms. */
  at: number
  percent: number
}

const DAY_MS = 86_400_000
const POINTS_LEAST = 6
const SPAN_LEAST_MS = DAY_MS
/** Of many points, so many are paired. */
const POINTS_MOST = 60
/** Percent: a smaller fall is noise. */
const DROP_LEAST = 2
/** Percent a day: slower is not growing. */
const GROWTH_LEAST = 0.02
/** Of the pairs of a disk that grows, so many have the later one higher. */
const RISING_SHARE = 0.6

/**
 * The median slope between all pairs of points (Theil, Sen), where pairs with a fall between them (somebody cleaned the
 * disk) do not count. A disk that was cleaned more than once, each time before it was full and not ever later, is not
 * going to be full.
 * @param points of up to 7 days, oldest first; the last is now
 * @returns days, 0 when it is full; null: it does not grow, or less than a day or 6 points are known
 */
export function daysUntilFull(points: readonly DiskPoint[]): number | null {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || points.length < POINTS_LEAST || last.at - first.at < SPAN_LEAST_MS) return null
  if (last.percent >= 100) return 0
  const teeth = teethOf(withoutSpikes(points))
  const perDay = growthWithin(teeth) * DAY_MS
  if (!(perDay >= GROWTH_LEAST) || isCleanedInTime(teeth)) return null
  return (100 - last.percent) / perDay
}

/** Of each three in a row the middle one, so that a single wild value is neither a rise nor a fall. */
const withoutSpikes = (points: readonly DiskPoint[]): DiskPoint[] =>
  points.map(({ at, percent }, i) => {
    const around = [points[i - 1]?.percent ?? percent, percent, points[i + 1]?.percent ?? percent]
    return { at, percent: median(around) }
  })

/** The pieces between falls. */
function teethOf(points: readonly DiskPoint[]): DiskPoint[][] {
  const teeth: DiskPoint[][] = [[]]
  let before: DiskPoint | null = null
  for (const point of points) {
    if (before && before.percent - point.percent > DROP_LEAST) teeth.push([])
    teeth.at(-1)?.push(point)
    before = point
  }
  return teeth
}

/** Percent a ms; NaN where it falls as often as it rises. */
function growthWithin(teeth: readonly DiskPoint[][]): number {
  const count = teeth.reduce((sum, tooth) => sum + tooth.length, 0)
  const step = Math.max(1, Math.ceil(count / POINTS_MOST))
  const slopes: number[] = []
  for (const tooth of teeth)
    for (let i = 0; i < tooth.length; i += step)
      for (let j = i + step; j < tooth.length; j += step) {
        const [a, b] = [tooth[i] as DiskPoint, tooth[j] as DiskPoint]
        if (b.at > a.at) slopes.push((b.percent - a.percent) / (b.at - a.at))
      }
  const rising = slopes.filter(slope => slope > 0).length
  return rising >= RISING_SHARE * slopes.length ? median(slopes) : Number.NaN
}

/** Each time at about the same height, or lower. */
function isCleanedInTime(teeth: readonly DiskPoint[][]): boolean {
  const peaks = teeth.slice(0, -1).map(tooth => tooth.at(-1)?.percent ?? 0)
  if (peaks.length < 2) return false
  return (peaks.at(-1) as number) - (peaks[0] as number) < DROP_LEAST
}
