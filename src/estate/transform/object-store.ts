/** Which objects of the lake were taken, and what could not be used of them. */
import { max } from 'drizzle-orm'
import type { Db } from '../../db/open.ts'
import { createDeadLetterStore } from '../../ingest/dead-letter-store.ts'
import { type ObjectKind, objectKinds, partitionOf } from '../lake/object-key.ts'
import { deadLetters } from '../schema.ts'

export interface Checkpoint {
  samples: number
  duplicates: number
  dead: number
  /** The id of its first dead letter: the others follow it. null: it has none. */
  firstDead: number | null
}
export type ObjectStore = ReturnType<typeof createObjectStore>

const EXPIRED_AT_ONCE = 500

export function createObjectStore(db: Db) {
  const sql = <P extends unknown[], R = unknown>(text: string) => db.$client.prepare<P, R>(text)
  const isTaken = sql<[string], 1>('SELECT 1 FROM estate_lake_objects WHERE key = ?').pluck()
  const add = sql<(string | number | null)[]>(
    `INSERT INTO estate_lake_objects (key, samples, duplicates, dead, taken_at, first_dead) VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const remove = sql<[string]>('DELETE FROM estate_lake_objects WHERE key = ?')
  const expired = sql<[string, string, number], string>(
    'SELECT key FROM estate_lake_objects WHERE key >= ? AND key < ? ORDER BY key LIMIT ?',
  ).pluck()
  const newestDead = db
    .select({ id: max(deadLetters.id) })
    .from(deadLetters)
    .prepare()
  const forgetting = sql<[], number>('SELECT min(day) FROM estate_forgetting').pluck()

  return {
    isTaken: (key: string) => isTaken.get(key) === 1,
    add: (key: string, { samples, duplicates, dead, firstDead }: Checkpoint, now: number) =>
      void add.run(key, samples, duplicates, dead, now, firstDead),
    remove: (key: string) => remove.run(key).changes,
    /** Some of those whose hour was over before `before`, Unix ms. */
    expired(before: number): string[] {
      const keys: string[] = []
      const of = (kind: ObjectKind) =>
        expired.all(`kind=${kind}/`, partitionOf(kind, before), EXPIRED_AT_ONCE - keys.length)
      for (const kind of objectKinds) keys.push(...of(kind))
      return keys
    },
    addDeadLetter: createDeadLetterStore(db, deadLetters).add,
    /** The id that the next dead letter gets. */
    nextDeadLetter: () => (newestDead.get()?.id ?? 0) + 1,
    /** The day from which on all is being forgotten; null: nothing is. */
    forgettingFrom: () => forgetting.get() ?? null,
  }
}
