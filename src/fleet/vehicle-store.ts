/** Every query about the vehicles that only reads. */
import { and, asc, count, desc, eq, gt, isNotNull, isNull, like, or, sql } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { createDeadLetterStore } from '../ingest/dead-letter-store.ts'
import type { Model, Region } from '../vehicle/equipment.ts'
import { deadLetters, type VehicleRow, vehicles } from './schema.ts'

export type VehicleState = 'online' | 'offline' | 'updating'

export interface VehicleFilter {
  search?: string | undefined
  state?: VehicleState | undefined
  firmware?: string | undefined
  model?: Model | undefined
  region?: Region | undefined
  after?: string | undefined
  limit: number
}
export type Position = Pick<VehicleRow, 'vehicle' | 'latitude' | 'longitude' | 'heading'> & {
  state: VehicleState
}
export interface SampleRow {
  at: number
  receivedAt: number
  historical: number
  speedKmh: number | null
  odometerM: number | null
  batteryPercent: number | null
  lowVoltageVolts: number | null
  signalDbm: number | null
}

export type VehicleReports = ReturnType<typeof createVehicleReports>

/** A vehicle that is being updated counts as updating, connected or not: it reboots in between. */
const stateSql = sql<VehicleState>`CASE WHEN ${vehicles.activeUpdate} IS NOT NULL THEN 'updating' WHEN ${vehicles.online} THEN 'online' ELSE 'offline' END`

const isState = {
  updating: isNotNull(vehicles.activeUpdate),
  online: and(isNull(vehicles.activeUpdate), eq(vehicles.online, true)),
  offline: and(isNull(vehicles.activeUpdate), eq(vehicles.online, false)),
}

const LOW_PERCENT = 15
const literally = (text: string) => text.replaceAll(/[\\%_]/g, '\\$&')

export function createVehicleReports(db: Db) {
  const connection = db.$client
  const samples = connection.prepare<[number, number, number, number], SampleRow>(
    `SELECT at, received_at AS receivedAt, historical, speed_kmh AS speedKmh, odometer_m AS odometerM,
       battery_percent AS batteryPercent, low_voltage_volts AS lowVoltageVolts, signal_dbm AS signalDbm
     FROM samples WHERE vehicle_id = ? AND at >= ? AND at <= ? ORDER BY at DESC LIMIT ?`,
  )
  const dtcs = connection.prepare<[number], { code: string; status: 'pending' | 'confirmed'; since: number }>(
    'SELECT code, status, since FROM vehicle_dtcs WHERE vehicle_id = ? ORDER BY code',
  )
  const dtcCounts = connection.prepare<[], { status: 'pending' | 'confirmed'; vehicles: number }>(
    'SELECT status, count(*) AS vehicles FROM vehicle_dtcs GROUP BY status',
  )
  const minutes = connection.prepare<[number], { minute: number; average: number | null }>(
    'SELECT minute, battery_sum / nullif(battery_count, 0) AS average FROM fleet_minutes WHERE minute >= ? ORDER BY minute',
  )

  return {
    one: (vehicle: string): VehicleRow | undefined =>
      db.select().from(vehicles).where(eq(vehicles.vehicle, vehicle)).get(),
    list({ search, state, firmware, model, region, after, limit }: VehicleFilter) {
      const matches = and(
        search === undefined || search === ''
          ? undefined
          : or(
              like(vehicles.vehicle, sql`${`%${literally(search)}%`} ESCAPE '\\'`),
              sql`substr(${vehicles.vin}, 12) LIKE ${`%${literally(search)}%`} ESCAPE '\\'`,
            ),
        state === undefined ? undefined : isState[state],
        firmware === undefined ? undefined : eq(vehicles.firmware, firmware),
        model === undefined ? undefined : eq(vehicles.model, model),
        region === undefined ? undefined : eq(vehicles.region, region),
      )
      const rows = db
        .select()
        .from(vehicles)
        .where(and(matches, after === undefined ? undefined : gt(vehicles.vehicle, after)))
        .orderBy(asc(vehicles.vehicle))
        .limit(limit + 1)
        .all()
      const total = db.select({ count: count() }).from(vehicles).where(matches).get()?.count ?? 0
      const page = rows.slice(0, limit)
      return { total, rows: page, next: rows.length > limit ? (page.at(-1)?.vehicle ?? null) : null }
    },
    samples: (vehicleId: number, from: number, to: number, limit: number) =>
      samples.all(vehicleId, from, to, limit),
    dtcs: (vehicleId: number) => dtcs.all(vehicleId),
    dtcCounts: () => dtcCounts.all(),
    /** By model, region and state: at most 150 rows, however many vehicles there are. */
    states: () =>
      db
        .select({ model: vehicles.model, region: vehicles.region, state: stateSql, vehicles: count() })
        .from(vehicles)
        .groupBy(vehicles.model, vehicles.region, stateSql)
        .all(),
    /** The most frequent first. */
    firmware: () =>
      db
        .select({ version: vehicles.firmware, vehicles: count() })
        .from(vehicles)
        .groupBy(vehicles.firmware)
        .orderBy(desc(count()), asc(vehicles.firmware))
        .all(),
    averages: () =>
      db
        .select({
          battery: sql<number | null>`avg(${vehicles.batteryPercent})`,
          batteryMinimum: sql<number | null>`min(${vehicles.batteryPercent})`,
          batteryLow: sql<number>`coalesce(sum(${vehicles.batteryPercent} < ${LOW_PERCENT}), 0)`,
          speed: sql<number | null>`avg(CASE WHEN ${vehicles.speedKmh} > 0 THEN ${vehicles.speedKmh} END)`,
          signal: sql<number | null>`avg(CASE WHEN ${vehicles.online} THEN ${vehicles.signalDbm} END)`,
        })
        .from(vehicles)
        .get(),
    batteryByMinute: (fromMinute: number) => minutes.all(fromMinute),
    positions: (limit: number): Position[] =>
      db
        .select({
          vehicle: vehicles.vehicle,
          latitude: vehicles.latitude,
          longitude: vehicles.longitude,
          heading: vehicles.heading,
          state: stateSql,
        })
        .from(vehicles)
        .where(and(isNotNull(vehicles.latitude), isNotNull(vehicles.longitude)))
        .orderBy(vehicles.id)
        .limit(limit)
        .all(),
    deadLetters: createDeadLetterStore(db, deadLetters).list,
  }
}
