/** Whether a line of an object can be used. Pure. */
import {
  type ContainerSample,
  type ServerSample,
  type ServiceSample,
  sampleSchemas,
} from '../../machine/samples.ts'
import type { ResourceKind } from '../../machine/topics.ts'
import type { DeadLetterReason } from '../commands.ts'
import { diskUtilization, memoryUtilization, successRate } from './derive.ts'

/** A sample that can be used, with what is derived from it. */
export type Judged = { at: number; receivedAt: number } & (
  | { kind: 'server'; sample: ServerSample; derived: number | null }
  | { kind: 'container'; sample: ContainerSample; derived: number | null }
  | { kind: 'service'; sample: ServiceSample; derived: number | null }
)
export interface SetAside {
  dead: DeadLetterReason
  detail: string
}

export interface Times {
  /** Of the transaction, Unix ms. */
  now: number
  /** What is older has no place in any table, ms. */
  longestKeepMs: number
  /** How long a sample without a number can be told from one that came before, ms. */
  unnumberedKeepMs: number
}

/** A clock may run ahead so far. */
export const AHEAD_MAX_MS = 5 * 60_000
const DETAIL_MAX = 200

/**
 * @param receivedAt when it came, Unix ms. A sample is from the future when it was then, so that it is judged alike
 * whenever the object is taken.
 */
export function judge(
  kind: ResourceKind,
  sample: unknown,
  receivedAt: number,
  { now, longestKeepMs, unnumberedKeepMs }: Times,
): Judged | SetAside {
  const read = sampleSchemas[kind].safeParse(sample)
  if (!read.success) {
    const [issue] = read.error.issues
    const detail = `${issue?.path.join('.') || 'sample'}: ${issue?.message}`
    return { dead: 'invalid', detail: detail.slice(0, DETAIL_MAX) }
  }
  const { timestamp: at, boot, seq } = read.data
  if (at > Math.min(receivedAt, now) + AHEAD_MAX_MS)
    return { dead: 'future', detail: 'it was taken more than 5 minutes after it came' }
  if (at < now - longestKeepMs) return { dead: 'too_old', detail: 'it is older than anything that is kept' }
  if ((boot === undefined || seq === undefined) && at < now - unnumberedKeepMs)
    return { dead: 'too_old', detail: 'without boot and seq, so late it cannot be told from a repetition' }
  return { kind, at, receivedAt, sample: read.data, derived: derived[kind](read.data as never) } as Judged
}

const derived = { server: diskUtilization, container: memoryUtilization, service: successRate }

/** How people call what sent it. */
export function nameOf({ kind, sample }: Judged): string {
  if (kind === 'server') return sample.server_id
  if (kind === 'container') return sample.container_id
  return sample.instance_id ?? sample.service_name
}
/** null: it belongs to none, or nobody said. */
export const serviceOf = ({ kind, sample }: Judged): string | null =>
  kind === 'server' ? null : (sample.service_name ?? null)
