import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Severity } from './api.ts'

/** Times are Unix ms. */
export const deployments = sqliteTable('deployments', {
  row: integer().primaryKey(),
  version: text().notNull(),
  commit: text('commit_id').notNull(),
  env: text().notNull(),
  deployedAt: integer('deployed_at').notNull(),
})

/** What burned: one open incident a subject. `deployment` is the version that ran when it opened. */
export const incidents = sqliteTable('incidents', {
  row: integer().primaryKey(),
  subject: text().notNull(),
  severity: text().$type<Severity>().notNull(),
  /** The fingerprint of its first alert: the incident lasts as long as that one fires. */
  openedBy: text('opened_by').notNull(),
  deployment: integer(),
  startedAt: integer('started_at').notNull(),
  detectedAt: integer('detected_at').notNull(),
  resolvedAt: integer('resolved_at'),
})

/** Alerts as Alertmanager announced them: one row each time that one fired. */
export const alerts = sqliteTable(
  'alerts',
  {
    fingerprint: text().notNull(),
    startsAt: integer('starts_at').notNull(),
    name: text().notNull(),
    severity: text().$type<Severity>().notNull(),
    subject: text().notNull(),
    summary: text().notNull(),
    runbookUrl: text('runbook_url'),
    isDemo: integer('demo', { mode: 'boolean' }).notNull(),
    endsAt: integer('ends_at'),
    receivedAt: integer('received_at').notNull(),
    incident: integer(),
  },
  table => [primaryKey({ columns: [table.fingerprint, table.startsAt] })],
)

export type Alert = typeof alerts.$inferSelect
export type Incident = typeof incidents.$inferSelect
export type Deployment = typeof deployments.$inferSelect
