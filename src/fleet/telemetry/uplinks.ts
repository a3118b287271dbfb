import type { UpdateStatusMessage } from '../../vehicle/messages.ts'
import type { Deciding } from '../commands.ts'
import type { VehicleRow } from '../schema.ts'

/** What the ingest hands on, in its transaction: each message once. */
export interface Uplinks {
  updateStatus(vehicle: VehicleRow, message: UpdateStatusMessage, deciding: Deciding): void
  /** After the vehicle said that it is there, and what runs on it. */
  online(vehicle: VehicleRow, deciding: Deciding): void
}
