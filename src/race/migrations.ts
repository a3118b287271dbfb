import type { Migrations } from '../db/migrate.ts'

/** The table of schema.ts, step by step. A step that has been released is never edited. */
export const raceMigrations: Migrations = {
  feature: 'race',
  steps: [
    `
    CREATE TABLE races (
      row INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      state TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      document TEXT NOT NULL
    ) STRICT;
    `,
  ],
}
