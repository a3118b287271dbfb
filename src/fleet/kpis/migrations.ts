import type { Migrations } from '../../db/migrate.ts'

/** The tables of schema.ts, step by step. A step that has been released is never edited. */
export const kpiMigrations: Migrations = {
  feature: 'fleet_kpis',
  steps: [
    `
    CREATE TABLE api_events (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      timestamp INTEGER NOT NULL,
      happened_at INTEGER,
      endpoint TEXT NOT NULL,
      method TEXT NOT NULL,
      status_code INTEGER NOT NULL,
      response_time_ms REAL NOT NULL,
      client_id TEXT NOT NULL,
      vehicle TEXT,
      error_message TEXT,
      source TEXT NOT NULL,
      idempotency_key TEXT UNIQUE
    ) STRICT;
    CREATE INDEX api_events_by_time ON api_events (timestamp, status_code, response_time_ms);

    CREATE TABLE kpi_snapshots (
      timestamp INTEGER NOT NULL,
      kpi_name TEXT NOT NULL,
      kpi_value REAL,
      kpi_category TEXT NOT NULL,
      PRIMARY KEY (kpi_name, timestamp)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX kpi_snapshots_by_time ON kpi_snapshots (timestamp);

    CREATE TABLE heartbeats (minute INTEGER PRIMARY KEY) STRICT;
    `,
  ],
}
