/** What happens to samples on their way from the broker to the database: its log lines and its metrics together. */
import { resourceKinds } from '../machine/topics.ts'
import { createLimitedLog } from '../observability/limited-log.ts'
import { createLineLimit } from '../observability/line-limit.ts'
import type { Log } from '../observability/logger.ts'
import type { Instruments } from '../observability/metrics.ts'
import type { Clock } from '../shared/clock.ts'
import { type DeadLetterReason, deadLetterReasons } from './commands.ts'
import type { IngestionObserver } from './ingestion/observer.ts'
import { lakeProblems } from './lake/lake.ts'
import { objectKinds, readKey } from './lake/object-key.ts'
import type { estateMetrics } from './metrics.ts'
import type { TransformObserver } from './transform/observer.ts'

/** Lines a second of one reason to set samples aside. */
const DEAD_LINES_PER_SECOND = 1
const FAILURES_PER_SECOND = 1
const ERROR_MAX = 200

const outcomes = ['stored', 'duplicate', 'dead'] as const
/** How messages that are no samples are counted: they have no kind. */
const UNKNOWN = 'unknown'

type Judge = 'ingest' | 'transform'
const judges: readonly Judge[] = ['ingest', 'transform']

export interface EstateEventsParts {
  log: Log
  metrics: Instruments<typeof estateMetrics>
  clock: Clock
}

export function createPipelineEvents({ log, metrics: m, clock }: EstateEventsParts) {
  const lineLimit = createLineLimit(clock, DEAD_LINES_PER_SECOND)
  const limited = createLimitedLog(log, clock, FAILURES_PER_SECOND)
  const unwritten = new Map<string, number>()
  let lakeFails = false

  // A series that starts at 0 shows its first increase; one that appears with a 1 hides it.
  for (const kind of resourceKinds) {
    m.estate_ingested_samples_total.inc({ kind }, 0)
    for (const outcome of outcomes) m.estate_samples_total.inc({ kind, outcome }, 0)
  }
  m.estate_samples_total.inc({ kind: UNKNOWN, outcome: 'dead' }, 0)
  for (const kind of objectKinds) {
    m.estate_lake_objects_total.inc({ kind }, 0)
    m.estate_lake_bytes_total.inc({ kind }, 0)
  }
  for (const stage of judges)
    for (const reason of deadLetterReasons) m.estate_dead_letters_total.inc({ stage, reason }, 0)
  for (const problem of lakeProblems) m.estate_lake_failures_total.inc({ problem }, 0)
  m.estate_lake_failing.set({}, 0)

  /** A flood of them is one line a second, which says how many there were since the line before. */
  function setAside(stage: Judge, reason: DeadLetterReason, count: number) {
    if (count === 0) return
    m.estate_dead_letters_total.inc({ stage, reason }, count)
    const key = `${stage} ${reason}`
    const samples = (unwritten.get(key) ?? 0) + count
    const isHeldBack = lineLimit(key) === null
    unwritten.set(key, isHeldBack ? samples : 0)
    if (!isHeldBack) log.warn('estate_dead_letter', 'samples were set aside', { stage, reason, samples })
  }

  const ingestion: IngestionObserver = {
    samples: (kind, count) => m.estate_ingested_samples_total.inc({ kind }, count),
    deadLetters: (reason, count) => setAside('ingest', reason, count),
    object(kind, _lines, bytes) {
      m.estate_lake_objects_total.inc({ kind })
      m.estate_lake_bytes_total.inc({ kind }, bytes)
    },
    lakeFailed(problem, detail) {
      lakeFails = true
      m.estate_lake_failing.set({}, 1)
      m.estate_lake_failures_total.inc({ problem })
      log.error('estate_lake_failed', 'the lake does not take samples: they wait', {
        problem,
        error: detail.slice(0, ERROR_MAX),
      })
    },
    lakeRecovered() {
      m.estate_lake_failing.set({}, 0)
      if (lakeFails) log.info('estate_lake_recovered', 'the lake takes samples again')
      lakeFails = false
    },
    flushSeconds: seconds => m.estate_lake_write_seconds.observe({}, seconds),
  }

  const transform: TransformObserver = {
    objectTaken(key, { isNew, samples, duplicates, dead, delayMs }, seconds) {
      if (!isNew) return
      m.estate_transform_seconds.observe({}, seconds)
      if (delayMs !== null) m.estate_sample_delay_seconds.observe({}, Math.max(0, delayMs) / 1000)
      const of = readKey(key)?.kind ?? 'dead'
      const kind = of === 'dead' ? UNKNOWN : of
      if (of !== 'dead') {
        m.estate_samples_total.inc({ kind, outcome: 'stored' }, samples)
        m.estate_samples_total.inc({ kind, outcome: 'duplicate' }, duplicates)
      }
      for (const { reason, count } of dead) {
        m.estate_samples_total.inc({ kind, outcome: 'dead' }, count)
        // What is in an object of dead letters was judged, and told, by the ingestion.
        if (of !== 'dead') setAside('transform', reason, count)
      }
    },
    // The stage tells that it fails, and that it goes on; only here is said what exactly the storage or the lake answered.
    failed: (problem, detail) =>
      limited('warn', `transform ${problem}`, [
        'estate_stage_failing',
        'the transformer cannot go on',
        { stage: 'transform', problem, error: detail.slice(0, ERROR_MAX) },
      ]),
    recovered() {},
  }

  return { ingestion, transform }
}
