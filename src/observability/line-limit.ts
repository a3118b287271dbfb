import type { Clock } from '../shared/clock.ts'

/**
 * Holds back what would be logged too often: a device that sends nothing but nonsense must not fill the log. What is
 * counted is counted in full by the metrics.
 * @param perSecond lines of one key
 * @returns a function of the key: null when the line is held back, else how many were before it
 */
export function createLineLimit(clock: Clock, perSecond: number): (key: string) => number | null {
  const windows = new Map<string, { startedAt: number; written: number; heldBack: number }>()
  return key => {
    const now = clock.monotonic()
    let window = windows.get(key)
    if (!window || now - window.startedAt >= 1000) {
      const heldBack = window?.heldBack ?? 0
      window = { startedAt: now, written: 1, heldBack: 0 }
      windows.set(key, window)
      return heldBack
    }
    if (window.written < perSecond) {
      window.written++
      return 0
    }
    window.heldBack++
    return null
  }
}
