/** API events, and the figures made from them. Times are Unix ms. */
import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { EventSource, KpiCategory } from './commands.ts'

export const apiEvents = sqliteTable(
  'api_events',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** When it counts: when it happened, as far as that was not in the future. */
    timestamp: integer().notNull(),
    /** When the sender said that it happened. */
    happenedAt: integer('happened_at'),
    endpoint: text().notNull(),
    method: text().notNull(),
    statusCode: integer('status_code').notNull(),
    responseTimeMs: real('response_time_ms').notNull(),
    clientId: text('client_id').notNull(),
    vehicle: text(),
    errorMessage: text('error_message'),
    source: text().$type<EventSource>().notNull(),
    key: text('idempotency_key').unique(),
  },
  // Holds all that the operational figures are made from, so a window is read from the index alone.
  table => [index('api_events_by_time').on(table.timestamp, table.statusCode, table.responseTimeMs)],
)

export const kpiSnapshots = sqliteTable(
  'kpi_snapshots',
  {
    timestamp: integer().notNull(),
    name: text('kpi_name').notNull(),
    value: real('kpi_value'),
    category: text('kpi_category').$type<KpiCategory>().notNull(),
  },
  table => [
    primaryKey({ columns: [table.name, table.timestamp] }),
    index('kpi_snapshots_by_time').on(table.timestamp),
  ],
)

/** The minutes, since 1970, in which the server could write. The first one is never removed. */
export const heartbeats = sqliteTable('heartbeats', { minute: integer().primaryKey() })

export type ApiEvent = typeof apiEvents.$inferSelect
