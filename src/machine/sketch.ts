/**
 * Response times in buckets that grow by a constant factor, so that sketches of many instances and minutes add up and
 * every quantile of the sum is off by at most ERROR of its value (the logarithmic mapping of DDSketch: Masson, Rim, Lee,
 * "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019).
 */

/** Pairs of bucket and count. */
export type SketchPairs = [bucket: number, count: number][]
/** Counts by bucket. */
export type Sketch = Map<number, number>

/** Relative. */
export const ERROR = 0.02
const GAMMA = (1 + ERROR) / (1 - ERROR)
const LOG_GAMMA = Math.log(GAMMA)
/** What is faster counts as this, in ms. */
const LEAST_MS = 0.01

/** The bucket of a response time in ms. */
export const bucketOf = (ms: number): number => Math.ceil(Math.log(Math.max(ms, LEAST_MS)) / LOG_GAMMA)
/** The ms that stand for a bucket. */
export const msOf = (bucket: number): number => (2 * GAMMA ** bucket) / (GAMMA + 1)

export function addTo(sketch: Sketch, ms: number, count = 1): void {
  const bucket = bucketOf(ms)
  sketch.set(bucket, (sketch.get(bucket) ?? 0) + count)
}

/** Adds what is in `pairs`. */
export function mergeInto(sketch: Sketch, pairs: Iterable<readonly [number, number]>): void {
  for (const [bucket, count] of pairs) sketch.set(bucket, (sketch.get(bucket) ?? 0) + count)
}

/** In order of the buckets. */
export const pairsOf = (sketch: Sketch): SketchPairs => [...sketch].sort(([a], [b]) => a - b)

/** @param share 0 to 1 @returns ms; null without data */
export function quantile(sketch: Sketch, share: number): number | null {
  let total = 0
  for (const count of sketch.values()) total += count
  if (total === 0) return null
  const rank = share * (total - 1)
  let passed = 0
  let last = 0
  for (const [bucket, count] of pairsOf(sketch)) {
    passed += count
    last = bucket
    if (passed > rank) break
  }
  return msOf(last)
}
