/**
 * Who a simulated vehicle is. It comes from its number alone, so that `vehicle_00001` is the same vehicle in every run
 * and with every seed, as a server that has met it expects.
 */
import {
  type HardwareRevision,
  hardwareRevisions,
  type Model,
  models,
  type Region,
  regions,
} from '../../vehicle/equipment.ts'
import { checkDigit, yearCode } from '../../vehicle/vin.ts'
import { between, happens, pick, randomOf } from './chance.ts'

export interface Identity {
  number: number
  /** Its name on the wire. */
  vehicle: string
  vin: string
  model: Model
  year: number
  region: Region
  hardware: HardwareRevision
  /** What it left the factory with. */
  firmware: string
  releaseCounter: number
}

export const VEHICLES_MAX = 99_999

/** SIMULATED: no known maker has a code that begins with 0. */
const WMI = '0TW'
/** Also visible to people: these are no vehicles that drive anywhere. */
const DESCRIPTION = 'TEST'
const PLANT = 'S'

/**
 * A VIN that validates and is visibly artificial: such as `0TWATEST4MS000001`; its serial is the vehicle's number.
 * @param number 1 to 99,999
 * @throws RangeError for another number or a year without a code
 */
export function makeVin(number: number, model: Model, year: number): string {
  if (!Number.isInteger(number) || number < 1 || number > VEHICLES_MAX)
    throw new RangeError(`${number} is no number of a vehicle: 1 to ${VEHICLES_MAX}`)
  const line = 'ABCDE'.charAt(models.indexOf(model))
  const serial = String(number).padStart(6, '0')
  const vin = `${WMI}${line}${DESCRIPTION}0${yearCode(year)}${PLANT}${serial}`
  return `${vin.slice(0, 8)}${checkDigit(vin)}${vin.slice(9)}`
}

/** What vehicles left the factory with, and how many of them; a release's counter is its place here from 1. */
export const factoryFirmware = [
  { version: '1.2.0', share: 0.1 },
  { version: '1.2.1', share: 0.15 },
  { version: '1.3.0', share: 0.25 },
  { version: '1.3.1', share: 0.3 },
  { version: '1.4.0', share: 0.15 },
  { version: '2.0.0', share: 0.05 },
] as const

/** Multiples of the golden ratio spread evenly, so that a small fleet has the shares as well as a large one. */
const GOLDEN = (Math.sqrt(5) - 1) / 2

function firmwareOf(number: number): { firmware: string; releaseCounter: number } {
  let left = (number * GOLDEN) % 1
  const index = factoryFirmware.findIndex(({ share }) => {
    left -= share
    return left < 0
  })
  const place = index === -1 ? factoryFirmware.length - 1 : index
  return { firmware: factoryFirmware[place]?.version ?? '1.2.0', releaseCounter: place + 1 }
}

const FIRST_YEAR = 2020
const LAST_YEAR = 2025
const NEWER_HARDWARE_SHARE = 0.6

/** @param number 1 to 99,999 */
export function identityOf(number: number): Identity {
  const random = randomOf('identity', number)
  const model = pick(random, models)
  const year = Math.floor(between(random, FIRST_YEAR, LAST_YEAR + 1))
  return {
    number,
    vehicle: `vehicle_${String(number).padStart(5, '0')}`,
    vin: makeVin(number, model, year),
    model,
    year,
    region: pick(random, regions),
    hardware: happens(random, NEWER_HARDWARE_SHARE) ? hardwareRevisions[1] : hardwareRevisions[0],
    ...firmwareOf(number),
  }
}
