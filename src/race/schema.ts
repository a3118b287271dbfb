import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { RaceShape, RaceState } from './api.ts'

/** A race as it is told, with what it is found by. Times are Unix ms. */
export const races = sqliteTable('races', {
  row: integer().primaryKey(),
  id: text().notNull(),
  state: text().$type<RaceState>().notNull(),
  startedAt: integer('started_at').notNull(),
  document: text({ mode: 'json' }).$type<RaceShape>().notNull(),
})
