/** From the bytes of a message to what a vehicle said, or the reason why it is set aside. */
import { z } from 'zod'
import { connectivityTypes, ecuNames, hardwareRevisions, models, regions } from '../../vehicle/equipment.ts'
import {
  type CommandResultMessage,
  DTC_CODE,
  type DtcMessage,
  type OfflineState,
  type OnlineState,
  SAMPLES_MAX,
  type StateMessage,
  type TelemetryMessage,
  type UpdateStatusMessage,
} from '../../vehicle/messages.ts'
import { VERSION } from '../../vehicle/release.ts'
import { type SignalName, signals } from '../../vehicle/signals.ts'
import { readTopic, type Uplink, uplinks } from '../../vehicle/topics.ts'
import { updateReasons, vehicleReportedStates } from '../../vehicle/update-states.ts'
import { vinProblem } from '../../vehicle/vin.ts'
import type { DeadLetterReason } from './dead-letter.ts'

/** Longer payloads are not read. */
export const PAYLOAD_MAX = 128 * 1024
const COUNTER_MAX = Number.MAX_SAFE_INTEGER
const DTCS_MAX = 64
const DETAIL_MAX = 200

const vehicle = z.string().max(32)
const boot = z.string().regex(/^[\w-]{4,40}$/)
/** Unix ms until the year 2100. */
const time = z.int().min(0).max(4_102_444_800_000)
const seq = z.int().min(1).max(COUNTER_MAX)
const counter = z.int().min(0).max(1_000_000)
const version = z.string().regex(VERSION)
const slot = z.enum(['a', 'b'])
const hardware = z.enum(hardwareRevisions)

const numbered = { vehicle, boot, seq, at: time, sent: time }

const signalSchemas = Object.fromEntries(
  Object.entries(signals).map(([name, { type, min, max }]) => [
    name,
    (type === 'boolean' ? z.boolean() : z.number().min(min).max(max)).optional(),
  ]),
) as Record<SignalName, z.ZodOptional<z.ZodBoolean | z.ZodNumber>>

const online = z.object({
  vehicle,
  boot,
  at: time,
  online: z.literal(true),
  vin: z.string().max(32),
  model: z.enum(models),
  year: z.int().min(2010).max(2039),
  region: z.enum(regions),
  hardware,
  firmware: version,
  release_counter: counter,
  slot,
  ecus: z.array(z.object({ ecu: z.enum(ecuNames), hardware, version })).max(16),
  connectivity: z.enum(connectivityTypes),
})
const offline = z.object({ vehicle, boot, online: z.literal(false) })

const schemas = {
  state: z.discriminatedUnion('online', [online, offline]),
  telemetry: z.object({
    vehicle,
    boot,
    sent: time,
    historical: z.literal(true).optional(),
    dropped: z.int().min(0).max(COUNTER_MAX).optional(),
    samples: z
      .array(z.object({ seq, at: time, signals: z.object(signalSchemas) }))
      .min(1)
      .max(SAMPLES_MAX),
  }),
  dtc: z.object({
    ...numbered,
    dtcs: z
      .array(z.object({ code: z.string().regex(DTC_CODE), status: z.enum(['pending', 'confirmed']) }))
      .max(DTCS_MAX),
  }),
  'update/status': z.object({
    ...numbered,
    update_id: z.string().max(64),
    attempt: z.int().min(1).max(1000),
    state: z.enum(vehicleReportedStates),
    reason: z.enum(updateReasons).optional(),
    progress: z.number().min(0).max(100).optional(),
    firmware: version.optional(),
    release_counter: counter.optional(),
    slot: slot.optional(),
  }),
  'command/result': z.object({
    ...numbered,
    id: z.string().max(64),
    outcome: z.enum(['done', 'refused']),
    reason: z.string().max(200).optional(),
  }),
} as const satisfies Record<Uplink, z.ZodType>

/** A message with the kind of topic that it came on. */
export type Said =
  | { uplink: 'state'; message: StateMessage }
  | { uplink: 'telemetry'; message: TelemetryMessage }
  | { uplink: 'dtc'; message: DtcMessage }
  | { uplink: 'update/status'; message: UpdateStatusMessage }
  | { uplink: 'command/result'; message: CommandResultMessage }
export interface SetAside {
  dead: DeadLetterReason
  detail: string
}

export function readMessage(topic: string, payload: string): Said | SetAside {
  const read = readTopic(topic)
  if (!read || !isUplink(read.kind)) return dead('unknown_topic', 'no topic of a vehicle')
  if (payload.length > PAYLOAD_MAX) return dead('too_large', `${payload.length} characters`)
  let value: unknown
  try {
    value = JSON.parse(payload)
  } catch (error) {
    return dead('malformed_json', (error as Error).message)
  }
  const parsed = schemas[read.kind].safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return dead('invalid', `${issue?.path.join('.') || 'message'}: ${issue?.message}`)
  }
  if (parsed.data.vehicle !== read.vehicle)
    return dead('vehicle_mismatch', 'the message names another vehicle than its topic')
  const problem = isOnline(parsed.data) ? vinProblem(parsed.data.vin, parsed.data.year) : null
  if (problem) return dead('invalid_vin', problem)
  return { uplink: read.kind, message: parsed.data } as Said
}

const dead = (reason: DeadLetterReason, detail: string): SetAside => ({
  dead: reason,
  detail: detail.slice(0, DETAIL_MAX),
})

const isUplink = (kind: string): kind is Uplink => (uplinks as readonly string[]).includes(kind)

const isOnline = (message: object): message is OnlineState =>
  'online' in message && (message as OnlineState | OfflineState).online
