/** The fleet on the wire: what `/fleet` draws and what the lists answer. Times RFC 3339 UTC. */
import { z } from 'zod'
import { connectivityTypes, hardwareRevisions, models, regions } from '../vehicle/equipment.ts'

const time = z.iso.datetime()
const count = z.int().min(0)
const VEHICLES_MAX = 200

/** A vehicle is in one of these. */
export const vehicleStates = ['online', 'offline', 'updating'] as const
export const vehicleState = z.enum(vehicleStates)

export const vehicleShape = z.object({
  vehicle: z.string().meta({ example: 'vehicle_00001' }),
  vin: z.string().meta({ description: 'Its last six characters; whole for the presenter' }),
  model: z.enum(models),
  year: z.int(),
  region: z.enum(regions),
  hardware: z.enum(hardwareRevisions),
  firmware: z.string().meta({ example: '1.3.0' }),
  state: vehicleState,
  connectivity: z.enum(connectivityTypes),
  signal_dbm: z.number().nullable(),
  battery_percent: z.number().nullable(),
  speed_kmh: z.number().nullable(),
  parked: z.boolean().nullable(),
  last_seen_at: time,
  sampled_at: time.nullable(),
})

export const vehiclesQuery = z.object({
  search: z.string().max(64).optional().meta({ description: 'In its name, or the last six of its VIN' }),
  state: vehicleState.optional(),
  firmware: z.string().max(32).optional(),
  model: z.enum(models).optional(),
  region: z.enum(regions).optional(),
  limit: z.coerce.number().int().min(1).max(VEHICLES_MAX).default(50),
  after: z
    .string()
    .max(32)
    .optional()
    .meta({ description: 'The name of the last vehicle of the page before' }),
})
export const vehiclesReply = z.object({
  total: count,
  vehicles: z.array(vehicleShape),
  next: z.string().nullable().meta({ description: 'Send as `after` for the next page' }),
})

export const ecuShape = z.object({ ecu: z.string(), hardware: z.string(), version: z.string() })
export const dtcShape = z.object({
  code: z.string().meta({ example: 'U0100-87' }),
  status: z.enum(['pending', 'confirmed']),
  since: time,
})
/** One vehicle with everything that is known of it. Where it is, is for the presenter only: else null. */
export const vehicleDetail = vehicleShape.extend({
  release_counter: count,
  slot: z.enum(['a', 'b']),
  ecus: z.array(ecuShape),
  dtcs: z.array(dtcShape),
  warnings: z.array(z.enum(['low_battery', 'weak_signal', 'battery_health_degraded'])),
  odometer_km: z.number().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  heading: z.number().nullable(),
  battery_health_percent: z.number().nullable(),
  battery_volts: z.number().nullable(),
  battery_celsius: z.number().nullable(),
  low_voltage_volts: z.number().nullable(),
  charging: z.boolean().nullable(),
  locked: z.boolean().nullable(),
  climate_on: z.boolean().nullable(),
  data_usage_mb: z.number().nullable(),
  active_update: z.string().nullable(),
  first_seen_at: time,
})

export const telemetryQuery = z.object({
  from: time.optional(),
  to: time.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
})
export const telemetrySample = z.object({
  at: time,
  received_at: time,
  historical: z.boolean().meta({ description: 'It was kept in the vehicle while there was no coverage' }),
  speed_kmh: z.number().nullable(),
  odometer_m: z.number().nullable(),
  battery_percent: z.number().nullable(),
  low_voltage_volts: z.number().nullable(),
  signal_dbm: z.number().nullable(),
})
export const telemetryReply = z.object({ vehicle: z.string(), samples: z.array(telemetrySample) })

export const deadLettersQuery = z.object({
  reason: z.string().max(32).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.coerce.number().int().min(1).optional(),
})
export const deadLettersReply = z.object({
  dead_letters: z.array(
    z.object({
      id: count,
      received_at: time,
      topic: z.string(),
      reason: z.string(),
      detail: z.string(),
      payload: z.string().meta({ description: 'Its first 2,000 characters' }),
    }),
  ),
  next: count.nullable(),
})

export const connectionReply = z.object({
  mqtt_port: count
    .nullable()
    .meta({ description: 'Of the embedded broker, on this host; null: another broker' }),
  mqtt_url: z.string().nullable().meta({ description: 'Of the other broker; null: the embedded one' }),
  vehicles_inside: count.meta({
    description: 'Simulated vehicles in the server itself: their names are vehicle_00001 and on',
  }),
  release_public_key: z.string().meta({ description: 'ed25519, SPKI in DER, base64url: vehicles trust it' }),
})

/** The live topic `fleet`, and `GET /fleet/summary`. Every number is read from the database or measured. */
export const fleetFrame = z.object({
  at: time,
  total: count,
  online: count,
  offline: count,
  updating: count,
  latest_version: z.string().nullable().meta({ description: 'Of the newest release; null: there is none' }),
  up_to_date: count.nullable(),
  eligible: count.nullable().meta({ description: 'Vehicles that could be updated to it right now' }),
  firmware: z.array(z.object({ version: z.string(), vehicles: count })),
  battery: z.object({
    average_percent: z.number().nullable(),
    minimum_percent: z.number().nullable(),
    low: count.meta({ description: 'Vehicles below 15 %' }),
    trend: z
      .array(z.object({ at: time, average_percent: z.number().nullable() }))
      .meta({ description: 'A point a minute, the last hour; null: nothing was heard in that minute' }),
  }),
  ingest: z.object({
    messages_per_second: z.number().meta({ description: 'Over the last ten seconds' }),
    telemetry_delay_p95_ms: z
      .number()
      .nullable()
      .meta({ description: 'From event to durable, of the last minute; null: none came' }),
    waiting: count,
    dead_letters: count.meta({ description: 'Since the server started' }),
  }),
  broker: z.object({
    kind: z.enum(['embedded', 'remote']),
    connected: z.boolean(),
    connections: count.nullable().meta({ description: 'Null: another broker does not tell' }),
  }),
  map: z.object({
    shown: count.meta({ description: 'At most 2,000 vehicles are drawn' }),
    vehicles: z.array(
      z.tuple([
        z.string().meta({ description: 'name' }),
        z.number().meta({ description: 'latitude, rounded to 0.001 degrees (some 100 m)' }),
        z.number().meta({ description: 'longitude, rounded the same' }),
        z.number().meta({ description: 'heading' }),
        vehicleState,
      ]),
    ),
  }),
})

export type FleetFrame = z.infer<typeof fleetFrame>
export type VehicleShape = z.infer<typeof vehicleShape>
export type VehicleDetail = z.infer<typeof vehicleDetail>
export type VehiclesReply = z.infer<typeof vehiclesReply>
