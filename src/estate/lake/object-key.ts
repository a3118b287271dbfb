/**
 * The names of objects. Samples are partitioned by kind, day and hour of their own time (UTC):
 * `kind=server/day=2026-11-21/hour=23/1795303200123-3f9c2a-000042.jsonl.gz`: when it was written (Unix ms), by which
 * run of the ingestion, its number in that run. What could not be read is kept too, by the time it came:
 * `kind=dead/day=…`. Each line of an object is a LakeLine.
 */

import type { ResourceKind } from '../../machine/topics.ts'
import { rfc3339 } from '../../shared/clock.ts'

export type ObjectKind = ResourceKind | 'dead'
export const objectKinds: readonly ObjectKind[] = ['server', 'container', 'service', 'dead']

export interface ObjectKey {
  kind: ObjectKind
  /** The hour of the partition, Unix ms. */
  hour: number
  /** Unix ms. */
  writtenAt: number
  /** Of the ingestion. */
  run: string
  number: number
}

/** `kind=server/day=2026-11-21/hour=23/` @param at any time in it, Unix ms */
export function partitionOf(kind: ObjectKind, at: number): string {
  const text = rfc3339(at)
  return `kind=${kind}/day=${text.slice(0, 10)}/hour=${text.slice(11, 13)}/`
}

export const keyOf = ({ kind, hour, writtenAt, run, number }: ObjectKey): string =>
  `${partitionOf(kind, hour)}${String(writtenAt).padStart(13, '0')}-${run}-${String(number).padStart(6, '0')}.jsonl.gz`

const KEY =
  /^kind=(server|container|service|dead)\/day=(\d{4}-\d\d-\d\d)\/hour=(\d\d)\/(\d{13})-([a-z0-9]{1,16})-(\d{6,})\.jsonl\.gz$/

/** null: none of ours. */
export function readKey(key: string): ObjectKey | null {
  const [, kind, day, hour, writtenAt, run, number] = KEY.exec(key) ?? []
  if (kind === undefined || run === undefined) return null
  const at = Date.parse(`${day}T${hour}:00:00.000Z`)
  if (Number.isNaN(at)) return null
  return { kind: kind as ObjectKind, hour: at, writtenAt: Number(writtenAt), run, number: Number(number) }
}

/** A line of an object: a sample as it came, when it came (Unix ms); in a dead object why it could not be used. */
export type LakeLine =
  | { received_at: number; sample: Record<string, unknown> }
  | { received_at: number; topic: string; reason: string; detail: string; payload: string }
