import type { Arrival } from '../../ingest/intake.ts'
import type { Uplink } from '../../vehicle/topics.ts'
import type { DeadLetterReason } from './dead-letter.ts'

/** What became of a message. */
export type Fate =
  | {
      kind: 'stored'
      uplink: Uplink
      /** Samples that were new. */
      samples: number
      duplicates: number
      historical: boolean
      /** The newest event time of samples that were sent as they were taken. */
      liveAt: number | null
    }
  | { kind: 'duplicate'; uplink: Uplink }
  | { kind: 'dead'; reason: DeadLetterReason }

export type TelemetryCommands = {
  arrive: { in: Arrival; out: Fate }
  /** Keeps a message that `arrive` broke on. */
  set_aside: { in: { arrival: Arrival; detail: string }; out: Fate }
  /** The broker was started anew: no vehicle is connected. */
  all_offline: { in: object; out: { vehicles: number } }
  /** Removes what is older than is kept, for some vehicles at a time. `after`: the vehicle id to go on from. */
  prune: { in: { after: number }; out: { removed: number; next: number | null } }
}

export type TelemetryEvent =
  | { kind: 'vehicle_registered'; vehicle: string; model: string; region: string; firmware: string }
  | { kind: 'vehicle_online'; vehicle: string; model: string; region: string; firmware: string }
  | { kind: 'vehicle_offline'; vehicle: string }
  | { kind: 'clock_corrected'; vehicle: string; errorMs: number }
  | { kind: 'sequence_gap'; vehicle: string; missing: number }
  | { kind: 'samples_dropped'; vehicle: string; dropped: number }
  | { kind: 'samples_late'; vehicle: string; samples: number }
  | { kind: 'dtc_changed'; vehicle: string; code: string; status: 'pending' | 'confirmed' | 'cleared' }
  | {
      kind: 'command_result'
      vehicle: string
      id: string
      outcome: 'done' | 'refused'
      reason: string | null
    }
  | { kind: 'dead_letter'; vehicle: string | null; reason: DeadLetterReason; detail: string }
