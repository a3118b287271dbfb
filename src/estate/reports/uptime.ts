/** How long somebody should have been heard of. Times are Unix ms. */

export interface Heard {
  firstAt: number
  lastAt: number
  intervalMs: number
}

/** Who misses so many samples in a row is down. */
const MISSED = 3

export const isUp = ({ lastAt, intervalMs }: Heard, now: number): boolean =>
  lastAt + MISSED * intervalMs >= now

/**
 * From when it was first heard of, but not before `from`, until now; of who is up, until its newest sample ends: the
 * sample that is under way is no fault.
 */
export function upSpanOf(heard: Heard, from: number, now: number): number {
  const until = isUp(heard, now) ? Math.min(now, heard.lastAt + heard.intervalMs) : now
  return Math.max(0, until - Math.max(from, heard.firstAt))
}
