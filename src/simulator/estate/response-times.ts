/**
 * Response times of many requests at once, log-normal: instead of drawing each, the distribution is cut into strata
 * and the requests are shared out among them, so that a thousand requests cost as much as ten.
 */
import { bucketOf, ERROR, msOf, type SketchPairs } from '../../machine/sketch.ts'
import { round2 } from './noise.ts'

/** Shares of requests up to each cut: finer towards the slow end, where percentiles are asked for. */
const cuts = [
  ...steps(0, 0.8, 20),
  ...steps(0.8, 0.95, 5),
  ...steps(0.95, 0.99, 4),
  ...steps(0.99, 0.999, 3),
  1,
]
/** Where the middle of each stratum lies, in sigmas. */
const places = cuts.map((cut, index) => normalQuantile(((cuts[index - 1] ?? 0) + cut) / 2))

function steps(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + ((to - from) * (index + 1)) / count)
}

/** Of the standard normal distribution (the rational approximation of Abramowitz and Stegun, 26.2.23: 4.5e-4). */
function normalQuantile(share: number): number {
  if (share > 0.5) return -normalQuantile(1 - share)
  const t = Math.sqrt(-2 * Math.log(share))
  return (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
}

/** With fewer requests a single slow one could lift the mean above the 95th percentile. */
export const REQUESTS_MIN = 20

const LOG_GAMMA = Math.log((1 + ERROR) / (1 - ERROR))
const MS_TABLE = Float64Array.from({ length: 600 }, (_, bucket) => msOf(bucket))
const LEAST_BUCKET = bucketOf(0)
const msIn = (bucket: number) => MS_TABLE[bucket] ?? msOf(bucket)

export interface ResponseTimes {
  sketch: SketchPairs
  /** ms, of the sketch. */
  mean: number
  p95: number
}

/**
 * @param requests at least REQUESTS_MIN
 * @param medianMs of the distribution
 * @param sigma of the logarithm of its times
 * @param rounding 0 to 1: which requests are rounded to which stratum
 */
export function responseTimes(
  requests: number,
  medianMs: number,
  sigma: number,
  rounding: number,
): ResponseTimes {
  const sketch: SketchPairs = []
  const logMedian = Math.log(medianMs) / LOG_GAMMA
  const step = sigma / LOG_GAMMA
  const rank95 = 0.95 * (requests - 1)
  let passed = 0
  let sum = 0
  let p95 = 0
  let last: [number, number] | undefined
  for (let index = 0; index < cuts.length; index++) {
    const upTo = Math.min(requests, Math.floor(requests * (cuts[index] as number) + rounding))
    const count = upTo - passed
    if (count === 0) continue
    const bucket = Math.max(LEAST_BUCKET, Math.ceil(logMedian + step * (places[index] as number)) + 0)
    const ms = msIn(bucket)
    sum += count * ms
    if (passed <= rank95) p95 = ms
    passed = upTo
    if (last && last[0] === bucket) last[1] += count
    else {
      last = [bucket, count]
      sketch.push(last)
    }
  }
  return { sketch, mean: round2(sum / requests), p95: round2(p95) }
}
