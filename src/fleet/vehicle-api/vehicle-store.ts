/** The vehicle API's only query. */
import { eq, sql } from 'drizzle-orm'
import { codeOf, storageFailure } from '../../db/failure.ts'
import type { Db } from '../../db/open.ts'
import { type VehicleRow, vehicles } from '../schema.ts'

/** Reads one vehicle by its name on the wire. @throws Failure `storage_*` */
export function vehicleReader(db: Db): (vehicle: string) => VehicleRow | undefined {
  const named = db
    .select()
    .from(vehicles)
    .where(eq(vehicles.vehicle, sql.placeholder('vehicle')))
    .prepare()
  return vehicle => {
    try {
      return named.get({ vehicle })
    } catch (error) {
      throw storageFailure({ code: codeOf(error), message: String(error) }) ?? error
    }
  }
}
