/** When a request is sent again. Pure. */

export interface RetryPolicy {
  /** How often a request is sent at most. */
  attempts: number
  /** How long all of it may take, waits included, in ms. */
  totalMs: number
  /** The wait before the second attempt, in ms; each further one is twice as long. */
  firstMs: number
  /** The longest wait between two attempts, in ms, where the server asks for no longer one. */
  longestMs: number
}

export const retryPreset: RetryPolicy = { attempts: 6, totalMs: 30_000, firstMs: 200, longestMs: 5000 }

const PASSING = [429, 502, 503, 504]

/** Whether the same request may have another answer soon. */
export const isPassing = (status: number): boolean => PASSING.includes(status)

/** @returns the ms that a `Retry-After` asks for, in seconds or as a date (RFC 9110, 10.2.3); null: it asks for nothing */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null || header.trim() === '') return null
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

/** @param failures how many in a row, from 1 @param chance in [0, 1) @returns ms: half of it is chance, so that clients part */
export function backoffMs(
  { firstMs, longestMs }: Pick<RetryPolicy, 'firstMs' | 'longestMs'>,
  failures: number,
  chance: number,
): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30))
  return whole / 2 + (whole / 2) * chance
}

/**
 * How long to wait before the next attempt.
 * @param sent attempts so far
 * @param passedMs since the first was sent
 * @param askedMs what the server asked for, if it did
 * @returns ms; null: no more attempts
 */
export function nextWaitMs(
  policy: RetryPolicy,
  {
    sent,
    passedMs,
    askedMs,
    chance,
  }: { sent: number; passedMs: number; askedMs: number | null; chance: number },
): number | null {
  if (sent >= policy.attempts) return null
  const waitMs = Math.max(backoffMs(policy, sent, chance), askedMs ?? 0)
  return passedMs + waitMs >= policy.totalMs ? null : waitMs
}
