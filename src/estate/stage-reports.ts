/** What the stages of the pipeline say of themselves, and how they are. */
import { readNotice, type StageName, type StageReport, stageNames, stageReport } from '../machine/notices.ts'
import type { Clock } from '../shared/clock.ts'
import { type Heard, judgeStage, type StageCondition, type StageJudgement } from './stage-state.ts'

export interface Stage extends StageJudgement {
  stage: StageName
  /** When this state was first seen, Unix ms; null: unknown from the start. */
  since: number | null
}

export interface StageChange {
  stage: StageName
  from: StageCondition
  to: StageCondition
  problem: string | null
}

export interface StageReports {
  /** Takes a report of this process. */
  take(report: StageReport): void
  /** Takes a report that came as a message. @returns false: it is none, and changed nothing */
  takeMessage(payload: Buffer): boolean
  /** Notices who went silent: to be asked about once a second. */
  look(): void
  /** All four, in the order of the pipeline. */
  stages(): Stage[]
  /** The worst of them: stopped, failing, unknown, healthy. Where nothing is simulated no generator is missed. */
  worst(): StageCondition
}

/** Processes of one stage that are remembered. */
const INSTANCES_MAX = 16
const MESSAGE_MAX = 4096
const worstFirst: readonly StageCondition[] = ['stopped', 'failing', 'unknown', 'healthy']

/** @param told of every change of a stage's state, once */
export function createStageReports({ clock, told }: { clock: Clock; told: (change: StageChange) => void }) {
  const heard = new Map(stageNames.map(name => [name, new Map<string, Heard>()]))
  const states = new Map<StageName, { state: StageCondition; since: number | null }>(
    stageNames.map(name => [name, { state: 'unknown', since: null }]),
  )

  function judge(stage: StageName): Stage {
    const judged = judgeStage([...(heard.get(stage)?.values() ?? [])], clock.monotonic())
    const before = states.get(stage) ?? { state: 'unknown', since: null }
    if (before.state !== judged.state) {
      states.set(stage, { state: judged.state, since: clock.now() })
      told({ stage, from: before.state, to: judged.state, problem: judged.problem })
    }
    return { stage, ...judged, since: states.get(stage)?.since ?? null }
  }

  const reports: StageReports = {
    take(report) {
      const instances = heard.get(report.stage)
      if (!instances) return
      // In the order in which they were last heard: the first is the one to forget.
      instances.delete(report.instance)
      instances.set(report.instance, { report, received: clock.monotonic() })
      const [oldest] = instances.keys()
      if (instances.size > INSTANCES_MAX && oldest !== undefined) instances.delete(oldest)
      judge(report.stage)
    },
    takeMessage(payload) {
      if (payload.length > MESSAGE_MAX) return false
      const report = readNotice(stageReport, payload.toString())
      if (report) reports.take(report)
      return report !== null
    },
    look() {
      for (const name of stageNames) judge(name)
    },
    stages: () => stageNames.map(judge),
    worst() {
      const found = stageNames
        .map(judge)
        .filter(({ stage, state }) => stage !== 'generator' || state !== 'unknown')
        .map(({ state }) => state)
      return worstFirst.find(state => found.includes(state)) ?? 'unknown'
    },
  }
  return reports
}
