/** Shorter than this samples are never kept, whatever room there is. */
const LEAST_MS = 3600_000

/**
 * How long samples are kept now. A database that outgrew its room gives back the oldest share of its time, again and
 * again until it fits; the room is used again, the file does not shrink.
 * @param oldestMs how long ago its oldest sample was taken
 */
export function keptMs(keepMs: number, oldestMs: number, usedBytes: number, maxBytes: number): number {
  if (usedBytes <= maxBytes) return keepMs
  return Math.max(Math.min(LEAST_MS, keepMs), Math.min(keepMs, 0.9 * oldestMs * (maxBytes / usedBytes)))
}
