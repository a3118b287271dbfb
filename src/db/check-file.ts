/** Whether a file is a whole database, and how new its tables are. */
import { type Connection, Database } from './driver.ts'

export interface CheckedFile {
  /** What is wrong with it, the first few. Empty: nothing. */
  problems: string[]
  /** The newest step of each feature that has tables in it. */
  steps: Record<string, number>
}

const SHOWN = 5

/** Reads every page of a database that nobody writes: its structure, its indexes, its references. */
export function checkDatabase(path: string): CheckedFile {
  let database: Connection | undefined
  try {
    database = new Database(path, { readonly: true, fileMustExist: true })
    const unsound = (database.pragma(`integrity_check(${SHOWN})`) as { integrity_check: string }[])
      .map(row => row.integrity_check)
      .filter(line => line !== 'ok')
    if (unsound.length > 0) return { problems: unsound, steps: {} }
    const dangling = (database.pragma('foreign_key_check') as { table: string; parent: string }[])
      .slice(0, SHOWN)
      .map(({ table, parent }) => `a row of ${table} refers to one of ${parent} that is not there`)
    return { problems: dangling, steps: stepsOf(database) }
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    return { problems: [error.message], steps: {} }
  } finally {
    database?.close()
  }
}

function stepsOf(database: Connection): Record<string, number> {
  const isOurs = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'twinloop_migrations'`).get()
  if (!isOurs) return {}
  const rows = database
    .prepare('SELECT feature, max(step) AS step FROM twinloop_migrations GROUP BY feature')
    .all() as { feature: string; step: number }[]
  return Object.fromEntries(rows.map(({ feature, step }) => [feature, step]))
}
