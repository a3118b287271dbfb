/** The ingestion as a stage: it takes samples and says how it is, in the server's process or alone. */
import type { StageReport } from '../machine/notices.ts'
import type { Clock } from '../shared/clock.ts'
import { createIngestion, type Ingestion } from './ingestion/ingestion.ts'
import type { IngestionObserver } from './ingestion/observer.ts'
import type { Lake } from './lake/lake.ts'
import { createReporter } from './stage-reporter.ts'
import { every, wait } from './stage-timer.ts'

export interface IngestStageOptions {
  lake: Lake
  clock: Clock
  /** Of the process, in reports. */
  instance: string
  observer: IngestionObserver
  /** Told the name of each object that is durable. */
  told: (key: string) => void
  /** Takes the reports. */
  send: (report: StageReport) => void | Promise<void>
}

export interface IngestStage extends Pick<Ingestion, 'receive' | 'figures' | 'stop'> {
  start(): void
}

export function createIngestStage({ send, instance, ...options }: IngestStageOptions): IngestStage {
  const ingestion = createIngestion({ ...options, wait, changed: () => reporter.changed() })
  const { clock } = options
  const reporter = createReporter({
    stage: 'ingest',
    instance,
    clock,
    every,
    send,
    figures: ingestion.figures,
  })
  return {
    receive: ingestion.receive,
    figures: ingestion.figures,
    start: reporter.start,
    async stop() {
      await ingestion.stop()
      reporter.stop()
    },
  }
}
