/** The batteries of a vehicle: the one that drives it, and the one of 12 V. */
import type { Random } from '../../shared/random.ts'
import { between, happens } from './chance.ts'

export interface Traction {
  capacityKwh: number
  batteryPercent: number
  batteryHealthPercent: number
  batteryVolts: number
  batteryCelsius: number
  charging: boolean
  chargeKw: number
  /** Charging ends there. */
  chargeToPercent: number
}

export interface LowVoltage {
  lowVoltageVolts: number
  /** What it comes to rest at; a weak one is below what an update needs. */
  restingVolts: number
}

const STANDBY_KW = 0.15
const CLIMATE_KW = 1.2
/** At rest, and what speed adds to it: 0.12 kWh/km in town, 0.22 at 100 km/h. */
const KWH_PER_KM = 0.12
const KWH_PER_KM_AT_100 = 0.1
const EMPTY_VOLTS = 345
const FULL_VOLTS = 400
const CHARGED_LOW_VOLTS = 14.1
const WORN_SHARE = 0.02
const WEAK_SHARE = 0.015
/** How fast temperature and 12 V come to where they tend, s. */
const WARMS_IN_S = 1200
const SETTLES_IN_S = 120

export function freshBattery(
  capacityKwh: number,
  ambientCelsius: number,
  random: Random,
): Traction & LowVoltage {
  const batteryPercent = between(random, 25, 98)
  const restingVolts = happens(random, WEAK_SHARE) ? between(random, 11.2, 11.7) : between(random, 12.3, 12.8)
  return {
    capacityKwh,
    batteryPercent,
    batteryHealthPercent: happens(random, WORN_SHARE) ? between(random, 62, 70) : between(random, 85, 100),
    batteryVolts: EMPTY_VOLTS + ((FULL_VOLTS - EMPTY_VOLTS) * batteryPercent) / 100,
    batteryCelsius: ambientCelsius,
    charging: false,
    chargeKw: 11,
    chargeToPercent: 90,
    lowVoltageVolts: restingVolts,
    restingVolts,
  }
}

export interface Use {
  seconds: number
  drivenM: number
  speedKmh: number
  parked: boolean
  climateOn: boolean
  ambientCelsius: number
}

/** Lets the batteries be used for a moment: changes what it is given. */
export function stepBattery(battery: Traction & LowVoltage, use: Use) {
  const { seconds, parked, speedKmh } = use
  const hours = seconds / 3600
  const usable = (battery.capacityKwh * battery.batteryHealthPercent) / 100
  const driving = (use.drivenM / 1000) * (KWH_PER_KM + KWH_PER_KM_AT_100 * (speedKmh / 100) ** 2)
  const standby = ((parked ? STANDBY_KW / 10 : STANDBY_KW) + (use.climateOn ? CLIMATE_KW : 0)) * hours
  const taken = ((driving + standby) / usable) * 100
  if (battery.charging) {
    const room = Math.max(0, battery.chargeToPercent - battery.batteryPercent)
    battery.batteryPercent += Math.min(room, ((battery.chargeKw * hours) / usable) * 100)
    if (battery.batteryPercent >= battery.chargeToPercent - 1e-6) battery.charging = false
  } else battery.batteryPercent = Math.max(0, battery.batteryPercent - taken)
  battery.batteryHealthPercent = Math.max(0, battery.batteryHealthPercent - use.drivenM * 1e-10)
  const warmer = battery.charging ? 6 + battery.chargeKw / 5 : parked ? 0 : 6 + speedKmh / 10
  battery.batteryCelsius = tending(battery.batteryCelsius, use.ambientCelsius + warmer, seconds / WARMS_IN_S)
  const load = battery.charging ? -battery.chargeKw / 10 : parked ? 0 : speedKmh / 16
  battery.batteryVolts = EMPTY_VOLTS + ((FULL_VOLTS - EMPTY_VOLTS) * battery.batteryPercent) / 100 - load
  const lowVolts = battery.charging || !parked ? CHARGED_LOW_VOLTS : battery.restingVolts
  battery.lowVoltageVolts = tending(battery.lowVoltageVolts, lowVolts, seconds / SETTLES_IN_S)
}

const tending = (value: number, to: number, share: number) => value + (to - value) * Math.min(1, share)
