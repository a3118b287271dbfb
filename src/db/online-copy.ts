/** A copy of a database that others write meanwhile. */
import { type Connection, Database } from './driver.ts'
import { openFailure } from './failure.ts'

/** Of 4 KB each: a step takes a few ms. */
const PAGES_A_STEP = 1000

export interface CopyOptions {
  from: string
  /** Must not exist. */
  to: string
  /** How long to wait for another program's lock, in ms. */
  busyTimeoutMs: number
  /** Told after each step, in pages. What it throws ends the copy. */
  progress: (done: number, total: number) => void
}

/**
 * Copies one state of a database, by SQLite's online backup. Nobody who writes is held up. The copy is one plain file,
 * without a write-ahead log beside it.
 * @throws StartFailure when the database cannot be opened, SqliteError when the copy cannot be written
 */
export async function copyDatabase({ from, to, busyTimeoutMs, progress }: CopyOptions): Promise<void> {
  const source = openToRead(from, busyTimeoutMs)
  try {
    // SQLite begins a backup anew whenever another program commits: under load it would never end. A read transaction
    // holds the state of its beginning, so all steps see that one.
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM sqlite_schema').get()
    await source.backup(to, {
      progress({ totalPages, remainingPages }) {
        progress(totalPages - remainingPages, totalPages)
        return PAGES_A_STEP
      },
    })
  } finally {
    source.close()
  }
  const copy = new Database(to)
  try {
    copy.pragma('journal_mode = DELETE')
  } finally {
    copy.close()
  }
}

/** How large a copy becomes. @throws StartFailure when the database cannot be opened */
export function copyBytes(path: string, busyTimeoutMs: number): number {
  const source = openToRead(path, busyTimeoutMs)
  try {
    const read = (name: string) => source.pragma(name, { simple: true }) as number
    return read('page_count') * read('page_size')
  } finally {
    source.close()
  }
}

function openToRead(path: string, busyTimeoutMs: number): Connection {
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs })
    try {
      database.prepare('SELECT count(*) FROM sqlite_schema').get()
      return database
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    throw openFailure(error, path)
  }
}
