import type { ResourceKind } from '../../machine/topics.ts'
import type { DeadLetterReason } from '../commands.ts'
import type { LakeProblem } from '../lake/lake.ts'
import type { ObjectKind } from '../lake/object-key.ts'

/** Told of what the ingestion does: logs and metrics are made of it. Nothing here may throw. */
export interface IngestionObserver {
  /** So many samples are durable. */
  samples(kind: ResourceKind, count: number): void
  /** So many could not be used, and are durable with their reason. */
  deadLetters(reason: DeadLetterReason, count: number): void
  /** An object is in the lake. */
  object(kind: ObjectKind, lines: number, bytes: number): void
  /** Once for a series of failures, and again when the reason changes. @param detail for the log: it may name a path */
  lakeFailed(problem: LakeProblem, detail: string): void
  /** The lake takes again. */
  lakeRecovered(): void
  /** From the first attempt to write a batch until all of it was durable. */
  flushSeconds(seconds: number): void
}
