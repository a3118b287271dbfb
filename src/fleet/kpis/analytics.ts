/** Asks the analytics thread, one question at a time, and shares what it answered. */
import { type OpenOptions, openDatabase } from '../../db/open.ts'
import { inlineThread, startThreadBeside, type Thread } from '../../db/thread.ts'
import type { Clock } from '../../shared/clock.ts'
import { Failure } from '../../shared/errors.ts'
import { type Answer, answerer, type Question } from './answer.ts'
import type { WindowCounts } from './kpi.ts'
import type { SnapshotRow } from './report-store.ts'
import type { ApiEvent } from './schema.ts'

/** @throws Failure `storage_*`, `overloaded` when too many questions wait */
export interface Analytics {
  /** What was counted in the last `windowMs`. Equal questions share an answer that is at most two seconds old. */
  counts(windowMs: number): Promise<WindowCounts>
  events(page: { limit: number; skip: number }): Promise<ApiEvent[]>
  history(of: { kpi: string; from: number; limit: number }): Promise<SnapshotRow[]>
  close(): Promise<void>
}

export interface AnalyticsOptions {
  database: OpenOptions
  clock: Clock
  /** Read on the caller's thread: for tests that own the time. */
  inline: boolean
}

const SHARED_MAX_MS = 2000
/** What was quick to count is counted again soon: shared answers keep the thread below a twentieth of its time. */
const SHARED_PER_MS = 20
const WAITING_MAX = 200
const KEPT_MAX = 200

export function createAnalytics({ database, clock, inline }: AnalyticsOptions): Analytics {
  const thread: Thread<Question, Answer> = inline
    ? analyticsInline(database)
    : startThreadBeside(import.meta.url, 'analytics-thread', database)
  const shared = new Map<number, { counts: Promise<WindowCounts>; until: number }>()
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()

  /** The thread takes one call at a time. */
  function ask<A extends Answer>(question: Question): Promise<A> {
    if (waiting >= WAITING_MAX)
      return Promise.reject(
        new Failure('overloaded', 'Too many questions wait to be counted; try again soon.'),
      )
    waiting++
    const answer = last.then(() => thread.call(question)) as Promise<A>
    last = answer.then(
      () => waiting--,
      () => waiting--,
    )
    return answer
  }

  async function count(windowMs: number): Promise<WindowCounts> {
    const startedAt = clock.monotonic()
    const to = clock.now()
    const counts = await ask<WindowCounts>({ kind: 'counts', from: to - windowMs, to })
    const now = clock.monotonic()
    const known = shared.get(windowMs)
    if (known) known.until = now + Math.min(SHARED_MAX_MS, (now - startedAt) * SHARED_PER_MS)
    return counts
  }

  return {
    counts(windowMs) {
      const known = shared.get(windowMs)
      if (known && clock.monotonic() < known.until) return known.counts
      if (shared.size >= KEPT_MAX) shared.clear()
      const counts = count(windowMs)
      shared.set(windowMs, { counts, until: Number.POSITIVE_INFINITY })
      counts.catch(() => shared.delete(windowMs))
      return counts
    },
    events: page => ask({ kind: 'events', ...page }),
    history: of => ask({ kind: 'history', ...of }),
    async close() {
      await last
      await thread.close()
    },
  }
}

function analyticsInline(options: OpenOptions): Thread<Question, Answer> {
  const db = openDatabase({ ...options, readonly: true })
  return inlineThread({ handle: answerer(db), close: () => void db.$client.close() })
}
