/** Whether anybody has a database open; while it is held, nobody can. */
import { closeSync, openSync, readSync } from 'node:fs'
import { StartFailure } from '../shared/errors.ts'
import { type Connection, Database } from './driver.ts'
import { openFailure } from './failure.ts'

export interface Held {
  /** true: its write-ahead log is folded into the file. false: it is damaged, so nobody could be asked. */
  whole: boolean
  release(): void
}

/** A backup, or another passing reader, may end in this time. */
const WAIT_MS = 2000

/**
 * Takes a database for this process alone. SQLite leaves the write-ahead log only when no other connection is open, not
 * even an idle one: that is how a running server is noticed. What is in the log comes into the file by it.
 * @throws StartFailure when another program has it open
 */
export function holdAlone(path: string): Held {
  // SQLite would remove the log of what it cannot read.
  if (!isDatabase(path)) return { whole: false, release() {} }
  let database: Connection | undefined
  try {
    database = new Database(path, { fileMustExist: true, timeout: WAIT_MS })
    database.pragma('journal_mode = DELETE')
    database.pragma('locking_mode = EXCLUSIVE')
    database.exec('BEGIN EXCLUSIVE')
    const held = database
    return { whole: true, release: () => void held.close() }
  } catch (error) {
    database?.close()
    if (!(error instanceof Database.SqliteError)) throw error
    if (/^SQLITE_(NOTADB|CORRUPT)/.test(error.code)) return { whole: false, release() {} }
    if (!/^SQLITE_(BUSY|LOCKED)/.test(error.code)) throw openFailure(error, path)
    throw new StartFailure(
      `Another program has ${path} open: the server, or a stage of its pipeline`,
      'stop it, then run this again; `lsof` with that path names it',
    )
  }
}

const HEADER = 'SQLite format 3\0'

/** An empty file is a new database. */
function isDatabase(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const begin = Buffer.alloc(HEADER.length)
    const bytes = readSync(file, begin)
    return bytes === 0 || begin.toString('latin1') === HEADER
  } finally {
    closeSync(file)
  }
}
