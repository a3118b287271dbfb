/** What goes wrong in this fleet, and with what it is mended. */
import type { Defect } from '../simulator/vehicles/diagnostics.ts'

/** The fleet's newest firmware, just out, in every vehicle. */
export const firmwareOut = { version: '2.1.0', releaseCounter: 7 }

/** SIMULATED: one hardware revision loses the powertrain controller on the bus, rarely, and only while it drives. */
export const defect: Defect = {
  firmware: firmwareOut.version,
  hardware: 'B',
  code: 'U0293-87',
  everyDrivingHours: 240,
}

/** The version of the corrected release. @param round from 1: what was refused is offered again as another release */
export const correctedVersion = (round: number): string => `2.1.${round}`

/** As people may see it: `vehicle_00017` is `vehicle …000017`. */
export const shortName = (vehicle: string): string =>
  `vehicle …${vehicle.slice(vehicle.lastIndexOf('_') + 1).padStart(6, '0')}`
