/** Finds objects that nobody told of: of other processes, of the time before this one, and those that were forgotten. */
import type { Lake } from '../lake/lake.ts'
import { type ObjectKind, objectKinds, partitionOf, readKey } from '../lake/object-key.ts'
import { bucketAt } from './rollup.ts'
import type { EstateWriter } from './writer.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Clocks of those who write may differ by so much: what is older was seen. */
const OVERLAP_MS = 5 * 60_000
const ASKED_AT_ONCE = 500
/** Partitions of which is remembered that all was taken: more than eight days have. */
const SETTLED_MAX = 5000

export interface LakeWatchOptions {
  lake: Pick<Lake, 'list'>
  writer: Pick<EstateWriter, 'submit'>
  /** How far back days are looked through from the newest; older ones come last. */
  lakeKeepMs: number
  /** Whether nothing need be asked about it: it waits already, or was taken just now. */
  isKnown: (key: string) => boolean
  /** Resolves when there is room for it. */
  found: (key: string) => Promise<void>
}

export function createLakeWatch({ lake, writer, lakeKeepMs, isKnown, found }: LakeWatchOptions) {
  /** How many objects partitions had when all of them were taken: as long as they have no more, nothing is new. */
  const settled = new Map<string, number>()
  /** Up to where partitions of now were looked through. */
  let seen = new Map<string, number>()

  /** @returns how many of them were not taken */
  async function look(keys: readonly string[]): Promise<number> {
    const unknown = keys.filter(key => !isKnown(key))
    let untakenCount = keys.length - unknown.length
    for (let from = 0; from < unknown.length; from += ASKED_AT_ONCE) {
      const page = unknown.slice(from, from + ASKED_AT_ONCE)
      const { untaken } = await writer.submit('find_untaken', { keys: page })
      untakenCount += untaken.length
      for (const key of untaken) await found(key)
    }
    return untakenCount
  }

  async function lookAtPartition(partition: string, keys: string[]) {
    if (settled.get(partition) === keys.length) return
    if ((await look(keys)) > 0) return
    if (settled.size >= SETTLED_MAX) settled.clear()
    settled.set(partition, keys.length)
  }

  /** @param until the first name that is not looked at */
  async function lookThrough(prefix: string, until?: string) {
    let partition = ''
    let keys: string[] = []
    for await (const { key } of lake.list(prefix)) {
      if (until !== undefined && key >= until) break
      if (!readKey(key)) continue
      const of = key.slice(0, key.lastIndexOf('/') + 1)
      if (of !== partition) {
        if (keys.length > 0) await lookAtPartition(partition, keys)
        partition = of
        keys = []
      }
      keys.push(key)
    }
    if (keys.length > 0) await lookAtPartition(partition, keys)
  }

  const dayOf = (kind: ObjectKind, at: number) => partitionOf(kind, at).replace(/hour=.*/, '')

  return {
    /** The partitions of this hour and those beside it: only what came since the last time. */
    async lookAtRecent(now: number) {
      const upTo = new Map<string, number>()
      for (const kind of objectKinds)
        for (const hour of [now, now - HOUR_MS, now + HOUR_MS]) {
          const partition = partitionOf(kind, hour)
          const last = seen.get(partition) ?? 0
          const after = `${partition}${String(Math.max(0, last - OVERLAP_MS)).padStart(13, '0')}`
          const keys: string[] = []
          for await (const { key } of lake.list(partition, after)) if (readKey(key)) keys.push(key)
          await look(keys)
          upTo.set(partition, Math.max(last, readKey(keys.at(-1) ?? '')?.writtenAt ?? 0))
        }
      seen = upTo
    },
    /** All of it, the newest day first. @param from only from this day on (Unix ms) */
    async lookAtAll(now: number, from?: number) {
      const oldest = bucketAt(from ?? now - lakeKeepMs, DAY_MS)
      for (let day = bucketAt(now, DAY_MS) + DAY_MS; day >= oldest; day -= DAY_MS)
        for (const kind of objectKinds) await lookThrough(dayOf(kind, day))
      if (from === undefined)
        for (const kind of objectKinds) await lookThrough(`kind=${kind}/`, dayOf(kind, oldest))
    },
    /** What was taken is not any more. */
    forget() {
      settled.clear()
      seen.clear()
    },
  }
}
export type LakeWatch = ReturnType<typeof createLakeWatch>
