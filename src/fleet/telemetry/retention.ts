/** Shorter than this samples are never kept, whatever room there is. */
const LEAST_MS = 3600_000

/**
 * How long samples are kept now. A database that outgrew its room gives back the share that is too much, and some
 * more, so that it comes below its bound; the room is used again, the file does not shrink.
 */
export function keptMs(keepMs: number, usedBytes: number, maxBytes: number): number {
  if (usedBytes <= maxBytes) return keepMs
  return Math.max(Math.min(LEAST_MS, keepMs), Math.floor(keepMs * 0.9 * (maxBytes / usedBytes)))
}
