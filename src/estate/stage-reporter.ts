/** Says how a stage is: every five seconds, and at once when it fails or recovers. */
import { STAGE_EVERY_MS, type StageName, type StageReport } from '../machine/notices.ts'
import type { Clock } from '../shared/clock.ts'

/** What a stage says of itself. */
export type StageFigures = Omit<StageReport, 'stage' | 'instance' | 'at' | 'started_at'>

export interface ReporterOptions {
  stage: StageName
  /** Of the process, where several run: 1 to 40 characters. */
  instance: string
  clock: Clock
  /** Does it again and again, after so many ms each. @returns ends it */
  every: (ms: number, work: () => void) => () => void
  /** To the server: a call in the same process, else a message. One that fails is not sent again: the next is newer. */
  send: (report: StageReport) => void | Promise<void>
  figures: () => StageFigures
}

export interface Reporter {
  start(): void
  /** Sends at once when the problem is another than the one told last. */
  changed(): void
  stop(): void
}

const PROBLEM_MAX = 200

export function createReporter(options: ReporterOptions): Reporter {
  const { stage, instance, clock, every, send, figures } = options
  const startedAt = clock.now()
  let end: (() => void) | null = null
  let told: string | null = null

  function tell() {
    const now = figures()
    const problem = now.problem?.slice(0, PROBLEM_MAX) ?? null
    told = problem
    const report = { ...now, problem, stage, instance, at: clock.now(), started_at: startedAt }
    // Who cannot send is silent, and silence is told as what it is by those who listen.
    try {
      Promise.resolve(send(report)).catch(() => {})
    } catch {}
  }

  return {
    start() {
      if (end) return
      tell()
      end = every(STAGE_EVERY_MS, tell)
    },
    changed() {
      if (end && (figures().problem?.slice(0, PROBLEM_MAX) ?? null) !== told) tell()
    },
    stop() {
      end?.()
      end = null
    },
  }
}
