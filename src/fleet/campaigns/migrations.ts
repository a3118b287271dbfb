import type { Migrations } from '../../db/migrate.ts'

/** The tables of schema.ts, step by step; they refer to the vehicles. A step that has been released is never edited. */
export const campaignMigrations: Migrations = {
  feature: 'campaigns',
  steps: [
    `
    CREATE TABLE releases (
      row INTEGER PRIMARY KEY,
      version TEXT NOT NULL UNIQUE,
      release_counter INTEGER NOT NULL UNIQUE,
      manifest TEXT NOT NULL,
      signature TEXT NOT NULL,
      tampered INTEGER NOT NULL,
      simulation TEXT,
      created_at INTEGER NOT NULL,
      created_by TEXT NOT NULL
    ) STRICT;

    CREATE TABLE campaigns (
      row INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      release INTEGER NOT NULL REFERENCES releases (row),
      state TEXT NOT NULL,
      outcome TEXT,
      target TEXT NOT NULL,
      settings TEXT NOT NULL,
      current_wave INTEGER NOT NULL,
      round INTEGER NOT NULL,
      revision INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      created_by TEXT NOT NULL,
      approved_at INTEGER,
      approved_by TEXT,
      started_at INTEGER,
      finished_at INTEGER,
      deadline_at INTEGER
    ) STRICT;
    CREATE INDEX campaigns_live ON campaigns (row) WHERE state IN ('running', 'paused', 'aborting');

    CREATE TABLE campaign_waves (
      campaign INTEGER NOT NULL REFERENCES campaigns (row),
      wave INTEGER NOT NULL,
      planned INTEGER NOT NULL,
      state TEXT NOT NULL,
      started_at INTEGER,
      soak_until INTEGER,
      finished_at INTEGER,
      PRIMARY KEY (campaign, wave)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE campaign_pauses (
      row INTEGER PRIMARY KEY,
      campaign INTEGER NOT NULL REFERENCES campaigns (row),
      at INTEGER NOT NULL,
      rule TEXT NOT NULL,
      detail TEXT NOT NULL,
      settled INTEGER NOT NULL,
      failed INTEGER NOT NULL,
      time_to_detect_ms INTEGER,
      blast_radius INTEGER NOT NULL,
      resumed_at INTEGER,
      resumed_by TEXT
    ) STRICT;
    CREATE INDEX campaign_pauses_of ON campaign_pauses (campaign);

    CREATE TABLE vehicle_updates (
      row INTEGER PRIMARY KEY,
      update_id TEXT NOT NULL UNIQUE,
      campaign INTEGER NOT NULL REFERENCES campaigns (row),
      vehicle INTEGER NOT NULL REFERENCES vehicles (id),
      wave INTEGER NOT NULL,
      release INTEGER NOT NULL REFERENCES releases (row),
      state TEXT NOT NULL,
      reason TEXT,
      blocked TEXT,
      attempt INTEGER NOT NULL,
      attempt_ended INTEGER NOT NULL,
      download_failures INTEGER NOT NULL,
      install_failures INTEGER NOT NULL,
      endings INTEGER NOT NULL,
      failures INTEGER NOT NULL,
      rollbacks INTEGER NOT NULL,
      progress REAL,
      since INTEGER NOT NULL,
      due_at INTEGER,
      offered_at INTEGER,
      outcome TEXT,
      settled_at INTEGER CHECK ((settled_at IS NULL) = (outcome IS NULL)),
      settled_round INTEGER,
      UNIQUE (campaign, vehicle)
    ) STRICT;
    CREATE INDEX vehicle_updates_in_order ON vehicle_updates (campaign);
    CREATE INDEX vehicle_updates_due ON vehicle_updates (campaign, state, due_at);
    CREATE INDEX vehicle_updates_counted ON vehicle_updates (campaign, wave, state, blocked, outcome, settled_round);
    CREATE INDEX vehicle_updates_settled ON vehicle_updates (campaign, settled_at, outcome, settled_round) WHERE settled_at IS NOT NULL;
    CREATE INDEX vehicle_updates_of ON vehicle_updates (vehicle, state, release);

    CREATE TABLE update_transitions (
      row INTEGER PRIMARY KEY,
      update_row INTEGER NOT NULL REFERENCES vehicle_updates (row),
      from_state TEXT,
      to_state TEXT NOT NULL,
      at INTEGER NOT NULL,
      reason TEXT,
      attempt INTEGER NOT NULL,
      actor TEXT NOT NULL
    ) STRICT;
    CREATE INDEX update_transitions_of ON update_transitions (update_row);
    CREATE TRIGGER update_transitions_never_change BEFORE UPDATE ON update_transitions BEGIN SELECT RAISE(ABORT, 'transitions are append-only'); END;
    CREATE TRIGGER update_transitions_never_go BEFORE DELETE ON update_transitions BEGIN SELECT RAISE(ABORT, 'transitions are append-only'); END;
    `,
  ],
}
