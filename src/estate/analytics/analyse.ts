/** One round of the analysis: reads, finds, and says what it took. */
import { type Db, type OpenOptions, openDatabase } from '../../db/open.ts'
import type { Served } from '../../db/thread.ts'
import type { Clock } from '../../shared/clock.ts'
import { GONE_MS } from './detect-silence.ts'
import { type Findings, findAnomalies } from './find-anomalies.ts'
import { type HealthScore, healthScore } from './health-score.ts'
import { createHistoryStore } from './history-store.ts'
import { median } from './robust.ts'
import { emptySeries } from './window.ts'
import { createWindowsStore } from './windows-store.ts'

export interface Question {
  /** Unix ms. */
  now: number
  /** Of the round before: later samples are new. */
  since: number
}

export interface Round extends Findings {
  health: HealthScore
  resources: number
  /** New since the round before. */
  samples: number
  tookMs: number
}

/** Of a resource that sends each 30 s these are 12 minutes. */
const SAMPLES = 24
const WINDOW_LEAST_MS = 12 * 60_000
const WINDOW_MOST_MS = 2 * 3_600_000
const HEALTH_MS = 30 * 60_000

/** A connection of its own, which only reads. */
export function analyses(options: OpenOptions, clock: Pick<Clock, 'monotonic'>): Served<Question, Round> {
  const db = openDatabase({ ...options, readonly: true })
  return { handle: createAnalyser(db, clock), close: () => void db.$client.close() }
}

/** Nothing is remembered between rounds but what is usual in this hour: a restart goes on from the database. */
export function createAnalyser(db: Db, clock: Pick<Clock, 'monotonic'>): (question: Question) => Round {
  const windows = createWindowsStore(db)
  const history = createHistoryStore(db)
  return ({ now, since }) => {
    const startedAt = clock.monotonic()
    const resources = windows.resources(now - GONE_MS)
    const interval = median(resources.map(({ intervalMs }) => intervalMs)) || 0
    const windowMs = Math.min(WINDOW_MOST_MS, Math.max(WINDOW_LEAST_MS, SAMPLES * interval))
    const window = windows.window({ from: now - windowMs, since, resources })
    const baselineOf = history.baselines(now)
    const watched = resources.map(resource => ({
      resource,
      series: window.series.get(resource.id) ?? emptySeries(),
      baseline: baselineOf(resource.id),
    }))
    return {
      ...findAnomalies({ watched, open: windows.open(), now, windowMs }),
      health: healthScore(windows.health(now - HEALTH_MS)),
      resources: resources.length,
      samples: window.fresh,
      tookMs: clock.monotonic() - startedAt,
    }
  }
}
