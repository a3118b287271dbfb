/** What became of borrows, in buckets of a few seconds over some hours: bounded, and cheap to add to. */

const BUCKET_MS = 5000

/** One bucket more of what happened. */
export interface BurnCounts {
  /** @param bad which objectives it was bad for, in their order @param at monotonic ms @param wallAt the same time, Unix ms */
  add(bad: readonly boolean[], at: number, wallAt: () => number): void
  /** The share of bad ones in the buckets of the last seconds, the current one with them; null: nothing happened. @param at monotonic ms */
  ratio(objective: number, seconds: number, at: number): number | null
  /**
   * When a burn that burns now began: the first bad one of the earliest bucket above a threshold from which
   * on no gap without such a bucket was as long as `gapSeconds`. Unix ms; null: none burns now.
   * @param since monotonic ms: what was before belongs to a burn that is over
   */
  beganAt(objective: number, threshold: number, gapSeconds: number, at: number, since: number): number | null
}

interface Bucket {
  /** Counted from the clock's zero. */
  number: number
  total: number
  bad: number[]
  firstBadAt: (number | null)[]
}

/** @param objectives how many are counted @param seconds how far back it can be asked */
export function createBurnCounts(objectives: number, seconds: number): BurnCounts {
  const length = Math.ceil((seconds * 1000) / BUCKET_MS)
  const ring = Array.from(
    { length },
    (): Bucket => ({
      number: -1,
      total: 0,
      bad: Array(objectives).fill(0),
      firstBadAt: Array(objectives).fill(null),
    }),
  )
  const numberAt = (at: number) => Math.floor(at / BUCKET_MS)
  const slot = (number: number) => ring[number % length] as Bucket

  function bucketFor(number: number): Bucket {
    const bucket = slot(number)
    if (bucket.number === number) return bucket
    bucket.number = number
    bucket.total = 0
    bucket.bad.fill(0)
    bucket.firstBadAt.fill(null)
    return bucket
  }

  return {
    add(bad, at, wallAt) {
      const bucket = bucketFor(numberAt(at))
      bucket.total++
      for (let objective = 0; objective < objectives; objective++) {
        if (!bad[objective]) continue
        bucket.bad[objective] = (bucket.bad[objective] ?? 0) + 1
        bucket.firstBadAt[objective] ??= wallAt()
      }
    },
    ratio(objective, over, at) {
      const last = numberAt(at)
      let total = 0
      let bad = 0
      for (let number = Math.max(0, last - (over * 1000) / BUCKET_MS + 1); number <= last; number++) {
        const bucket = slot(number)
        if (bucket.number !== number) continue
        total += bucket.total
        bad += bucket.bad[objective] ?? 0
      }
      return total === 0 ? null : bad / total
    },
    beganAt(objective, threshold, gapSeconds, at, since) {
      const last = numberAt(at)
      const first = Math.max(0, last - length + 1, numberAt(since) + 1)
      const gap = (gapSeconds * 1000) / BUCKET_MS
      let earliest = last + 1
      let began: number | null = null
      for (let number = last; number >= first && earliest - number <= gap; number--) {
        const bucket = slot(number)
        const bad = bucket.bad[objective] ?? 0
        if (bucket.number !== number || bad === 0 || bad / bucket.total <= threshold) continue
        earliest = number
        began = bucket.firstBadAt[objective] ?? null
      }
      return began
    },
  }
}
