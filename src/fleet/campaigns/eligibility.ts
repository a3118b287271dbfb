/** Whether a vehicle can be updated to a release now. Pure: no I/O, no clock. */
import type { Ecu } from '../../vehicle/equipment.ts'
import { compareVersions, type Manifest } from '../../vehicle/release.ts'
import type { ExclusionReason, UpdateReason } from '../../vehicle/update-states.ts'
import type { Window } from './settings.ts'

/** What is known of a vehicle; null: it never said. */
export interface VehicleFacts {
  /** The update that it is in. */
  activeUpdate: string | null
  online: boolean
  firmware: string
  releaseCounter: number
  ecus: Ecu[]
  batteryPercent: number | null
  lowVoltageVolts: number | null
  parked: boolean | null
}

export interface Conditions {
  /** Unix ms. */
  now: number
  batteryFloorPercent: number
  /** Hours of the day in UTC; null: always. */
  window: Window | null
  /** The driver refused this release before. */
  refused?: boolean
  /** The update that asks: to be in it is no obstacle. */
  updateId?: string
}

const permanent: readonly UpdateReason[] = [
  'already_installed',
  'incompatible_hardware',
  'dependency_unmet',
  'no_consent',
]
/** Whether time alone does not help; else the vehicle is blocked, and tried again. */
export const isPermanent = (reason: UpdateReason): boolean => permanent.includes(reason)

export const BATTERY_FLOOR_PERCENT = 50
/** A lead-acid battery below this may not last through an installation. */
export const LOW_VOLTAGE_FLOOR_VOLTS = 11.8
const HOUR_MS = 3_600_000

/** The first reason, in a fixed order, why a vehicle cannot be updated now; null: it can. */
export function exclusionOf(
  vehicle: VehicleFacts,
  release: Manifest,
  conditions: Conditions,
): ExclusionReason | null {
  const { now, batteryFloorPercent, window, refused = false, updateId } = conditions
  const { activeUpdate, batteryPercent, lowVoltageVolts } = vehicle
  if (activeUpdate !== null && activeUpdate !== updateId) return 'updating'
  if (!vehicle.online) return 'offline'
  if (vehicle.releaseCounter >= release.release_counter) return 'already_installed'
  if (!fits(vehicle.ecus, release)) return 'incompatible_hardware'
  if (release.requires_firmware !== null && compareVersions(vehicle.firmware, release.requires_firmware) < 0)
    return 'dependency_unmet'
  if (batteryPercent === null || batteryPercent < batteryFloorPercent) return 'battery_low'
  if (lowVoltageVolts === null || lowVoltageVolts < LOW_VOLTAGE_FLOOR_VOLTS) return 'low_voltage_battery_low'
  if (vehicle.parked !== true) return 'not_parked'
  if (window !== null && !isInside(window, now)) return 'outside_window'
  return refused ? 'no_consent' : null
}

/** Each ECU that the release has software for must be of a hardware it runs on, and there must be one at all. */
function fits(ecus: Ecu[], { artifacts }: Manifest): boolean {
  const concerned = ecus.filter(({ ecu }) => artifacts.some(artifact => artifact.ecu === ecu))
  return (
    concerned.length > 0 &&
    concerned.every(({ ecu, hardware }) =>
      artifacts.some(artifact => artifact.ecu === ecu && artifact.hardware.includes(hardware)),
    )
  )
}

/** @param at Unix ms */
export function isInside({ from_hour, to_hour }: Window, at: number): boolean {
  const hour = Math.floor(at / HOUR_MS) % 24
  if (from_hour === to_hour) return true
  return from_hour < to_hour ? hour >= from_hour && hour < to_hour : hour >= from_hour || hour < to_hour
}
