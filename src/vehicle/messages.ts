/**
 * The messages on the topics, as JSON. Times are Unix milliseconds by the vehicle's clock. `boot` names one run of the
 * vehicle's computer; `seq` counts from 1 within it over everything but the state: (vehicle, boot, seq) is sent once.
 */
import type { ConnectivityType, Ecu, HardwareRevision, Model, Region } from './equipment.ts'
import type { Manifest } from './release.ts'
import type { SignalValues } from './signals.ts'
import type { UpdateReason, VehicleReportedState } from './update-states.ts'

/** Who says it, when it was sent, in which run of its computer. */
interface Envelope {
  vehicle: string
  boot: string
  sent: number
}
interface Numbered extends Envelope {
  seq: number
  /** When it happened. */
  at: number
}

/** `state`, retained: said when the vehicle comes online, when it changed, and when it is asked for a snapshot. */
export interface OnlineState {
  vehicle: string
  boot: string
  at: number
  online: true
  vin: string
  model: Model
  year: number
  region: Region
  hardware: HardwareRevision
  /** The version of the release that runs, `1.3.0`. */
  firmware: string
  /** Only a release with a higher counter may be installed. */
  release_counter: number
  slot: 'a' | 'b'
  ecus: Ecu[]
  connectivity: ConnectivityType
}
/** `state`, retained, also the last will: the vehicle is gone. */
export interface OfflineState {
  vehicle: string
  boot: string
  online: false
}
export type StateMessage = OnlineState | OfflineState

export interface Sample {
  seq: number
  at: number
  signals: SignalValues
}
/** `telemetry`: 1 to SAMPLES_MAX samples. */
export interface TelemetryMessage extends Envelope {
  /** Kept while there was no coverage, and sent later. */
  historical?: true
  /** Samples that this boot had no room to keep, so far. */
  dropped?: number
  samples: Sample[]
}
export const SAMPLES_MAX = 500

/** A diagnostic trouble code with its failure type byte, `U0100-87` (ISO 15031-6, ISO 14229-1). */
export const DTC_CODE = /^[PCBU][0-3][0-9A-F]{3}-[0-9A-F]{2}$/
export interface Dtc {
  code: string
  status: 'pending' | 'confirmed'
}
/** `dtc`: every code that is set now; one that is missing was cleared. */
export interface DtcMessage extends Numbered {
  dtcs: Dtc[]
}

/** `update/status`: how far an update is, in the vehicle. */
export interface UpdateStatusMessage extends Numbered {
  update_id: string
  attempt: number
  state: VehicleReportedState
  reason?: UpdateReason
  /** Of the state it is in, 0 to 100. */
  progress?: number
  /** What runs now, told with every final state. */
  firmware?: string
  release_counter?: number
  slot?: 'a' | 'b'
}

export const commandKinds = ['snapshot', 'lock', 'unlock', 'climate', 'charging', 'route'] as const
export type CommandKind = (typeof commandKinds)[number]
/** `command`: the server wants something done. A snapshot is answered by a state and one sample, without a result. */
export interface CommandMessage {
  id: string
  kind: CommandKind
  /** For climate and charging: on or off. */
  on?: boolean
  /** For climate, in °C. */
  celsius?: number
  /** For a route. */
  destination?: { latitude: number; longitude: number }
}
/** `command/result`. */
export interface CommandResultMessage extends Numbered {
  id: string
  outcome: 'done' | 'refused'
  reason?: string
}

/** `update/command`: the offer of a release, or its withdrawal. */
export type UpdateCommandMessage =
  | {
      kind: 'offer'
      update_id: string
      attempt: number
      manifest: Manifest
      /** Of the manifest's canonical text, ed25519, base64url. */
      signature: string
      /** Whether the driver has to agree first. */
      consent_required: boolean
      /** The least charge of the traction battery with which it may be installed. */
      battery_floor_percent: number
      /** SIMULATED: how this release behaves in the simulated vehicles. */
      simulation?: ReleaseSimulation
    }
  | { kind: 'cancel'; update_id: string; attempt: number }

/** How often a simulated vehicle fails with a release, in percent of the attempts. */
export interface ReleaseSimulation {
  download_failure_percent?: number
  install_failure_percent?: number
  self_test_failure_percent?: number
  /** Rolling back fails too: the vehicle is left in neither version. */
  rollback_failure_percent?: number
  /** Vehicles go silent while they install. */
  silence_percent?: number
  /** Only vehicles with this hardware are concerned. */
  hardware?: HardwareRevision
}
