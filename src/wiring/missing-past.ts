const HOUR_MS = 3600_000

interface Span {
  /** Unix ms. */
  from: number
  until: number
}

/**
 * What of the past has no samples yet: what was generated, or happened, is not generated again at every start.
 * @param known the hours that have some, Unix ms
 * @returns whole hours, each run of them a span; of the hour that is under way nothing
 */
export function missingPast({ from, until }: Span, known: readonly number[]): Span[] {
  const there = new Set(known)
  const spans: Span[] = []
  for (let hour = Math.ceil(from / HOUR_MS) * HOUR_MS; hour + HOUR_MS <= until; hour += HOUR_MS) {
    if (there.has(hour)) continue
    const last = spans.at(-1)
    if (last?.until === hour) last.until = hour + HOUR_MS
    else spans.push({ from: hour, until: hour + HOUR_MS })
  }
  return spans
}
