/** What the fleet's writer can be asked about API events and the figures made from them. */

/** `reported`: somebody told of it by `POST /api/events`; `measured`: the vehicle API timed it itself. */
export type EventSource = 'reported' | 'measured'

/** An event that is to be kept. Times are Unix ms. */
export interface NewEvent {
  /** When it happened, as it was told; null: now. */
  happenedAt: number | null
  endpoint: string
  method: string
  statusCode: number
  responseTimeMs: number
  clientId: string
  vehicle: string | null
  errorMessage: string | null
  source: EventSource
  /** An event with the same key is the same event. */
  key: string | null
}

/** `timestamp` is the time at which the event counts: when it happened, never later than now. */
export type EventOutcome =
  | { kind: 'recorded'; id: number; timestamp: number }
  | { kind: 'repeated'; id: number; timestamp: number }
  | { kind: 'key_reused' }

export const kpiCategories = ['operational', 'security', 'delivery'] as const
export type KpiCategory = (typeof kpiCategories)[number]

export interface KpiValue {
  name: string
  category: KpiCategory
  /** Null: there was nothing to make it from. */
  value: number | null
}

export type KpiCommands = {
  /** Keeps a batch; the outcomes come in its order. */
  record_events: { in: { events: NewEvent[] }; out: { outcomes: EventOutcome[] } }
  /** Keeps figures under the minute that runs; a second time in that minute replaces them. */
  take_snapshot: { in: { values: KpiValue[] }; out: { timestamp: number } }
  /** Witnesses that the server could write in this minute. */
  heartbeat: { in: Record<string, never>; out: { minute: number } }
  /** Removes one bounded piece of what is older, or more, than is kept. */
  prune_events: { in: { keepMs: number; eventsMax: number; pieceMax: number }; out: { removed: number } }
}
