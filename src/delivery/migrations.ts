import type { Migrations } from '../db/migrate.ts'

/** The tables of schema.ts, step by step. A step that has been released is never edited. */
export const deliveryMigrations: Migrations = {
  feature: 'delivery',
  steps: [
    `
    CREATE TABLE deployments (
      row INTEGER PRIMARY KEY,
      version TEXT NOT NULL,
      commit_id TEXT NOT NULL,
      env TEXT NOT NULL,
      deployed_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE incidents (
      row INTEGER PRIMARY KEY,
      subject TEXT NOT NULL,
      severity TEXT NOT NULL,
      opened_by TEXT NOT NULL,
      deployment INTEGER REFERENCES deployments (row),
      started_at INTEGER NOT NULL,
      detected_at INTEGER NOT NULL,
      resolved_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX incidents_open ON incidents (subject) WHERE resolved_at IS NULL;

    CREATE TABLE alerts (
      fingerprint TEXT NOT NULL,
      starts_at INTEGER NOT NULL,
      name TEXT NOT NULL,
      severity TEXT NOT NULL,
      subject TEXT NOT NULL,
      summary TEXT NOT NULL,
      runbook_url TEXT,
      demo INTEGER NOT NULL,
      ends_at INTEGER,
      received_at INTEGER NOT NULL,
      incident INTEGER REFERENCES incidents (row),
      PRIMARY KEY (fingerprint, starts_at)
    ) STRICT;
    CREATE INDEX alerts_received ON alerts (received_at);
    `,
  ],
}
