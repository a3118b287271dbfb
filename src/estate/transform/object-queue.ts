/**
 * Objects that wait to be taken. Those of the last hours go first, in the order in which they were written, so that
 * what happens now can be queried while history is filled; but every fourth is an old one while there are any, the
 * newest hour first. Pure.
 */
import { readKey } from '../lake/object-key.ts'

const HOUR_MS = 3_600_000
const OLD_EVERY = 4
/** What was written so long after its hour was no message that had waited: it is history. */
const HISTORY_MS = 2 * HOUR_MS

/** @param max more are not kept: the lake is listed again */
export function createObjectQueue(max: number) {
  const objects = new Map<string, number>()
  const hours = new Map<number, Set<string>>()
  let turn = 0

  const isLive = (hour: number, now: number) => hour > now - 2 * HOUR_MS

  function remove(key: string) {
    const hour = objects.get(key)
    if (hour === undefined) return
    objects.delete(key)
    const keys = hours.get(hour)
    keys?.delete(key)
    if (keys?.size === 0) hours.delete(hour)
  }

  /** Makes room for one of now. */
  function dropOld(now: number): boolean {
    const oldest = Math.min(...hours.keys())
    const [key] = hours.get(oldest) ?? []
    if (isLive(oldest, now) || key === undefined) return false
    remove(key)
    return true
  }

  return {
    get size() {
      return objects.size
    },
    has: (key: string) => objects.has(key),
    /** @returns false: it is no object of ours, or there is no room */
    add(key: string, now: number): boolean {
      if (objects.has(key)) return true
      const named = readKey(key)
      if (!named) return false
      if (objects.size >= max && !(isLive(named.hour, now) && dropOld(now))) return false
      objects.set(key, named.hour)
      const keys = hours.get(named.hour) ?? new Set()
      hours.set(named.hour, keys.add(key))
      return true
    },
    /** The next, which waits no more; null: nothing waits. @param now Unix ms */
    take(now: number): string | null {
      const all = [...hours.keys()]
      const live = all.filter(hour => isLive(hour, now))
      const old = all.filter(hour => !isLive(hour, now))
      turn++
      const takesOld = old.length > 0 && (live.length === 0 || turn % OLD_EVERY === 0)
      const hour = takesOld ? Math.max(...old) : Math.min(...live)
      const [key] = hours.get(hour) ?? []
      if (key === undefined) return null
      remove(key)
      return key
    },
    keys: () => objects.keys(),
  }
}

/** How long an object has waited, ms; 0 for history: nobody waits for it. */
export function waitedMs(key: string, now: number): number {
  const named = readKey(key)
  if (!named || named.writtenAt - named.hour > HOUR_MS + HISTORY_MS) return 0
  return Math.max(0, now - named.writtenAt)
}
