/** How a stage of the pipeline is, from what its processes said of themselves. Pure. */
import { STAGE_SILENT_MS, type StageReport } from '../machine/notices.ts'

export type StageCondition = 'healthy' | 'failing' | 'stopped' | 'unknown'

/** The last report of a process, and when it came here, in monotonic ms: its own clock may be wrong. */
export interface Heard {
  report: StageReport
  received: number
}

export interface StageJudgement {
  state: StageCondition
  /** Processes that still report. */
  instances: number
  done: number
  dead_letters: number
  waiting: number
  /** null: nobody reports, so nobody knows. */
  lag_seconds: number | null
  /** Unix ms. */
  last_success_at: number | null
  problem: string | null
}

/** A stage that is further behind does not work, whatever it says. */
export const LAG_MAX_SECONDS = 30

/**
 * Never healthy without a fresh report. Of several processes one that fails makes the stage fail; one that went silent
 * does not, as long as another goes on.
 * @param now monotonic ms
 */
export function judgeStage(heard: readonly Heard[], now: number): StageJudgement {
  const fresh = heard.filter(({ received }) => now - received <= STAGE_SILENT_MS).map(({ report }) => report)
  const last = heard.toSorted((a, b) => b.received - a.received)[0]?.report
  /** Of a stage that stopped: what its last process said last. */
  const counted = fresh.length > 0 ? fresh : last ? [last] : []
  const sum = (of: (report: StageReport) => number) =>
    counted.reduce((total, report) => total + of(report), 0)
  const lag = fresh.length > 0 ? Math.max(...fresh.map(report => report.lag_seconds)) : null
  const told = fresh.find(({ problem }) => problem !== null)?.problem ?? null
  const behind = lag !== null && lag > LAG_MAX_SECONDS ? `It is ${Math.round(lag)} s behind.` : null
  const successes = heard.map(({ report }) => report.last_success_at).filter(at => at !== null)
  const problem = told ?? behind
  return {
    state: !last ? 'unknown' : fresh.length === 0 ? 'stopped' : problem === null ? 'healthy' : 'failing',
    instances: fresh.length,
    done: sum(({ done }) => done),
    dead_letters: sum(report => report.dead_letters),
    waiting: sum(({ waiting }) => waiting),
    lag_seconds: lag,
    last_success_at: successes.length > 0 ? Math.max(...successes) : null,
    problem,
  }
}
