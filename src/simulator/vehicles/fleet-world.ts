/** What all vehicles of a fleet share, and what each shows of itself. */
import type { KeyObject } from 'node:crypto'
import type { Clock } from '../../shared/clock.ts'
import type { Dtc } from '../../vehicle/messages.ts'
import type { CoverageOdds } from './connectivity.ts'
import type { Defect } from './diagnostics.ts'
import type { FaultOptions } from './faults.ts'
import type { Identity } from './identity.ts'
import type { Connect } from './link.ts'
import type { Scheduler } from './scheduler.ts'
import type { Counts } from './stats.ts'

/** What holds by itself when it is left out. */
export interface FleetNature {
  /** What all vehicles run at first; left out: what each left the factory with. */
  firmware?: { version: string; releaseCounter: number }
  defect?: Defect
  coverage?: CoverageOdds
  /** How finely a vehicle is computed, simulated seconds: between two looks at itself, and its way between them. */
  grain?: { lookSeconds: number; pieceSeconds: number }
  /** Told when the trouble codes of a vehicle changed, at once and whether or not it has coverage. */
  onDtcs?: (vehicle: string, dtcs: Dtc[]) => void
}

export interface FleetWorld extends FleetNature {
  clock: Clock
  scheduler: Scheduler
  connect: Connect
  /** From which the passwords come. */
  key: string
  /** Of whoever signs releases. */
  publicKey: KeyObject
  seed: number
  /** Simulated seconds in a real one. */
  speed: number
  /** Between samples, simulated seconds. */
  intervalSeconds: number
  faults: FaultOptions
  counts: Counts
  newBoot: (vehicle: string) => string
}

export interface VehicleView {
  online: boolean
  batteryPercent: number
  firmware: string
  waiting: number
  dtcs: Dtc[]
}

export interface Vehicle {
  identity: Identity
  /** @param afterMs when it connects for the first time @param phase of its samples within the interval, 0 to 1 */
  start(afterMs: number, phase: number): void
  /** Whether there is a network around it at all; what it meets on its way comes on top. */
  cover(covered: boolean): void
  /** No more samples; what waits still goes out. */
  quieten(): void
  /** Tells that it goes, and goes. */
  leave(): void
  view(): VehicleView
}
