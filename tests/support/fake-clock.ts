import type { Clock } from '../../src/shared/clock.ts'

/** A clock that moves only when told. */
export interface FakeClock extends Clock {
  /** Lets time pass. */
  advance(ms: number): void
  /** Sets the wall clock, as an administrator or NTP would; monotonic time is not touched. */
  set(at: number): void
}

export const START = Date.parse('2026-03-02T10:00:00.000Z')

export function fakeClock(start = START): FakeClock {
  let wall = start
  let monotonic = 0
  return {
    now: () => wall,
    monotonic: () => monotonic,
    advance(ms) {
      wall += ms
      monotonic += ms
    },
    set(at) {
      wall = at
    },
  }
}
