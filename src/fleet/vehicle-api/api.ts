/** The vehicle API on the wire. Null: the vehicle has not told. Times RFC 3339 UTC. */
import { z } from 'zod'
import { connectivityTypes, hardwareRevisions, models, regions } from '../../vehicle/equipment.ts'
import { VEHICLE_ID } from '../../vehicle/topics.ts'

const time = z.iso.datetime()
const value = z.number().nullable()
const flag = z.boolean().nullable()
const vehicleId = z.string().regex(VEHICLE_ID).meta({ example: 'vehicle_00001' })

export const vehicleQuery = z.object({ vehicle_id: vehicleId })
export const vehicleRequest = z.object({ vehicle_id: vehicleId })
export const chargingRequest = vehicleRequest.extend({ on: z.boolean() })
export const remoteLockRequest = vehicleRequest.extend({ action: z.enum(['lock', 'unlock']) })
export const climateRequest = vehicleRequest.extend({
  on: z.boolean(),
  celsius: z.number().min(16).max(28).default(21).meta({ description: 'Wanted in the cabin, when on' }),
})
export const routeRequest = vehicleRequest.extend({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
})

/** The signals are of this time; null: there was no sample yet. */
const sampled = { vehicle_id: z.string(), sampled_at: time.nullable() }

export const statusReply = z.object({
  ...sampled,
  online: z.boolean(),
  updating: z.boolean().meta({ description: 'A software update is under way' }),
  last_seen_at: time,
  firmware: z.string(),
  connectivity: z.enum(connectivityTypes),
  signal_dbm: value,
  speed_kmh: value,
  odometer_km: value,
  battery_percent: value,
  charging: flag,
  parked: flag,
  locked: flag,
  climate_on: flag,
})

export const locationReply = z.object({
  ...sampled,
  latitude: value,
  longitude: value,
  heading: value,
  speed_kmh: value,
})

export const warnings = ['low_battery', 'weak_signal', 'battery_health_degraded'] as const
export type Warning = (typeof warnings)[number]
export const healths = ['good', 'attention', 'fault', 'unknown'] as const
export type Health = (typeof healths)[number]

export const diagnosticsReply = z.object({
  ...sampled,
  health: z.enum(healths).meta({
    description:
      'fault: a confirmed trouble code; attention: a pending one, or a warning; unknown: no sample yet',
  }),
  warnings: z.array(z.enum(warnings)).meta({
    description: 'Battery below 15 %, signal below −80 dBm, battery health below 70 %',
  }),
  dtcs: z.array(
    z.object({
      code: z.string().meta({ example: 'U0100-87' }),
      status: z.enum(['pending', 'confirmed']),
      since: time,
    }),
  ),
  firmware: z.string(),
  battery_percent: value,
  battery_health_percent: value,
  battery_volts: value,
  battery_celsius: value,
  low_voltage_volts: value,
  signal_dbm: value,
})

export const chargingReply = z.object({
  ...sampled,
  charging: flag,
  battery_percent: value,
  battery_volts: value,
  battery_celsius: value,
  range_km: value,
})

export const routeReply = z.object({
  ...sampled,
  position: z.object({ latitude: z.number(), longitude: z.number() }).nullable(),
  heading: value,
  speed_kmh: value,
  range_km: value.meta({ description: 'Estimated: 400 km × state of charge × battery health' }),
})

export const profileReply = z.object({
  vehicle_id: z.string(),
  caller: z.enum(['app', 'presenter']),
  vin: z.string().meta({ description: 'Its last six characters; whole for the presenter' }),
  model: z.enum(models),
  year: z.int(),
  region: z.enum(regions),
  hardware: z.enum(hardwareRevisions),
  update_consent: z
    .literal('asked_per_update')
    .meta({ description: 'Consent is given in the vehicle, for one update at a time; none is stored here' }),
  data_usage_mb: value,
  first_seen_at: time,
})

export const commandReply = z.object({
  vehicle_id: z.string(),
  command_id: z.string(),
  outcome: z.literal('done'),
})

export type StatusReply = z.output<typeof statusReply>
export type LocationReply = z.output<typeof locationReply>
export type DiagnosticsReply = z.output<typeof diagnosticsReply>
export type ChargingReply = z.output<typeof chargingReply>
export type RouteReply = z.output<typeof routeReply>
export type ProfileReply = z.output<typeof profileReply>
export type CommandReply = z.output<typeof commandReply>
