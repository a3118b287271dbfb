/** From rows to what the wire says. */
import { rfc3339 } from '../shared/clock.ts'
import { maskedVin } from '../vehicle/vin.ts'
import type { VehicleDetail, VehicleShape } from './api.ts'
import type { VehicleRow } from './schema.ts'
import { warningsOf } from './vehicle-api/index.ts'
import type { SampleRow, VehicleState } from './vehicle-store.ts'

/** A vehicle that is being updated counts as updating, connected or not: it reboots in between. */
export const stateOf = ({ activeUpdate, online }: VehicleRow): VehicleState =>
  activeUpdate !== null ? 'updating' : online ? 'online' : 'offline'

const timeOrNull = (at: number | null) => (at === null ? null : rfc3339(at))

/** @param whole whether the VIN may be seen whole */
export const vehicleShape = (row: VehicleRow, whole: boolean): VehicleShape => ({
  vehicle: row.vehicle,
  vin: whole ? row.vin : maskedVin(row.vin),
  model: row.model,
  year: row.year,
  region: row.region,
  hardware: row.hardware,
  firmware: row.firmware,
  state: stateOf(row),
  connectivity: row.connectivity,
  signal_dbm: row.signalDbm,
  battery_percent: row.batteryPercent,
  speed_kmh: row.speedKmh,
  parked: row.parked,
  last_seen_at: rfc3339(row.lastSeenAt),
  sampled_at: timeOrNull(row.sampledAt),
})

/** @param whole whether the VIN and the place may be seen */
export const vehicleDetailShape = (
  row: VehicleRow,
  dtcs: { code: string; status: 'pending' | 'confirmed'; since: number }[],
  whole: boolean,
): VehicleDetail => ({
  ...vehicleShape(row, whole),
  release_counter: row.releaseCounter,
  slot: row.slot,
  ecus: row.ecus,
  dtcs: dtcs.map(({ code, status, since }) => ({ code, status, since: rfc3339(since) })),
  warnings: warningsOf(row),
  odometer_km: row.odometerM === null ? null : Math.round(row.odometerM / 100) / 10,
  latitude: whole ? row.latitude : null,
  longitude: whole ? row.longitude : null,
  heading: whole ? row.heading : null,
  battery_health_percent: row.batteryHealthPercent,
  battery_volts: row.batteryVolts,
  battery_celsius: row.batteryCelsius,
  low_voltage_volts: row.lowVoltageVolts,
  charging: row.charging,
  locked: row.locked,
  climate_on: row.climateOn,
  data_usage_mb: row.dataUsageMb,
  active_update: row.activeUpdate,
  first_seen_at: rfc3339(row.firstSeenAt),
})

export const sampleShape = (sample: SampleRow) => ({
  at: rfc3339(sample.at),
  received_at: rfc3339(sample.receivedAt),
  historical: sample.historical === 1,
  speed_kmh: sample.speedKmh,
  odometer_m: sample.odometerM,
  battery_percent: sample.batteryPercent,
  low_voltage_volts: sample.lowVoltageVolts,
  signal_dbm: sample.signalDbm,
})
