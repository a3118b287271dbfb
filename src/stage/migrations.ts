import type { Migrations } from '../db/migrate.ts'

/** The table of schema.ts, step by step. A step that has been released is never edited. */
export const stageMigrations: Migrations = {
  feature: 'stage',
  steps: [`CREATE TABLE stage_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`],
}
