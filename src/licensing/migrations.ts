import type { Migrations } from '../db/migrate.ts'

/** The tables of schema.ts, step by step. A step that has been released is never edited. */
export const licensingMigrations: Migrations = {
  feature: 'licensing',
  steps: [
    `
    CREATE TABLE pools (
      tool TEXT PRIMARY KEY,
      total INTEGER NOT NULL CHECK (total >= 0),
      commit_seats INTEGER NOT NULL CHECK (commit_seats >= 0),
      max_overage INTEGER NOT NULL CHECK (max_overage >= 0),
      commit_price_cents INTEGER NOT NULL,
      overage_price_cents INTEGER NOT NULL,
      lease_ttl_seconds INTEGER NOT NULL,
      spend_cap_cents INTEGER,
      borrowed INTEGER NOT NULL CHECK (borrowed BETWEEN 0 AND total),
      overage_cost_cents INTEGER NOT NULL,
      spend_month TEXT NOT NULL,
      spend_cents INTEGER NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE borrows (
      row INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      tool TEXT NOT NULL REFERENCES pools (tool),
      user TEXT NOT NULL,
      session TEXT,
      borrowed_at INTEGER NOT NULL,
      expires_at INTEGER,
      is_overage INTEGER NOT NULL,
      ended_at INTEGER,
      end_reason TEXT CHECK ((ended_at IS NULL) = (end_reason IS NULL))
    ) STRICT;
    CREATE INDEX borrows_open ON borrows (row) WHERE ended_at IS NULL;
    CREATE INDEX borrows_due ON borrows (expires_at) WHERE ended_at IS NULL AND expires_at IS NOT NULL;

    CREATE TABLE charges (
      row INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      tool TEXT NOT NULL REFERENCES pools (tool),
      borrow_row INTEGER NOT NULL REFERENCES borrows (row),
      user TEXT NOT NULL,
      charged_at INTEGER NOT NULL,
      amount_cents INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX charges_by_tool ON charges (tool);
    CREATE TRIGGER charges_never_change BEFORE UPDATE ON charges BEGIN SELECT RAISE(ABORT, 'charges are append-only'); END;
    CREATE TRIGGER charges_never_go BEFORE DELETE ON charges BEGIN SELECT RAISE(ABORT, 'charges are append-only'); END;

    CREATE TABLE denials (
      row INTEGER PRIMARY KEY,
      tool TEXT NOT NULL,
      user TEXT NOT NULL,
      reason TEXT NOT NULL,
      denied_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX denials_by_tool ON denials (tool);

    CREATE TABLE request_keys (
      key TEXT PRIMARY KEY,
      request TEXT NOT NULL,
      answer TEXT NOT NULL,
      stored_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX request_keys_by_age ON request_keys (stored_at);

    CREATE TABLE usage_minutes (
      tool TEXT NOT NULL REFERENCES pools (tool),
      minute INTEGER NOT NULL,
      cap INTEGER NOT NULL,
      closing INTEGER NOT NULL,
      peak INTEGER NOT NULL,
      seat_ms INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      borrows INTEGER NOT NULL,
      overage_borrows INTEGER NOT NULL,
      returns INTEGER NOT NULL,
      expiries INTEGER NOT NULL,
      revocations INTEGER NOT NULL,
      denied_exhausted INTEGER NOT NULL,
      denied_max_overage INTEGER NOT NULL,
      denied_spend_cap INTEGER NOT NULL,
      overage_cents INTEGER NOT NULL,
      PRIMARY KEY (tool, minute)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE ledger_state (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      last_at INTEGER NOT NULL,
      settings_revision INTEGER NOT NULL
    ) STRICT;
    INSERT INTO ledger_state VALUES (1, 0, 1);
    `,
  ],
}
