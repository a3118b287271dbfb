/** The only door to the time. `now` is Unix milliseconds, `monotonic` milliseconds that never step. */
export interface Clock {
  now(): number
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}

/**
 * A clock that never goes back, nor behind `notBefore` (Unix ms). When the wall clock steps back, time goes on from the last reading at
 * half speed until the wall has caught up (as NTP slews), so leases keep running and no borrow ends
 * before it began. A step forward cannot be told from a laptop that slept, so it is believed.
 */
export function steadyClock(wall: Clock, notBefore = 0): Clock {
  let last = Math.max(wall.now(), notBefore)
  let lastMonotonic = wall.monotonic()
  return {
    now() {
      const monotonic = wall.monotonic()
      const slewed = last + Math.max(0, monotonic - lastMonotonic) / 2
      lastMonotonic = monotonic
      last = Math.max(wall.now(), slewed)
      return Math.floor(last)
    },
    monotonic: wall.monotonic,
  }
}

const texts = new Map<number, string>()
const TEXTS_MAX = 64

/** RFC 3339, UTC, milliseconds. What is decided together has one time, so the last texts are kept. @param at Unix ms */
export function rfc3339(at: number): string {
  let text = texts.get(at)
  if (text === undefined) {
    if (texts.size >= TEXTS_MAX) texts.clear()
    text = new Date(at).toISOString()
    texts.set(at, text)
  }
  return text
}

/** The UTC month as `YYYY-MM`. @param at Unix milliseconds */
export const monthOf = (at: number): string => rfc3339(at).slice(0, 7)

export const MINUTE_MS = 60_000
