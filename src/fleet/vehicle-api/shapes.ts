/** A vehicle's row as the vehicle API shows it. Pure. */
import { rfc3339 } from '../../shared/clock.ts'
import { maskedVin } from '../../vehicle/vin.ts'
import type { VehicleRow } from '../schema.ts'
import type * as api from './api.ts'
import type { Caller } from './callers.ts'
import { healthOf, type KnownDtc, rangeKm, warningsOf } from './condition.ts'

const timeOrNull = (at: number | null) => (at === null ? null : rfc3339(at))
const sampled = (row: VehicleRow) => ({ vehicle_id: row.vehicle, sampled_at: timeOrNull(row.sampledAt) })

export const statusShape = (row: VehicleRow): api.StatusReply => ({
  ...sampled(row),
  online: row.online,
  updating: row.activeUpdate !== null,
  last_seen_at: rfc3339(row.lastSeenAt),
  firmware: row.firmware,
  connectivity: row.connectivity,
  signal_dbm: row.signalDbm,
  speed_kmh: row.speedKmh,
  odometer_km: row.odometerM === null ? null : Math.round(row.odometerM / 100) / 10,
  battery_percent: row.batteryPercent,
  charging: row.charging,
  parked: row.parked,
  locked: row.locked,
  climate_on: row.climateOn,
})

export const locationShape = (row: VehicleRow): api.LocationReply => ({
  ...sampled(row),
  latitude: row.latitude,
  longitude: row.longitude,
  heading: row.heading,
  speed_kmh: row.speedKmh,
})

export const diagnosticsShape = (row: VehicleRow, dtcs: readonly KnownDtc[]): api.DiagnosticsReply => ({
  ...sampled(row),
  health: healthOf(row, dtcs),
  warnings: warningsOf(row),
  dtcs: dtcs.map(({ code, status, since }) => ({ code, status, since: rfc3339(since) })),
  firmware: row.firmware,
  battery_percent: row.batteryPercent,
  battery_health_percent: row.batteryHealthPercent,
  battery_volts: row.batteryVolts,
  battery_celsius: row.batteryCelsius,
  low_voltage_volts: row.lowVoltageVolts,
  signal_dbm: row.signalDbm,
})

export const chargingShape = (row: VehicleRow): api.ChargingReply => ({
  ...sampled(row),
  charging: row.charging,
  battery_percent: row.batteryPercent,
  battery_volts: row.batteryVolts,
  battery_celsius: row.batteryCelsius,
  range_km: rangeKm(row),
})

export const routeShape = (row: VehicleRow): api.RouteReply => ({
  ...sampled(row),
  position:
    row.latitude === null || row.longitude === null
      ? null
      : { latitude: row.latitude, longitude: row.longitude },
  heading: row.heading,
  speed_kmh: row.speedKmh,
  range_km: rangeKm(row),
})

export const profileShape = (row: VehicleRow, caller: Caller): api.ProfileReply => ({
  vehicle_id: row.vehicle,
  caller,
  vin: caller === 'presenter' ? row.vin : maskedVin(row.vin),
  model: row.model,
  year: row.year,
  region: row.region,
  hardware: row.hardware,
  update_consent: 'asked_per_update',
  data_usage_mb: row.dataUsageMb,
  first_seen_at: rfc3339(row.firstSeenAt),
})
