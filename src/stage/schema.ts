import { sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** What the stage must know after a restart in the middle of a talk. */
export const stageFacts = sqliteTable('stage_facts', {
  name: text().primaryKey(),
  value: text().notNull(),
})
