/** Analyses the estate again and again, one round at a time, and has what it found written down. */
import type { OpenOptions } from '../../db/open.ts'
import { inlineThread, startThreadBeside, type Thread } from '../../db/thread.ts'
import type { StageReport } from '../../machine/notices.ts'
import type { Clock } from '../../shared/clock.ts'
import type { EstateCommands } from '../commands.ts'
import { createReporter } from '../stage-reporter.ts'
import { analyses, type Question, type Round } from './analyse.ts'

export const ROUND_EVERY_MS = 30_000

type Recorded = EstateCommands['record_anomalies']

export interface AnalystOptions {
  database: OpenOptions
  clock: Clock
  /** Of the process: 1 to 40 characters. */
  instance: string
  /** Does it again and again, after so many ms each. @returns ends it */
  every: (ms: number, work: () => void) => () => void
  /** Has the found written down: it is all that lasts now. */
  record: (found: Recorded['in']) => Promise<Recorded['out']>
  /** Takes the reports of the stage. */
  send: (report: StageReport) => void | Promise<void>
  /** Told of each round once it is written down. */
  told?: (round: Round, recorded: Recorded['out']) => void
  /** Told of a round that failed. */
  failed?: (error: unknown) => void
  /** On the caller's thread: for tests that own the time. */
  inline?: boolean
}

export interface Analyst {
  start(): void
  /** One round now. What is under way is waited for instead. Never rejects: the stage says what failed. */
  round(): Promise<void>
  /** The newest round; null: none was finished. */
  readonly last: Round | null
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>
}

export function createAnalyst(options: AnalystOptions): Analyst {
  const { database, clock, instance, every, record, send, told, failed, inline = false } = options
  const thread: Thread<Question, Round> = inline
    ? inlineThread(analyses(database, clock))
    : startThreadBeside(import.meta.url, 'analytics-thread', database)
  const createdAt = clock.monotonic()
  let end: (() => void) | null = null
  let underWay: Promise<void> | null = null
  let last: Round | null = null
  let since = clock.now()
  let done = 0
  let failures = 0
  let error: string | null = null
  let successAt: { wall: number; monotonic: number } | null = null

  const reporter = createReporter({
    stage: 'analytics',
    instance,
    clock,
    every,
    send,
    figures: () => ({
      done,
      failed: failures,
      dead_letters: 0,
      waiting: 0,
      lag_seconds: behindSeconds(),
      last_success_at: successAt?.wall ?? null,
      problem: error ?? last?.problem ?? null,
    }),
  })

  /** A round that is due is not behind. */
  const behindSeconds = () =>
    Math.max(0, clock.monotonic() - (successAt?.monotonic ?? createdAt) - ROUND_EVERY_MS) / 1000

  async function work() {
    try {
      const now = clock.now()
      const round = await thread.call({ now, since })
      const recorded = await record({ found: round.found })
      since = now
      done += round.samples
      last = round
      error = null
      successAt = { wall: clock.now(), monotonic: clock.monotonic() }
      told?.(round, recorded)
    } catch (cause) {
      failures++
      error = `The analysis failed: ${cause instanceof Error ? cause.message : String(cause)}`
      failed?.(cause)
    }
    reporter.changed()
  }

  function round(): Promise<void> {
    underWay ??= work().finally(() => {
      underWay = null
    })
    return underWay
  }

  return {
    start() {
      if (end) return
      reporter.start()
      end = every(ROUND_EVERY_MS, () => void round())
      void round()
    },
    round,
    get last() {
      return last
    },
    async stop() {
      end?.()
      end = null
      await underWay
      reporter.stop()
      await thread.close()
    },
  }
}
