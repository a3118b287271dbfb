/** The deck, its remote, the audience and the stack, on the wire. */
import { z } from 'zod'
import { eventNames } from '../observability/event-names.ts'

const time = z.iso.datetime()
const count = z.int().min(0)
const id = z.string().regex(/^[\w-]{1,64}$/)

/** What a deck on a screen tells: where it stands. */
export const positionRequest = z.strictObject({
  deck: id.meta({ description: 'Names the window; made by it' }),
  slide: id.meta({ description: 'The id of the slide’s element' }),
  index: count.max(200).meta({ description: 'From 0' }),
  slides: count.max(200),
  fragments_left: count.max(50).default(0),
  claim: z.boolean().default(false).meta({ description: 'Take over from another window' }),
})
export type PositionRequest = z.output<typeof positionRequest>

export const deckActions = ['next', 'previous', 'go', 'pause'] as const
export const commandRequest = z.strictObject({
  action: z.enum(deckActions).meta({ description: 'pause: black screen, and back' }),
  to: id.optional().meta({ description: 'The slide to go to' }),
  meant_for: count.meta({
    description: 'The position’s `revision` that the sender saw: a stale command is refused',
  }),
})
export type CommandRequest = z.output<typeof commandRequest>

export const deckShape = z.object({
  /** null: no deck is open on a screen. */
  position: z
    .object({
      deck: id,
      slide: id,
      index: count,
      slides: count,
      fragments_left: count,
      since: time.meta({ description: 'When this slide came on, with however many fragments' }),
      at: time,
      revision: count,
    })
    .nullable(),
  /** The newest command; a deck obeys one it has not seen, when `meant_for` is its own revision. */
  command: z
    .object({ seq: count, action: z.enum(deckActions), to: id.nullable(), meant_for: count })
    .nullable(),
  /** Who may send commands; null: the next who does. `handle` is a name for a browser, not a secret. */
  driver: z.object({ handle: z.string(), since: time }).nullable(),
  started_at: time.nullable().meta({ description: 'When the talk’s clock was started' }),
})
export type DeckShape = z.output<typeof deckShape>
export const deckReply = deckShape.extend({ me: z.string().nullable(), driving: z.boolean() })
export type DeckReply = z.output<typeof deckReply>

/** The run of show: what to say and how long, slide by slide. For the presenter only. */
export const runOfShowReply = z.object({
  total_seconds: count,
  slides: z.array(z.object({ slide: id, title: z.string(), seconds: count, notes: z.array(z.string()) })),
})
export type RunOfShowReply = z.output<typeof runOfShowReply>

export const joinReply = z.object({
  url: z.string().meta({ description: 'Where phones go: the public address, else the one on the network' }),
  local_only: z.boolean().meta({ description: 'Only this machine can reach it' }),
  wifi: z
    .object({ ssid: z.string() })
    .nullable()
    .meta({ description: 'The network whose code /wifi.svg shows' }),
})
export type JoinReply = z.output<typeof joinReply>

export const partNames = [
  'server',
  'prometheus',
  'alertmanager',
  'loki',
  'grafana',
  'broker',
  'fleet',
  'estate',
] as const
export const stackReply = z.object({
  parts: z.array(
    z.object({
      name: z.enum(partNames),
      title: z.string(),
      state: z.enum(['up', 'absent', 'failing']),
      detail: z.string(),
      /** Where a browser finds it; null: nowhere. */
      url: z.string().nullable(),
      took_ms: z.number().nullable(),
    }),
  ),
})
export type StackReply = z.output<typeof stackReply>

export const LOG_PATH = '/log'
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
/** Longer texts are cut. */
export const SHOWN_MAX = 256
const wanted = z.string().min(1).max(128).optional()
export const logQuery = z.object({
  level: z.enum(logLevels).optional().meta({ description: 'This level and what is worse' }),
  event: z.enum(eventNames).optional(),
  tool: wanted,
  version: wanted,
  request_id: wanted.meta({ description: 'All lines of one request' }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.coerce.number().int().min(0).optional().meta({ description: 'Only lines with a higher `seq`' }),
})
export type LogQuery = z.output<typeof logQuery>

const shown = z.string().max(SHOWN_MAX).optional()
const amount = z.number().optional()
/**
 * What everybody may see of a log line: all else stays in the log. A borrow's id is a capability, and vehicles are
 * nobody's business; free text (`error`, `stack`, `summary`, `detail`) may hold anything.
 */
export const logLine = z.object({
  seq: count,
  time,
  level: z.enum(logLevels),
  event: z.enum(eventNames),
  msg: z.string().max(SHOWN_MAX),
  version: shown,
  commit: shown,
  request_id: shown,
  method: shown,
  route: shown,
  status: z.union([z.number(), z.string().max(SHOWN_MAX)]).optional(),
  duration_ms: amount,
  tool: shown,
  user: shown,
  reason: shown.meta({ description: 'A word; explanations in prose are left out' }),
  is_overage: z.boolean().optional(),
  amount,
  from_version: shown,
  to_version: shown,
  kind: shown,
  by: shown,
  faults: shown,
  fault: shown,
  alert: shown,
  subject: shown,
  severity: shown,
  incident: amount,
  deployment: amount,
  scenario: shown,
  rate: amount,
  state: shown,
  release: shown,
  model: shown,
  from: shown,
  to: shown,
  wave: amount,
  planned: z.union([z.number(), z.boolean()]).optional(),
  rule: shown,
})
export type LogLine = z.output<typeof logLine>

export const logReply = z.object({
  lines: z.array(logLine),
  last: count.meta({ description: 'The `seq` of the newest line of all: the next `after`' }),
  more: z.boolean().meta({ description: 'Older lines match too, beyond `limit`' }),
  skipped: count.meta({
    description: 'Lines after `after` that were forgotten before they were asked for; some may have matched',
  }),
})
export type LogReply = z.output<typeof logReply>

/** The topic `room`, for phones: small, once a second. */
export interface RoomFrame {
  at: string
  /** Phones that are joined: open pages of the audience. */
  joined: number
  version: string
  /** The share of browsers whose script is broken by the running release; 0: none. */
  browser_script: number
}

/** The topic `stage`, for the deck and the presenter. */
export interface StageFrame {
  at: string
  joined: number
  /** Streams of all kinds. */
  streams: number
  deck: DeckShape
  stack: StackReply['parts']
}
