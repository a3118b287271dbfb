export const HOUR_MS = 3600_000

export interface Span {
  /** Unix ms. */
  from: number
  until: number
}

/**
 * What of the past has no samples yet: what was generated, or happened, is not generated again at every start.
 * @param known the hours that have some, Unix ms
 * @returns each run of hours is a span; the last may end within the hour that is under way
 */
export function missingPast({ from, until }: Span, known: readonly number[]): Span[] {
  const there = new Set(known)
  const spans: Span[] = []
  for (let hour = Math.ceil(from / HOUR_MS) * HOUR_MS; hour < until; hour += HOUR_MS) {
    if (there.has(hour)) continue
    const end = Math.min(hour + HOUR_MS, until)
    const last = spans.at(-1)
    if (last?.until === hour) last.until = end
    else spans.push({ from: hour, until: end })
  }
  return spans
}
