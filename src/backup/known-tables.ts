/** Whether this version can use a file: what is in it, and how new that is. */
import { checkDatabase } from '../db/check-file.ts'
import type { Migrations } from '../db/migrate.ts'
import { deliveryMigrations } from '../delivery/index.ts'
import { estateMigrations } from '../estate/index.ts'
import { fleetMigrations } from '../fleet/index.ts'
import { licensingMigrations } from '../licensing/index.ts'
import { raceMigrations } from '../race/index.ts'
import { StartFailure } from '../shared/errors.ts'
import { stageMigrations } from '../stage/index.ts'
import type { DatabaseRole } from './manifest.ts'

/** The features of each file; a file without the first is another file. */
export const tablesOf: Record<DatabaseRole, readonly Migrations[]> = {
  licenses: [licensingMigrations, deliveryMigrations, raceMigrations, stageMigrations],
  fleet: fleetMigrations,
  estate: [estateMigrations],
}

/**
 * Reads all of a database that nobody writes.
 * @param name how it is called to people
 * @throws StartFailure when it is damaged, of another kind, or newer than this version
 */
export function checkUsable(role: DatabaseRole, path: string, name: string): void {
  const { problems, steps } = checkDatabase(path)
  if (problems.length > 0)
    throw new StartFailure(`${name} is damaged: ${problems.join('; ')}`, 'choose another backup')
  const known = tablesOf[role]
  const first = known[0]?.feature ?? ''
  if (steps[first] === undefined)
    throw new StartFailure(`${name} is no database of ${role}: it lacks the tables of ${first}`, 'ls -l')
  for (const [feature, step] of Object.entries(steps)) {
    const knows = known.find(one => one.feature === feature)?.steps.length ?? 0
    if (step > knows)
      throw new StartFailure(
        `${name} is from a newer version: ${feature} step ${step}, this version knows ${knows}`,
        'use the version that made it, or a newer one',
      )
  }
}
