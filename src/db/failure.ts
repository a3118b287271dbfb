import { Failure, type Reason, StartFailure } from '../shared/errors.ts'
import { Database } from './driver.ts'

const sqliteReasons: [RegExp, Reason, string][] = [
  [/^SQLITE_FULL/, 'storage_full', 'The disk is full. Nothing was changed; try again when there is room.'],
  [/^SQLITE_(BUSY|LOCKED)/, 'storage_locked', 'Another program holds the database. Nothing was changed.'],
  [/^STORAGE_MISSING/, 'storage_missing', 'The database file is gone. Nothing was changed.'],
  [/^SQLITE_READONLY/, 'storage_read_only', 'The database cannot be written. Nothing was changed.'],
  [/^SQLITE_(IOERR|CANTOPEN|CORRUPT|NOTADB|PROTOCOL)/, 'storage_failed', 'The database does not answer.'],
]

/** The failure that a SQLite error means to a client, if it is the store's and not a fault of ours. */
export function storageFailure({ code, message }: { code?: unknown; message: string }): Failure | undefined {
  const known = typeof code === 'string' ? sqliteReasons.find(([pattern]) => pattern.test(code)) : undefined
  if (!known) return undefined
  const failure = new Failure(known[1], known[2])
  failure.cause = message
  return failure
}

/** The SQLite code of an error, also of one that wraps it. */
export function codeOf(error: unknown): string | undefined {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  if (typeof code === 'string') return code
  return cause === undefined || cause === null ? undefined : codeOf(cause)
}

const openFailures: [RegExp, (path: string, message: string) => [string, string]][] = [
  [/^SQLITE_(BUSY|LOCKED)/, path => [`The database is locked by another program: ${path}`, `lsof ${path}`]],
  [
    /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/,
    (path, message) => [`The database cannot be opened for writing: ${path} (${message})`, `ls -l ${path}`],
  ],
  [
    /^SQLITE_(NOTADB|CORRUPT)/,
    path => [`This file is not a SQLite database, or is damaged: ${path}`, 'choose another with --db'],
  ],
  [/^SQLITE_FULL/, path => [`The disk of the database is full: ${path}`, `df -h ${path}`]],
]

/** The same for the person who starts the server. */
export function openFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const known = openFailures.find(([pattern]) => pattern.test(error.code))
  if (!known) return error
  const failure = new StartFailure(...known[1](path, error.message))
  failure.cause = error
  return failure
}
