/** What the ingest of a message works with. */
import type { Arrival } from '../../ingest/intake.ts'
import type { Deciding } from '../commands.ts'
import type { Boot, TelemetryStore } from './store.ts'
import type { Uplinks } from './uplinks.ts'
import type { VehicleAtWork, WorkingSet } from './working-set.ts'

export interface Parts {
  store: TelemetryStore
  set: WorkingSet
  uplinks: Uplinks
  /** What happened longer ago, in ms, is not kept. */
  keepMs: number
  /** How many vehicles may register. */
  vehiclesMax: number
}

/** One message of a vehicle that is known. */
export interface Context extends Parts {
  arrival: Arrival
  deciding: Deciding
  name: string
  vehicle: VehicleAtWork
  boot: Boot
  /** What must be added to the vehicle's times. */
  clockErrorMs: number
}
