/** The transformer as a stage: it takes the lake's objects and says how it is, in the server's process or alone. */
import type { StageReport } from '../machine/notices.ts'
import type { Clock } from '../shared/clock.ts'
import type { Lake } from './lake/lake.ts'
import { createReporter } from './stage-reporter.ts'
import { every, waitAside } from './stage-timer.ts'
import type { TransformObserver } from './transform/observer.ts'
import { createTransformStage, type TransformStage } from './transform/stage.ts'
import type { EstateWriter } from './transform/writer.ts'

export interface TransformStageOptions {
  lake: Lake
  writer: Pick<EstateWriter, 'submit'>
  clock: Clock
  /** Of the process, in reports. */
  instance: string
  observer: TransformObserver
  lakeKeepMs: number
  /** Takes the reports. */
  send: (report: StageReport) => void | Promise<void>
}

/** The stage with its reports. */
export function createReportingTransform({
  send,
  instance,
  ...options
}: TransformStageOptions): TransformStage {
  const stage = createTransformStage({
    ...options,
    // The writer's thread lives as long as there is something to do.
    wait: waitAside,
    changed: () => reporter.changed(),
  })
  const { clock } = options
  const reporter = createReporter({
    stage: 'transform',
    instance,
    clock,
    every,
    send,
    figures: stage.figures,
  })
  return {
    ...stage,
    start() {
      stage.start()
      reporter.start()
    },
    async stop() {
      await stage.stop()
      reporter.stop()
    },
  }
}
