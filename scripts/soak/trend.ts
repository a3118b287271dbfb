/** Whether a figure grows: what is left of it between two collections of garbage, and the slope of that. */
import { linearRegression, probit, quantileSorted } from 'simple-statistics'

export interface Point {
  /** Seconds. */
  at: number
  value: number
}

/** A figure an hour. With 95 % certainty the slope is between `low` and `high`, if the points are independent. */
export interface Slope {
  /** Theil–Sen: the median of the slopes between all pairs of points. */
  perHour: number
  low: number
  high: number
  /** Least squares, to compare. */
  leastSquares: number
  points: number
}

const POINTS_MIN = 6
const HOUR = 3600

/** The least value of each whole window, at the window's middle. Windows count from the first point. */
export function lowerEnvelope(points: readonly Point[], windowSeconds: number): Point[] {
  const first = points[0]?.at ?? 0
  const last = points.at(-1)?.at ?? 0
  const least = new Map<number, number>()
  for (const { at, value } of points) {
    const window = Math.floor((at - first) / windowSeconds)
    if (Number.isFinite(value))
      least.set(window, Math.min(least.get(window) ?? Number.POSITIVE_INFINITY, value))
  }
  const whole = Math.floor((last - first + 1) / windowSeconds)
  return [...least]
    .filter(([window]) => window < whole)
    .map(([window, value]) => ({ at: first + (window + 0.5) * windowSeconds, value }))
}

/** null: there are too few points to say anything. */
export function slopeOf(points: readonly Point[]): Slope | null {
  const count = points.length
  if (count < POINTS_MIN) return null
  const slopes = points
    .flatMap((a, index) => points.slice(index + 1).map(b => ((b.value - a.value) / (b.at - a.at)) * HOUR))
    .sort((a, b) => a - b)
  // Kendall's: how far from the middle the ranks of the limits are (Sen 1968).
  const reach = probit(0.975) * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18)
  const ranked = (rank: number) =>
    slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))] as number
  return {
    perHour: quantileSorted(slopes, 0.5),
    low: ranked((slopes.length - reach) / 2),
    high: ranked((slopes.length + reach) / 2),
    leastSquares: linearRegression(points.map(({ at, value }) => [at, value])).m * HOUR,
    points: count,
  }
}

export type Verdict = 'flat' | 'rises' | 'not judged'

/** It rises when even the least of the likely slopes is above the bound. */
export const verdictOf = (slope: Slope | null, boundPerHour: number): Verdict =>
  slope === null ? 'not judged' : slope.low > boundPerHour ? 'rises' : 'flat'
