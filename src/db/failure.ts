import Database from 'better-sqlite3'
import { Failure, type Reason, StartFailure } from '../shared/errors.ts'

const sqliteReasons: [RegExp, Reason, string][] = [
  [/^SQLITE_FULL/, 'storage_full', 'The disk is full. Nothing was changed; try again when there is room.'],
  [/^SQLITE_(BUSY|LOCKED)/, 'storage_locked', 'Another program holds the database. Nothing was changed.'],
  [/^STORAGE_MISSING/, 'storage_missing', 'The database file is gone. Nothing was changed.'],
  [/^SQLITE_READONLY/, 'storage_read_only', 'The database cannot be written. Nothing was changed.'],
  [/^SQLITE_(IOERR|CANTOPEN|CORRUPT|NOTADB|PROTOCOL)/, 'storage_failed', 'The database does not answer.'],
]

/** The failure that a SQLite error means to a client, if it is the store's and not a fault of ours. */
export function storageFailure(code: unknown): Failure | undefined {
  const known = typeof code === 'string' ? sqliteReasons.find(([pattern]) => pattern.test(code)) : undefined
  return known && new Failure(known[1], known[2])
}

/** The same for the person who starts the server. */
export function openFailure(error: unknown, path: string): unknown {
  if (error instanceof StartFailure || !(error instanceof Database.SqliteError)) return error
  const code = error.code
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return new StartFailure(`The database is locked by another program: ${path}`, `lsof ${path}`)
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code))
    return new StartFailure(
      `The database cannot be opened for writing: ${path} (${error.message})`,
      `ls -l ${path}`,
    )
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code))
    return new StartFailure(
      `This file is not a SQLite database, or is damaged: ${path}`,
      'choose another with --db',
    )
  if (/^SQLITE_FULL/.test(code))
    return new StartFailure(`The disk of the database is full: ${path}`, `df -h ${path}`)
  return error
}
