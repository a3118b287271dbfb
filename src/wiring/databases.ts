/** Which features keep their tables in which file. */
import type { Config } from '../config/config.ts'
import { type OpenOptions, prepareDatabase } from '../db/open.ts'
import { deliveryMigrations } from '../delivery/index.ts'
import { estateMigrations } from '../estate/index.ts'
import { fleetMigrations } from '../fleet/index.ts'
import { licensingMigrations, newestTime, seedPools } from '../licensing/index.ts'
import { raceMigrations } from '../race/index.ts'
import { stageMigrations } from '../stage/index.ts'

export interface Databases {
  main: OpenOptions
  /** A file of its own: what vehicles say must not hold up a borrow. */
  fleet: OpenOptions
  /** Likewise what machines say. */
  estate: OpenOptions
  /** The newest time that was decided at, Unix ms: the clock may not go behind it. */
  newest: number
}

/** Makes or upgrades every file. @throws StartFailure */
export function prepareDatabases(
  config: Pick<Config, 'dbPath' | 'seed' | 'cacheMb' | 'fleet' | 'estate'>,
  busyTimeoutMs: number,
): Databases {
  const { cacheMb } = config
  const main = { path: config.dbPath, busyTimeoutMs, cacheMb }
  let newest = 0
  prepareDatabase(main, [licensingMigrations, deliveryMigrations, raceMigrations, stageMigrations], db => {
    if (config.seed) seedPools(db)
    newest = newestTime(db)
  })
  const fleet = { path: config.fleet.dbPath, busyTimeoutMs, cacheMb }
  prepareDatabase(fleet, fleetMigrations, () => {})
  const estate = { path: config.estate.dbPath, busyTimeoutMs, cacheMb }
  prepareDatabase(estate, [estateMigrations], () => {})
  return { main, fleet, estate, newest }
}
