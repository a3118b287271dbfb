/** The tables of the estate that are written row by row. Those that take thousands a second are in `migrations.ts`. Times are Unix ms. */
import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { deadLetterSchema } from '../ingest/dead-letter-schema.ts'

/** What was sent and could not be used. */
export const deadLetters = deadLetterSchema('estate_dead_letters')

/** One row a cause: it is open until it ended. */
export const anomalies = sqliteTable('estate_anomalies', {
  id: integer('id').primaryKey(),
  /** Of the cause: it is open once only. */
  cause: text('cause').notNull(),
  type: text('type').notNull(),
  detector: text('detector').notNull(),
  resourceKind: text('resource_kind', { enum: ['server', 'container', 'service'] }).notNull(),
  /** The name that people know; of a cause that many instances share, the service. */
  resource: text('resource').notNull(),
  service: text('service'),
  region: text('region'),
  version: text('version'),
  /** How many resources it shows on. */
  resources: integer('resources').notNull(),
  value: real('value').notNull(),
  expected: real('expected'),
  severity: text('severity', { enum: ['high', 'critical'] }).notNull(),
  sentence: text('sentence').notNull(),
  /** Of the first sample that was out of order. */
  startedAt: integer('started_at').notNull(),
  detectedAt: integer('detected_at').notNull(),
  endedAt: integer('ended_at'),
})

/** What the generator broke, as it said. */
export const injectedFaults = sqliteTable('estate_injected_faults', {
  id: text('id').primaryKey(),
  kind: text('kind').notNull(),
  resourceKind: text('resource_kind', { enum: ['server', 'container', 'service'] }).notNull(),
  resource: text('resource').notNull(),
  version: text('version'),
  startedAt: integer('started_at').notNull(),
  endedAt: integer('ended_at'),
})
