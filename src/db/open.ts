import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { StartFailure } from '../shared/errors.ts'
import { type Connection, Database } from './driver.ts'
import { openFailure } from './failure.ts'
import { type Migrations, migrate, refuseForeign } from './migrate.ts'

export type Db = ReturnType<typeof drizzle> & { $client: Connection }

export interface OpenOptions {
  path: string
  /** How long to wait for another program's lock, in ms. */
  busyTimeoutMs: number
  /** How much of the file each connection keeps in memory at most. */
  cacheMb?: number
  readonly?: boolean
  /** The file does not outlive the process: no commit waits for the disk. */
  temporary?: boolean
}

const CACHE_MB = 32

/**
 * Opens SQLite for durable work: write-ahead log, a sync of the disk on every commit, foreign keys on.
 * @throws StartFailure in words for the person who started the server
 */
export function openDatabase({
  path,
  busyTimeoutMs,
  cacheMb = CACHE_MB,
  readonly = false,
  temporary = false,
}: OpenOptions): Db {
  const folder = dirname(path)
  if (path !== ':memory:' && !existsSync(folder))
    throw new StartFailure(`The folder of the database does not exist: ${folder}`, `mkdir -p ${folder}`)
  try {
    const client = new Database(path, { timeout: busyTimeoutMs, readonly })
    // Before the first pragma: a file of another program is left as it is.
    refuseForeign(client)
    if (!readonly) client.pragma('journal_mode = WAL')
    client.pragma(`synchronous = ${temporary ? 'OFF' : 'FULL'}`)
    client.pragma('foreign_keys = ON')
    // Negative: not pages, but units of 1024 bytes.
    client.pragma(`cache_size = -${cacheMb * 1024}`)
    return drizzle({ client }) as Db
  } catch (error) {
    throw openFailure(error, path)
  }
}

/** Makes or upgrades the tables of the features, then fills them. @throws StartFailure as openDatabase does */
export function prepareDatabase(
  options: OpenOptions,
  features: readonly Migrations[],
  fill: (db: Db) => void,
): void {
  const db = openDatabase(options)
  try {
    for (const feature of features) migrate(db.$client, feature)
    fill(db)
  } catch (error) {
    throw openFailure(error, options.path)
  } finally {
    db.$client.close()
  }
}
