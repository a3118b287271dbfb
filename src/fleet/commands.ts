/** What the fleet's writer can be asked. Each part declares its commands and how they are decided. */
import type * as writing from '../db/durable-writer.ts'
import type { CommandMessage, UpdateCommandMessage } from '../vehicle/messages.ts'
import type { CampaignCommands, CampaignEvent } from './campaigns/commands.ts'
import type { KpiCommands } from './kpis/commands.ts'
import type { TelemetryCommands, TelemetryEvent } from './telemetry/commands.ts'

export type FleetCommands = TelemetryCommands & CampaignCommands & KpiCommands
export type FleetEvent = TelemetryEvent | CampaignEvent

/** What handlers do beside writing: it happens after the commit. */
export interface Effects {
  /** Sends a message to a vehicle. */
  toVehicle(vehicle: string, message: Downward): void
  /** Tells that something happened: it is logged and counted. */
  tell(event: FleetEvent): void
}
export type Downward =
  | { topic: 'command'; message: CommandMessage }
  | { topic: 'update/command'; message: UpdateCommandMessage }

export interface Deciding extends Effects {
  /** The time of the transaction, Unix ms. */
  now: number
}

/** One function for each command, run inside the writer's transaction. */
export type Handlers<Commands extends writing.Declared<Commands>> = writing.Handlers<Commands, Deciding>

/** Decides commands in order and durably. */
export type FleetWriter = Pick<writing.Writer<FleetCommands>, 'submit'>
