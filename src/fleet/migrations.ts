import type { Migrations } from '../db/migrate.ts'
import { deadLetterSql } from '../ingest/dead-letter-schema.ts'
import { signalFields } from '../vehicle/signals.ts'

export const vehicleMigrations: Migrations = {
  feature: 'fleet',
  steps: [
    `
    CREATE TABLE vehicles (
      id INTEGER PRIMARY KEY,
      vehicle TEXT NOT NULL UNIQUE,
      vin TEXT NOT NULL UNIQUE,
      model TEXT NOT NULL,
      year INTEGER NOT NULL,
      region TEXT NOT NULL,
      hardware TEXT NOT NULL,
      firmware TEXT NOT NULL,
      release_counter INTEGER NOT NULL,
      slot TEXT NOT NULL,
      ecus TEXT NOT NULL,
      connectivity TEXT NOT NULL,
      boot TEXT NOT NULL,
      state_at INTEGER NOT NULL DEFAULT 0,
      online INTEGER NOT NULL,
      active_update TEXT,
      first_seen_at INTEGER NOT NULL,
      last_seen_at INTEGER NOT NULL,
      sampled_at INTEGER,
      speed_kmh REAL,
      odometer_m REAL,
      latitude REAL,
      longitude REAL,
      heading REAL,
      battery_percent REAL,
      battery_health_percent REAL,
      battery_volts REAL,
      battery_celsius REAL,
      charging INTEGER,
      low_voltage_volts REAL,
      parked INTEGER,
      locked INTEGER,
      climate_on INTEGER,
      signal_dbm REAL,
      data_usage_mb REAL,
      dtcs_at INTEGER
    ) STRICT;
    CREATE INDEX vehicles_by_firmware ON vehicles (firmware);

    CREATE TABLE boots (
      id INTEGER PRIMARY KEY,
      vehicle_id INTEGER NOT NULL REFERENCES vehicles (id),
      boot TEXT NOT NULL,
      received TEXT NOT NULL,
      dropped INTEGER NOT NULL,
      snapshot_asked_at INTEGER NOT NULL,
      heard_at INTEGER NOT NULL,
      UNIQUE (vehicle_id, boot)
    ) STRICT;
    CREATE INDEX boots_by_age ON boots (heard_at);

    CREATE TABLE samples (
      vehicle_id INTEGER NOT NULL,
      at INTEGER NOT NULL,
      boot_id INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      received_at INTEGER NOT NULL,
      historical INTEGER NOT NULL,
      ${signalFields.map(field => `${field} REAL`).join(',\n      ')},
      PRIMARY KEY (vehicle_id, at, boot_id, seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE fleet_minutes (
      minute INTEGER PRIMARY KEY,
      samples INTEGER NOT NULL,
      battery_sum REAL NOT NULL,
      battery_count INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE vehicle_dtcs (
      vehicle_id INTEGER NOT NULL REFERENCES vehicles (id),
      code TEXT NOT NULL,
      status TEXT NOT NULL,
      since INTEGER NOT NULL,
      PRIMARY KEY (vehicle_id, code)
    ) STRICT, WITHOUT ROWID;
    ${deadLetterSql('dead_letters')}
    `,
  ],
}
