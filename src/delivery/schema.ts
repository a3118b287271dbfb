import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Deployer, deploymentKinds, FaultSet, incidentOpeners, Severity } from './api.ts'

/** Times are Unix ms. */
export const deployments = sqliteTable('deployments', {
  row: integer().primaryKey(),
  version: text().notNull(),
  commit: text('commit_id').notNull(),
  env: text().notNull(),
  deployedAt: integer('deployed_at').notNull(),
  kind: text().$type<(typeof deploymentKinds)[number]>().notNull(),
  by: text('deployed_by').$type<Deployer>().notNull(),
  simulated: integer({ mode: 'boolean' }).notNull(),
  planned: integer({ mode: 'boolean' }).notNull(),
  faults: text({ mode: 'json' }).$type<FaultSet>().notNull(),
  committedAt: integer('committed_at'),
  /** When another took over. */
  endedAt: integer('ended_at'),
  /** When its faults end, and it is rolled back with them; null: it has none, or they were ended before. */
  faultsEndAt: integer('faults_end_at'),
  /** A release: the deployment that runs again when this one is rolled back. */
  below: integer(),
  /** A rollback: the deployment that runs again. */
  restores: integer(),
  /** A rollback: the deployment that it took back. */
  undoes: integer(),
})

/** What burned: one open incident a subject. `deployment` is the version that ran when it opened. */
export const incidents = sqliteTable('incidents', {
  row: integer().primaryKey(),
  subject: text().notNull(),
  severity: text().$type<Severity>().notNull(),
  openedBy: text('opener').$type<(typeof incidentOpeners)[number]>().notNull(),
  /** The fingerprint of its first alert: the incident lasts as long as that one fires. Of a burn seen here: the alert's name. */
  alert: text('opened_by').notNull(),
  deployment: integer(),
  startedAt: integer('started_at').notNull(),
  detectedAt: integer('detected_at').notNull(),
  acknowledgedAt: integer('acknowledged_at'),
  mitigatedAt: integer('mitigated_at'),
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

/** Seats that the fault `seat_leak` holds. `key` makes its borrow repeatable; `borrow` is null until it was granted. */
export const leakedSeats = sqliteTable('leaked_seats', {
  key: text().primaryKey(),
  tool: text().notNull(),
  borrow: text(),
})

export type Alert = typeof alerts.$inferSelect
export type Incident = typeof incidents.$inferSelect
export type LeakedSeat = typeof leakedSeats.$inferSelect
export type DeploymentRow = typeof deployments.$inferSelect
/** `isFailed`: an incident opened while it ran, or it was rolled back. */
export type Deployment = DeploymentRow & { isFailed: boolean }
