/** Makes a backup: a folder that appears whole, or not at all. */
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { copyBytes } from '../db/online-copy.ts'
import { StartFailure } from '../shared/errors.ts'
import { filesBelow } from './copy-lake.ts'
import { diskFailure, giveAll, makeFolder, needRoom, syncPath } from './durable.ts'
import { type BackUpOptions, BUSY_TIMEOUT_MS, gather } from './gather.ts'
import { databaseRoles, type Manifest } from './manifest.ts'
import { backupName, removeLeftBehind, UNFINISHED, unfinishedName } from './name.ts'
import { bytesOf, isWithin } from './places.ts'

export interface BackedUp {
  folder: string
  manifest: Manifest
}

/**
 * Copies what the server keeps, while it runs, and checks each copy. Each database is one state of itself; they are
 * taken one after the other, the ledger first.
 * @throws StartFailure; whatever happens, what is not whole is removed
 */
export async function backUp(options: BackUpOptions): Promise<BackedUp> {
  const { places, to, clock, withLake } = options
  const at = clock.now()
  if (bytesOf(places.licenses) === null)
    throw new StartFailure(`There is no database: ${places.licenses}`, 'name it by --db, or LICENSE_DB_PATH')
  if (withLake && places.lake === null)
    throw new StartFailure('The lake is a bucket: it is not copied', 'leave --lake out; see docs/backup.md')
  if (withLake && places.lake !== null && isWithin(to, places.lake))
    throw new StartFailure(`The backups would be in the lake that they copy: ${to}`, 'choose another --to')
  try {
    makeFolder(to, 0o700)
    removeLeftBehind(to, UNFINISHED, at)
    needRoom(to, roomFor(options))
    const draft = join(to, unfinishedName(UNFINISHED))
    mkdirSync(draft, { mode: 0o700 })
    try {
      const manifest = await gather(draft, options, at)
      giveAll(draft, places.licenses)
      return { folder: publish(draft, to, at), manifest }
    } catch (error) {
      rmSync(draft, { recursive: true, force: true })
      throw error
    }
  } catch (error) {
    throw diskFailure(error, to)
  }
}

/** At most, where what is compressed becomes half of what it was. */
function roomFor({ places, compress, withLake }: BackUpOptions): number {
  const sizes = databaseRoles
    .filter(role => bytesOf(places[role]) !== null)
    .map(role => copyBytes(places[role], BUSY_TIMEOUT_MS))
  const sum = sizes.reduce((all, size) => all + size, 0)
  const lake = places.lake
  const objects =
    withLake && lake !== null && bytesOf(lake) !== null
      ? filesBelow(lake).reduce((all, name) => all + (bytesOf(join(lake, name)) ?? 0), 0)
      : 0
  return objects + (compress ? Math.max(...sizes) + sum / 2 : sum)
}

/** Gives it its name: from here on it is a backup. */
function publish(draft: string, to: string, at: number): string {
  for (let number = 1; ; number++) {
    const folder = join(to, backupName(at, number))
    try {
      renameSync(draft, folder)
      syncPath(to)
      return folder
    } catch (error) {
      const isTaken = ['EEXIST', 'ENOTEMPTY', 'ENOTDIR'].includes(
        String((error as NodeJS.ErrnoException).code),
      )
      if (!isTaken || number >= 9999) throw error
    }
  }
}
