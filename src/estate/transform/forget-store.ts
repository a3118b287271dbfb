/** Forgets all from a day on, so that the lake can be taken again. It survives a stop: the day is a row until it is done. */
import type { Db } from '../../db/open.ts'
import { objectKinds, partitionOf } from '../lake/object-key.ts'
import { type Removal, rawTables, removalSql, removePiece, rollupTables } from './removal.ts'
import { spans } from './rollup.ts'

interface Taken {
  key: string
  firstDead: number | null
  dead: number
}
const OBJECTS_AT_ONCE = 1000

export function createForgetStore(db: Db) {
  const sql = <P extends unknown[], R = unknown>(text: string) => db.$client.prepare<P, R>(text)
  const removal = (table: string, keys: string, where: string): Removal => {
    const statement = sql<[number]>(removalSql(table, keys, where))
    return time => statement.run(time).changes
  }
  const begin = sql<[number]>('INSERT OR IGNORE INTO estate_forgetting VALUES (?)')
  const end = sql<[]>('DELETE FROM estate_forgetting')
  const current = sql<[], number>('SELECT min(day) FROM estate_forgetting').pluck()
  /** Resources stay, with their ids; the next sample from then on is their newest again. */
  const unheard = sql<[number, number]>('UPDATE estate_resources SET last_at = ? - 1 WHERE last_at >= ?')
  const objects = sql<[string, string, number], Taken>(
    'SELECT key, first_dead AS firstDead, dead FROM estate_lake_objects WHERE key >= ? AND key < ? LIMIT ?',
  )
  const removeObject = sql<[string]>('DELETE FROM estate_lake_objects WHERE key = ?')
  const removeLetters = sql<[number, number]>('DELETE FROM estate_dead_letters WHERE id >= ? AND id < ?')

  function removeObjects(day: number): number {
    let removed = 0
    for (const kind of objectKinds) {
      // Letters come behind digits.
      const rows = objects.all(partitionOf(kind, day), `kind=${kind}/day=A`, OBJECTS_AT_ONCE)
      for (const { key, firstDead, dead } of rows) {
        if (firstDead !== null) removeLetters.run(firstDead, firstDead + dead)
        removed += removeObject.run(key).changes
      }
    }
    return removed
  }

  const removals: Removal[] = [
    ...rawTables.map(table => removal(table, 'at, resource', 'at >= ?')),
    ...spans.flatMap(span =>
      rollupTables.map(({ table, keys }) => removal(table, keys, `span = ${span} AND bucket >= ?`)),
    ),
    removal('estate_resource_hours', 'hour, resource', 'hour >= ?'),
    removal('estate_resource_days', 'day, resource', 'day >= ?'),
    removal('estate_received', 'day, resource, boot', 'day >= ?'),
    removal('estate_unnumbered', 'at, resource', 'at >= ?'),
    removal('estate_restarts', 'resource, at', 'at >= ?'),
    ...['server', 'container', 'service'].map(kind => removal(`estate_${kind}_now`, 'resource', 'at >= ?')),
    day => unheard.run(day, day).changes,
    removeObjects,
  ]

  return {
    /** Removes a piece. @param from a midnight, Unix ms; null: goes on with what was begun */
    forget(from: number | null): { removed: number; isDone: boolean } {
      if (from !== null) begin.run(from)
      const day = current.get() ?? null
      if (day === null) return { removed: 0, isDone: true }
      const piece = removePiece([...removals].map(remove => () => remove(day)))
      // A removal that found something may have left something.
      const isDone = piece.isDone && piece.removed === 0
      if (isDone) end.run()
      return { removed: piece.removed, isDone }
    },
  }
}
export type ForgetStore = ReturnType<typeof createForgetStore>
