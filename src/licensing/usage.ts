/**
 * What a pool went through in one minute, and what that says about any span of the past.
 * One row a minute and pool, so a report of a year reads no more rows than the year has minutes.
 */
import { MINUTE_MS } from '../shared/clock.ts'

/** What is counted, minute by minute. */
export interface UsageCounts {
  borrows: number
  overageBorrows: number
  returns: number
  expiries: number
  revocations: number
  deniedExhausted: number
  deniedMaxOverage: number
  deniedSpendCap: number
  overageCents: number
}

const noCounts = (): UsageCounts => ({
  borrows: 0,
  overageBorrows: 0,
  returns: 0,
  expiries: 0,
  revocations: 0,
  deniedExhausted: 0,
  deniedMaxOverage: 0,
  deniedSpendCap: 0,
  overageCents: 0,
})

const counters = Object.keys(noCounts()) as (keyof UsageCounts)[]

export interface UsageMinute extends UsageCounts {
  tool: string
  /** Unix minutes. */
  minute: number
  cap: number
  /** Seats held after the last change of the minute. */
  closing: number
  peak: number
  /** Seat-milliseconds held from the start of the minute to `changedAt`. */
  seatMs: number
  changedAt: number
}

export const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS)

/** A minute in which nothing has happened yet. @param level seats held when it began */
export function openMinute(tool: string, minute: number, level: number, cap: number): UsageMinute {
  return {
    tool,
    minute,
    cap,
    closing: level,
    peak: level,
    seatMs: 0,
    changedAt: minute * MINUTE_MS,
    ...noCounts(),
  }
}

/** Records that the pool holds `level` seats from `at` on. */
export function recordLevel(usage: UsageMinute, level: number, at: number): void {
  usage.seatMs += usage.closing * (at - usage.changedAt)
  usage.changedAt = at
  usage.closing = level
  usage.peak = Math.max(usage.peak, level)
}

/** A report of one span, summed from its minutes. Means and peak are null before the first record. */
export interface UsageBucket extends UsageCounts {
  from: number
  to: number
  utilisation: number | null
  meanBorrowed: number | null
  peakBorrowed: number | null
}

/**
 * Sums minutes into equal buckets. Between two recorded minutes the level stays as it was.
 * @param before the last minute recorded before `from`, if any
 * @param minutes the recorded minutes within [from, to), in order
 * @param from whole minute, Unix ms; @param to Unix ms, exclusive; time after it has not happened
 * @param stepMs a multiple of a minute
 */
export function usageBuckets(
  before: UsageMinute | undefined,
  minutes: readonly UsageMinute[],
  from: number,
  to: number,
  stepMs: number,
): UsageBucket[] {
  const buckets: UsageBucket[] = []
  let current = before
  let index = 0
  for (let start = from; start < to; start += stepMs) {
    const end = Math.min(start + stepMs, to)
    const bucket: UsageBucket = {
      from: start,
      to: end,
      utilisation: null,
      meanBorrowed: null,
      peakBorrowed: null,
      ...noCounts(),
    }
    let knownMs = 0
    let seatMs = 0
    let capMs = 0
    let cursor = start
    const hold = (until: number) => {
      if (current && until > cursor) {
        knownMs += until - cursor
        seatMs += current.closing * (until - cursor)
        capMs += current.cap * (until - cursor)
        bucket.peakBorrowed = Math.max(bucket.peakBorrowed ?? 0, current.closing)
      }
      cursor = Math.max(cursor, until)
    }
    for (let usage = minutes[index]; usage && usage.minute * MINUTE_MS < end; usage = minutes[++index]) {
      hold(usage.minute * MINUTE_MS)
      const changedAt = Math.min(usage.changedAt, end)
      knownMs += changedAt - cursor
      seatMs += usage.seatMs
      capMs += usage.cap * (changedAt - cursor)
      cursor = changedAt
      bucket.peakBorrowed = Math.max(bucket.peakBorrowed ?? 0, usage.peak)
      for (const counter of counters) bucket[counter] += usage[counter]
      current = usage
    }
    hold(end)
    if (knownMs > 0) bucket.meanBorrowed = seatMs / knownMs
    if (capMs > 0) bucket.utilisation = seatMs / capMs
    buckets.push(bucket)
  }
  return buckets
}
