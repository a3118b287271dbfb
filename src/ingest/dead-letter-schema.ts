/** Messages that could not be used, each with the reason. Every feature that takes messages has such a table. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Times are Unix ms. */
export const deadLetterSchema = (name: string) =>
  sqliteTable(
    name,
    {
      id: integer().primaryKey(),
      receivedAt: integer('received_at').notNull(),
      topic: text().notNull(),
      reason: text().notNull(),
      detail: text().notNull(),
      payload: text().notNull(),
    },
    table => [index(`${name}_by_reason`).on(table.reason)],
  )

export type DeadLetterTable = ReturnType<typeof deadLetterSchema>

/** The same table, as a step of a migration makes it. */
export const deadLetterSql = (name: string): string => `
    CREATE TABLE ${name} (
      id INTEGER PRIMARY KEY,
      received_at INTEGER NOT NULL,
      topic TEXT NOT NULL,
      reason TEXT NOT NULL,
      detail TEXT NOT NULL,
      payload TEXT NOT NULL
    ) STRICT;
    CREATE INDEX ${name}_by_reason ON ${name} (reason);`
