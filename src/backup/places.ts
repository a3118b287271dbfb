/** Where the server keeps what is backed up. */
import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { StartFailure } from '../shared/errors.ts'

const EX_CONFIG = 78

export interface Places {
  licenses: string
  fleet: string
  estate: string
  'estate-history': string
  /** null: the key is in the environment, not in a file. */
  'fleet-key': string | null
  /** null: it is a bucket. */
  lake: string | null
  /** Where backups are, when nothing else is said. */
  backups: string
}

/** @throws StartFailure when there is no file to speak of */
export function placesOf({ dbPath, fleet, estate }: Pick<Config, 'dbPath' | 'fleet' | 'estate'>): Places {
  if ([dbPath, fleet.dbPath, estate.dbPath].includes(':memory:'))
    throw new StartFailure('A database is in memory: there is no file', 'set LICENSE_DB_PATH', EX_CONFIG)
  return {
    licenses: resolve(dbPath),
    fleet: resolve(fleet.dbPath),
    estate: resolve(estate.dbPath),
    'estate-history': resolve(`${estate.dbPath}.history`),
    'fleet-key': 'file' in fleet.key ? resolve(fleet.key.file) : null,
    lake: estate.lake.kind === 'directory' ? resolve(estate.lake.folder) : null,
    backups: join(dirname(resolve(dbPath)), 'backups'),
  }
}

/** Of a file; null: there is none. */
export const bytesOf = (path: string): number | null =>
  statSync(path, { throwIfNoEntry: false })?.size ?? null

/** Whether `path` is `folder`, or below it. Both absolute. */
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
