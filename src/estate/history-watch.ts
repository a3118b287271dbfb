/** The past that is being generated: told live, and in the log at its beginning and its end. */
import { type Clock, rfc3339 } from '../shared/clock.ts'
import type { EstateFrame } from './api/pipeline.ts'
import type { EstateEvents } from './events.ts'

/** Samples that arrived, of all; the beginning of the day under way, Unix ms. */
export interface HistoryProgress {
  done: number
  total: number
  from: number
}

const HOUR_MS = 3600_000

export function createHistoryWatch(
  clock: Clock,
  events: Pick<EstateEvents, 'historyStarted' | 'historyFinished'>,
) {
  let now: HistoryProgress | null = null
  let begun: number | null = null
  return {
    /** @param spans that will be generated, Unix ms */
    begin(spans: readonly { from: number; until: number }[]) {
      begun = clock.monotonic()
      const ms = spans.reduce((sum, { from, until }) => sum + until - from, 0)
      const from = Math.min(...spans.map(span => span.from))
      const until = Math.max(...spans.map(span => span.until))
      events.historyStarted(from, until, Math.round(ms / HOUR_MS))
    },
    progress(progress: HistoryProgress) {
      const isOver = progress.done >= progress.total
      now = isOver ? null : progress
      // A generator that died tells it all again: what was finished is no news.
      if (!isOver || begun === null) return
      events.historyFinished(progress.total, (clock.monotonic() - begun) / 1000)
      begun = null
    },
    /** null: none is under way. */
    state: (): EstateFrame['history'] => now && { done: now.done, total: now.total, from: rfc3339(now.from) },
  }
}
