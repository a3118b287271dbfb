/** What the estate's writer can be asked. Each is decided in order, inside one transaction with those beside it. */
import type { FaultNotice } from '../machine/notices.ts'
import type { ResourceKind } from '../machine/topics.ts'

/** Why a sample is set aside. A closed set: it is a label of a metric. */
export const deadLetterReasons = [
  'unknown_topic',
  'too_large',
  'too_many',
  'malformed_json',
  'invalid',
  'future',
  'too_old',
  'over_share',
  'estate_full',
  'fault',
] as const
export type DeadLetterReason = (typeof deadLetterReasons)[number]

export interface AnomalyFound {
  cause: string
  type: string
  detector: string
  resourceKind: ResourceKind
  resource: string
  service: string | null
  region: string | null
  version: string | null
  resources: number
  value: number
  expected: number | null
  severity: 'high' | 'critical'
  sentence: string
  startedAt: number
}

/** An object of the lake as it is handed to the writer. */
export interface ObjectToTake {
  key: string
  /** Its bytes (compressed lines) in base64: as text they would cost the way to the thread three times as much. */
  body: string
  /** Of a damaged object, of which these are the lines before the damage. */
  problem?: string
}

/** What became of an object. */
export interface ObjectTaken {
  /** false: it was taken before, and changed nothing. */
  isNew: boolean
  /** It changed nothing yet: what is kept of its days is being forgotten, or its bytes are damaged. null: it is taken. */
  refused: 'forgetting' | 'damaged' | null
  samples: number
  duplicates: number
  dead: { reason: DeadLetterReason; count: number }[]
  /** Of samples that were sent as they happened: how long ago each kind's newest was taken, in ms; null: none. */
  delayMs: number | null
}

export interface EstateCommands {
  /** Every line of an object is used once, however often it is asked. */
  take_object: { in: ObjectToTake; out: ObjectTaken }
  /** Never takes this object: taking it breaks. It is one dead letter, `fault`. */
  set_object_aside: { in: { key: string; detail: string }; out: ObjectTaken }
  /** Which of these (up to 1,000) were not taken yet. */
  find_untaken: { in: { keys: string[] }; out: { untaken: string[] } }
  /** Forgets that these were taken: they are gone from the lake. */
  drop_checkpoints: { in: { keys: string[] }; out: { removed: number } }
  note_fault: { in: FaultNotice; out: { isNew: boolean } }
  /** Opens what is new, updates what is known, ends what is not among them any more. */
  record_anomalies: {
    in: { found: AnomalyFound[] }
    out: { opened: AnomalyFound[]; ended: { cause: string; type: string; resource: string }[] }
  }
  /** Removes a piece of what is no longer kept. `expired`: objects that were taken and that the lake need not keep. */
  prune: { in: Record<string, never>; out: { removed: number; isDone: boolean; expired: string[] } }
  /**
   * Forgets every row from a day on (Unix ms, midnight UTC), in pieces, so that the lake can be taken again. No object of
   * these days is taken until it is done. null: goes on with what a stop interrupted.
   */
  forget_from: { in: { day: number | null }; out: { removed: number; isDone: boolean } }
}
