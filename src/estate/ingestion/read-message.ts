/** From a message to lines of the lake. Pure: what comes out depends on the message and the time only. */

import { sampleSchemas } from '../../machine/samples.ts'
import { kindOfTopic, type ResourceKind, SAMPLES_MAX } from '../../machine/topics.ts'
import type { Message } from '../../mqtt/link.ts'
import type { DeadLetterReason } from '../commands.ts'
import { lineOf } from '../lake/lines.ts'
import { type ObjectKind, partitionOf } from '../lake/object-key.ts'

/** Bytes of a message. */
export const PAYLOAD_MAX = 256 * 1024
/** What is kept of a message that is larger. */
const BEGINNING = 2000
const DAY_MS = 86_400_000
/** A sample's time chooses its partition, so nobody may name a million of them. */
const PAST_MS = 400 * DAY_MS
const AHEAD_MS = DAY_MS
/** Samples are flat but for a sketch. */
const DEPTH_MAX = 16
const TOPIC_MAX = 200

export interface Line {
  /** `kind=server/day=…/hour=…/` */
  partition: string
  kind: ObjectKind
  /** A time in that hour, Unix ms. */
  at: number
  /** null: it is a sample. */
  reason: DeadLetterReason | null
  text: string
}

/** What the source system called required. */
export const required: Record<ResourceKind, readonly string[]> = {
  server: ['timestamp', 'server_id', 'cpu_percent', 'memory_percent', 'status'],
  container: ['timestamp', 'container_id', 'cpu_percent', 'memory_mb', 'health'],
  service: ['timestamp', 'service_name', 'error_rate_percent', 'p95_response_time_ms'],
}

/** One line a sample, or one for a message that is no samples: never none. @param receivedAt Unix ms */
export function readMessage({ topic, payload }: Message, receivedAt: number): Line[] {
  const dead = (reason: DeadLetterReason, detail: string, text: string): Line => ({
    partition: partitionOf('dead', receivedAt),
    kind: 'dead',
    at: receivedAt,
    reason,
    text: lineOf({
      received_at: receivedAt,
      topic: topic.slice(0, TOPIC_MAX),
      reason,
      detail,
      payload: text,
    }),
  })
  if (payload.length > PAYLOAD_MAX)
    return [dead('too_large', `${payload.length} bytes`, payload.toString('utf8', 0, BEGINNING))]
  const text = payload.toString()
  const kind = kindOfTopic(topic)
  if (!kind) return [dead('unknown_topic', 'no topic for samples', text)]
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return [dead('malformed_json', (error as Error).message.slice(0, 200), text)]
  }
  if (!Array.isArray(value)) return [lineOfSample(value, () => text)]
  if (value.length === 0) return [dead('invalid', 'an empty list', text)]
  if (value.length > SAMPLES_MAX) return [dead('too_many', `${value.length} samples in a message`, text)]
  return value.map(sample => lineOfSample(sample, () => JSON.stringify(sample)))

  function lineOfSample(sample: unknown, original: () => string): Line {
    if (isDeep(sample, DEPTH_MAX)) return dead('invalid', 'nested too deeply', text.slice(0, BEGINNING))
    const fault = faultOf(kind as ResourceKind, sample, receivedAt)
    if (fault.reason !== null) return dead(fault.reason, fault.detail, original())
    return {
      partition: partitionOf(kind as ResourceKind, fault.at),
      kind: kind as ResourceKind,
      at: fault.at,
      reason: null,
      text: lineOf({ received_at: receivedAt, sample: sample as Record<string, unknown> }),
    }
  }
}

type Fault = { reason: null; at: number } | { reason: DeadLetterReason; detail: string }

function faultOf(kind: ResourceKind, sample: unknown, receivedAt: number): Fault {
  if (typeof sample !== 'object' || sample === null || Array.isArray(sample))
    return { reason: 'invalid', detail: 'a sample must be an object' }
  const missing = required[kind].filter(
    name => !Object.hasOwn(sample, name) || (sample as Record<string, unknown>)[name] === null,
  )
  if (missing.length > 0) return { reason: 'invalid', detail: `${missing.join(', ')}: missing` }
  const { success, data: at } = sampleSchemas[kind].shape.timestamp.safeParse(
    (sample as { timestamp: unknown }).timestamp,
  )
  if (!success) return { reason: 'invalid', detail: 'timestamp: must be a time in RFC 3339' }
  if (at > receivedAt + AHEAD_MS) return { reason: 'future', detail: 'more than a day ahead' }
  if (at < receivedAt - PAST_MS) return { reason: 'too_old', detail: 'more than 400 days ago' }
  return { reason: null, at }
}

function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const inner of Object.values(value)) if (isDeep(inner, levels - 1)) return true
  return false
}
