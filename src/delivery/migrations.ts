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
    `
    ALTER TABLE deployments ADD COLUMN kind TEXT NOT NULL DEFAULT 'start';
    ALTER TABLE deployments ADD COLUMN deployed_by TEXT NOT NULL DEFAULT 'process';
    ALTER TABLE deployments ADD COLUMN simulated INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE deployments ADD COLUMN planned INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE deployments ADD COLUMN faults TEXT NOT NULL DEFAULT '{}';
    ALTER TABLE deployments ADD COLUMN committed_at INTEGER;
    ALTER TABLE deployments ADD COLUMN ended_at INTEGER;
    ALTER TABLE deployments ADD COLUMN faults_end_at INTEGER;
    ALTER TABLE deployments ADD COLUMN below INTEGER REFERENCES deployments (row);
    ALTER TABLE deployments ADD COLUMN restores INTEGER REFERENCES deployments (row);
    ALTER TABLE deployments ADD COLUMN undoes INTEGER REFERENCES deployments (row);
    UPDATE deployments SET ended_at =
      (SELECT next.deployed_at FROM deployments AS next WHERE next.row > deployments.row ORDER BY next.row LIMIT 1);
    CREATE INDEX deployments_undone ON deployments (undoes) WHERE undoes IS NOT NULL;

    ALTER TABLE incidents ADD COLUMN opener TEXT NOT NULL DEFAULT 'alertmanager';
    ALTER TABLE incidents ADD COLUMN acknowledged_at INTEGER;
    ALTER TABLE incidents ADD COLUMN mitigated_at INTEGER;
    CREATE INDEX incidents_of_deployment ON incidents (deployment);

    CREATE TABLE leaked_seats (key TEXT PRIMARY KEY, tool TEXT NOT NULL, borrow TEXT) STRICT;
    `,
  ],
}
