/** What a copy of the ledger holds, for people. */
import { Database } from '../db/driver.ts'
import { rfc3339 } from '../shared/clock.ts'
import type { Manifest } from './manifest.ts'

/** @param path of a copy that nobody writes */
export function readCounts(path: string): Manifest['counts'] {
  const database = new Database(path, { readonly: true, fileMustExist: true })
  try {
    const counts = database
      .prepare(
        `SELECT (SELECT count(*) FROM borrows WHERE ended_at IS NULL) AS open_borrows,
           (SELECT count(*) FROM borrows) AS borrows, (SELECT count(*) FROM charges) AS charges,
           (SELECT last_at FROM ledger_state) AS newest_at`,
      )
      .get() as { open_borrows: number; borrows: number; charges: number; newest_at: number }
    return { ...counts, newest_at: counts.newest_at > 0 ? rfc3339(counts.newest_at) : null }
  } finally {
    database.close()
  }
}
