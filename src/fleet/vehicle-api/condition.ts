/** What a vehicle's signals mean. Pure. */
import type { VehicleRow } from '../schema.ts'
import type { Health, Warning } from './api.ts'

const LOW_BATTERY_PERCENT = 15
const WEAK_SIGNAL_DBM = -80
const DEGRADED_HEALTH_PERCENT = 70
/** SIMULATED: how far every model goes with a full battery that is as new. */
const FULL_RANGE_KM = 400

/** What is known of a trouble code. `since` is Unix ms. */
export interface KnownDtc {
  code: string
  status: 'pending' | 'confirmed'
  since: number
}

type Signals = Pick<VehicleRow, 'sampledAt' | 'batteryPercent' | 'batteryHealthPercent' | 'signalDbm'>

const isBelow = (value: number | null, limit: number) => value !== null && value < limit

export function warningsOf(row: Signals): Warning[] {
  const warnings: Warning[] = []
  if (isBelow(row.batteryPercent, LOW_BATTERY_PERCENT)) warnings.push('low_battery')
  if (isBelow(row.signalDbm, WEAK_SIGNAL_DBM)) warnings.push('weak_signal')
  if (isBelow(row.batteryHealthPercent, DEGRADED_HEALTH_PERCENT)) warnings.push('battery_health_degraded')
  return warnings
}

export function healthOf(row: Signals, dtcs: readonly KnownDtc[]): Health {
  if (dtcs.some(({ status }) => status === 'confirmed')) return 'fault'
  if (dtcs.length > 0 || warningsOf(row).length > 0) return 'attention'
  return row.sampledAt === null ? 'unknown' : 'good'
}

/** In whole km; null: charge or health is unknown. */
export function rangeKm({ batteryPercent, batteryHealthPercent }: Signals): number | null {
  if (batteryPercent === null || batteryHealthPercent === null) return null
  return Math.round((FULL_RANGE_KM * batteryPercent * batteryHealthPercent) / 10_000)
}
