/** Figures as they are told: two decimals, null where nothing was measured. */
import { rfc3339 } from '../../shared/clock.ts'

export const two = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Math.round(value * 100) / 100

/** A sum by its count. */
export const mean = (sum: number | null, count: number | null): number | null =>
  sum === null || count === null || count === 0 ? null : two(sum / count)

/** What of `whole` is not `part`, in percent. */
export const shareWithout = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole === 0 ? null : two((100 * (whole - part)) / whole)

/** `part` of `whole` in percent, at most 100. */
export const shareOf = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole <= 0 ? null : two(Math.min(100, (100 * part) / whole))

export const timeOf = (at: number): string => rfc3339(at)
export const timeOrNull = (at: number | null): string | null => (at === null ? null : rfc3339(at))
