/** Statistics that a few wild values cannot move. Of an empty list they are NaN. */
import { median as medianOf } from 'simple-statistics'

export const round2 = (value: number): number => Math.round(value * 100) / 100

/** How a median of absolute deviations compares with a standard deviation, when values are normal. */
const MAD_TO_SIGMA = 1.4826

export const median = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : medianOf(values as number[])

/** As a standard deviation, from the median of the distances to `center`. */
export const spreadAround = (values: readonly number[], center: number): number =>
  MAD_TO_SIGMA * median(values.map(value => Math.abs(value - center)))

/** The noise of a series from one value to the next, as a standard deviation: trends and seasons hardly count. */
export function noiseOf(values: readonly number[]): number {
  const steps: number[] = []
  for (let i = 1; i < values.length; i++)
    steps.push(Math.abs((values[i] as number) - (values[i - 1] as number)))
  return (MAD_TO_SIGMA / Math.SQRT2) * median(steps)
}

/** The least value that half of the weight does not pass. */
export function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] as number) - (values[b] as number))
  let total = 0
  for (const weight of weights) total += weight
  let passed = 0
  for (const index of order) {
    passed += weights[index] as number
    if (passed >= total / 2) return values[index] as number
  }
  return Number.NaN
}

/** @param share 0 to 1 */
export function quantileOf(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((a, b) => a - b)
  const rank = share * (sorted.length - 1)
  const low = sorted[Math.floor(rank)] as number
  const high = sorted[Math.ceil(rank)] as number
  return low + (high - low) * (rank - Math.floor(rank))
}
