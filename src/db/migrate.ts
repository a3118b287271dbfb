import { StartFailure } from '../shared/errors.ts'
import type { Connection } from './driver.ts'

/** A feature's tables: its steps in order, each SQL that runs once. */
export interface Migrations {
  feature: string
  steps: readonly string[]
}

/**
 * Brings a feature's tables to its newest step, in one transaction.
 * @throws StartFailure when a newer version made the file
 */
export function migrate(connection: Connection, { feature, steps }: Migrations): void {
  const run = connection.transaction(() => {
    connection.exec(
      'CREATE TABLE IF NOT EXISTS twinloop_migrations (feature TEXT NOT NULL, step INTEGER NOT NULL, PRIMARY KEY (feature, step)) STRICT',
    )
    const done = connection
      .prepare('SELECT coalesce(max(step), 0) FROM twinloop_migrations WHERE feature = ?')
      .pluck()
      .get(feature) as number
    if (done > steps.length)
      throw new StartFailure(
        `The database is from a newer version: ${connection.name} (${feature} step ${done}, this version knows ${steps.length})`,
        'start the newer version, or choose another file with --db',
      )
    for (const [index, step] of steps.entries()) {
      if (index < done) continue
      connection.exec(step)
      connection.prepare('INSERT INTO twinloop_migrations VALUES (?, ?)').run(feature, index + 1)
    }
  })
  run.immediate()
}

/** @throws StartFailure when the file has tables, and none of ours. Reads only. */
export function refuseForeign(connection: Connection): void {
  const tables = connection.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all()
  if (tables.length === 0 || tables.includes('twinloop_migrations')) return
  throw new StartFailure(
    `The database was made by another program: ${connection.name} (it has the tables ${tables.slice(0, 5).join(', ')})`,
    'choose another file with --db',
  )
}
