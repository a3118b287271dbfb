/** The last minutes of this process, for the live dashboard. Bounded, in memory, gone with the process. */
import { rolling } from '../observability/rolling.ts'
import { type Clock, rfc3339 } from '../shared/clock.ts'
import { type ActivityFrame, denialReasons } from './api.ts'

export interface LiveView {
  record(event: string, about: { tool: string; user: string; detail: string }): void
  observe(durationMs: number): void
  frame(): Omit<ActivityFrame, 'at'>
}

const WINDOW_SECONDS = 60
const SERIES_SECONDS = 300
const SERIES_STEP_SECONDS = 5
const RECENT_MAX = 30

export function createLiveView(clock: Clock): LiveView {
  const seconds = rolling(SERIES_SECONDS + SERIES_STEP_SECONDS)
  const recent: (Omit<ActivityFrame['recent'][number], 'at'> & { at: number })[] = []
  const denied = (at: number, window: number) =>
    denialReasons.reduce((sum, reason) => sum + seconds.sum(reason, at, window), 0)

  return {
    record(event, { tool, user, detail }) {
      const at = clock.now()
      seconds.count(event, at)
      recent.push({ at, event, tool, user, detail })
      if (recent.length > RECENT_MAX * 8) recent.splice(0, recent.length - RECENT_MAX)
    },
    observe: durationMs => seconds.observe(durationMs, clock.now()),
    frame() {
      const now = clock.now()
      const percentile = (share: number) => seconds.percentile(share, now, WINDOW_SECONDS)
      const [p50, p95, p99] = [percentile(0.5), percentile(0.95), percentile(0.99)]
      const newest = Math.floor(now / 1000 / SERIES_STEP_SECONDS) * SERIES_STEP_SECONDS * 1000
      const steps = Array.from({ length: SERIES_SECONDS / SERIES_STEP_SECONDS }, (_, index) => {
        const at = newest - SERIES_SECONDS * 1000 + (index + 1) * SERIES_STEP_SECONDS * 1000
        const rate = (sum: number) => sum / SERIES_STEP_SECONDS
        return {
          at: rfc3339(at),
          borrows: rate(seconds.sum('borrow', at, SERIES_STEP_SECONDS)),
          returns: rate(seconds.sum('return', at, SERIES_STEP_SECONDS)),
          denials: rate(denied(at, SERIES_STEP_SECONDS)),
          p95_ms: seconds.percentile(0.95, at, SERIES_STEP_SECONDS),
        }
      })
      return {
        window_seconds: WINDOW_SECONDS,
        borrows_per_second: seconds.sum('borrow', now, WINDOW_SECONDS) / WINDOW_SECONDS,
        returns_per_second: seconds.sum('return', now, WINDOW_SECONDS) / WINDOW_SECONDS,
        denials_per_second: denied(now, WINDOW_SECONDS) / WINDOW_SECONDS,
        latency_ms: p50 === null || p95 === null || p99 === null ? null : { p50, p95, p99 },
        denials: Object.fromEntries(
          denialReasons.map(reason => [reason, seconds.sum(reason, now, WINDOW_SECONDS)]),
        ) as ActivityFrame['denials'],
        series: steps,
        recent: recent
          .slice(-RECENT_MAX)
          .reverse()
          .map(entry => ({ ...entry, at: rfc3339(entry.at) })),
      }
    },
  }
}
