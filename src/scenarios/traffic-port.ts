/** What this room needs of whoever simulates people. Handed in. */
import type { Deed, TrafficReply } from './api.ts'

export type TrafficSummary = NonNullable<TrafficReply['summary']>

export interface TrafficPlan {
  /** Things done a second. */
  rate: number
  /** Weights; what is left out keeps its own. */
  mix?: { [D in Deed]?: number | undefined }
  /** How often a borrow that failed is asked again at once. */
  retries?: number
}

export interface TrafficRun {
  change(plan: TrafficPlan): void
  readonly elapsedSeconds: number
  summary(): TrafficSummary
  /** Nothing new begins. */
  stop(): void
  /** Resolves when all is given back; rejects when it cannot begin. */
  finished: Promise<TrafficSummary>
}

/** Begins traffic that lasts until it is stopped. */
export type StartTraffic = (
  wanted: TrafficPlan & {
    /** The same seed makes the same traffic. */
    seed: number
    /** Told about once a second. */
    onProgress: () => void
    /** It begins when this is settled. */
    after: Promise<unknown>
  },
) => TrafficRun
