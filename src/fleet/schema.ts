/** The vehicles, as everything in the fleet knows them. Times are Unix ms. */
import { index, integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { deadLetterSchema } from '../ingest/dead-letter-schema.ts'
import type { ConnectivityType, Ecu, HardwareRevision, Model, Region } from '../vehicle/equipment.ts'

export const vehicles = sqliteTable(
  'vehicles',
  {
    id: integer().primaryKey(),
    /** What it is called on the wire. */
    vehicle: text().notNull().unique(),
    vin: text().notNull().unique(),
    model: text().$type<Model>().notNull(),
    year: integer().notNull(),
    region: text().$type<Region>().notNull(),
    hardware: text().$type<HardwareRevision>().notNull(),
    firmware: text().notNull(),
    releaseCounter: integer('release_counter').notNull(),
    slot: text().$type<'a' | 'b'>().notNull(),
    ecus: text({ mode: 'json' }).$type<Ecu[]>().notNull(),
    connectivity: text().$type<ConnectivityType>().notNull(),
    boot: text().notNull(),
    /** When it last said what it is, by its own clock: within one boot nothing older is believed. */
    stateAt: integer('state_at').notNull().default(0),
    online: integer({ mode: 'boolean' }).notNull(),
    /** The update it is in, if any: `vehicle_updates.update_id`. Kept by the campaigns. */
    activeUpdate: text('active_update'),
    firstSeenAt: integer('first_seen_at').notNull(),
    /** When the server last heard of it. */
    lastSeenAt: integer('last_seen_at').notNull(),
    /** The time of the newest sample: the signals below are of then. */
    sampledAt: integer('sampled_at'),
    speedKmh: real('speed_kmh'),
    odometerM: real('odometer_m'),
    latitude: real(),
    longitude: real(),
    heading: real(),
    batteryPercent: real('battery_percent'),
    batteryHealthPercent: real('battery_health_percent'),
    batteryVolts: real('battery_volts'),
    batteryCelsius: real('battery_celsius'),
    charging: integer({ mode: 'boolean' }),
    lowVoltageVolts: real('low_voltage_volts'),
    parked: integer({ mode: 'boolean' }),
    locked: integer({ mode: 'boolean' }),
    climateOn: integer('climate_on', { mode: 'boolean' }),
    signalDbm: real('signal_dbm'),
    dataUsageMb: real('data_usage_mb'),
    /** The time of the newest list of trouble codes. */
    dtcsAt: integer('dtcs_at'),
  },
  table => [index('vehicles_by_firmware').on(table.firmware)],
)

/** What vehicles said and could not be used. */
export const deadLetters = deadLetterSchema('dead_letters')

export type VehicleRow = typeof vehicles.$inferSelect
