/** Values for a scrape that come from slow reads: never waited for long, and never shown when they are old. */
import type { Clock } from '../shared/clock.ts'

/** An older value is not shown. */
export const FRESH_MS = 15_000
/** A younger value is not read again: scrapes that come often cost little. */
export const REREAD_MS = 8000
/** How long a scrape waits for a read, which goes on by itself. */
export const PATIENCE_MS = 1000

/** A value of at most FRESH_MS, null when there is none; and why the last read failed, once. */
export interface Fresh<T> {
  value: T | null
  failure: Error | null
}

/**
 * @param read one at a time runs
 * @param wait resolves after so many ms
 * @returns asks for the value; never rejects
 */
export function freshRead<T>(
  read: () => T | Promise<T>,
  clock: Clock,
  wait: (ms: number) => Promise<unknown>,
): () => Promise<Fresh<T>> {
  let latest: { at: number; value: T } | null = null
  let running: Promise<void> | null = null
  let failure: Error | null = null

  async function run(): Promise<void> {
    const at = clock.monotonic()
    try {
      latest = { at, value: await read() }
    } catch (error) {
      failure = error as Error
    }
    running = null
  }

  const age = () => (latest === null ? Number.POSITIVE_INFINITY : clock.monotonic() - latest.at)

  return async () => {
    if (age() >= REREAD_MS) running ??= run()
    if (running) await Promise.race([running, wait(PATIENCE_MS)])
    const fresh = {
      value: latest !== null && age() <= FRESH_MS ? latest.value : null,
      failure,
    }
    failure = null
    return fresh
  }
}
