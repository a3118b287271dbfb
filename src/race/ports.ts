/** What a race needs of others; app.ts hands it in. */
import type { VehicleProgress } from './vehicle-lane.ts'

/** The license server's releases and incidents. */
export interface CloudPort {
  /** Whether faults can be switched on here. */
  faultsPossible(): boolean
  /** Ends what else was set going, and ships a release with the race's fault. @throws Failure */
  ship(): Promise<{ version: string; commit: string }>
  /** Goes back; nothing happens where nothing is to go back to. */
  rollback(): void
  /** The version that runs now. */
  runs(): string
  /** The open incident about borrows; null: all is well, as far as is known. */
  incident(): { subject: string; acknowledged: boolean } | null
  /** Somebody looks at the open incidents. */
  acknowledge(): void
}

export interface TrafficPort {
  /** Traffic runs from now on: the one under way, or this. */
  ensure(rate: number): { simulated: boolean; rate: number }
  /** What `ensure` began may end. */
  release(): void
}

export interface TwinPort {
  start(options: { vehicles: number; seed: number; factor: number; fromMs: number }): {
    onProgress(listener: (progress: VehicleProgress) => void): void
    onFailure(listener: (error: Error) => void): void
    stop(): Promise<void>
  }
  assumptions: readonly { step: string; hours: number; why: string }[]
}
