/**
 * What a vehicle does in the world: it drives trips on its loop and parks between them. Pure: a state, the seconds
 * that really passed, and chance make the next state, however often it is asked.
 */
import type { Random } from '../../shared/random.ts'
import type { Model } from '../../vehicle/equipment.ts'
import { freshBattery, type LowVoltage, stepBattery, type Traction } from './battery.ts'
import { between, happens, pick } from './chance.ts'
import { cities } from './cities.ts'
import type { Identity } from './identity.ts'
import { placeOn, routes, routesOf } from './routes.ts'

export interface VehicleState extends Traction, LowVoltage {
  route: number
  /** How far along its loop it is. */
  alongM: number
  latitude: number
  longitude: number
  heading: number
  tunnel: boolean
  speedKmh: number
  /** The speed the driver wants, and for how long yet. */
  wantedKmh: number
  wantedSeconds: number
  odometerM: number
  parked: boolean
  parkSeconds: number
  tripM: number
  /** Trips that it began. */
  trips: number
  /** It must not drive off now: its software is being changed. */
  held: boolean
  locked: boolean
  climateOn: boolean
  climateCelsius: number
}

export const SPEED_MAX_KMH = 130
export const ACCELERATION_MAX = 2
export const BRAKING_MAX = 3
/** How finely the way of a vehicle is computed, unless it is said otherwise. */
export const PIECE_S = 1
/** With less than this the driver looks for a charger, %. */
export const SEEKS_CHARGE_PERCENT = 30
const CHARGER_WITHIN_M = 3000
/** It does not drive off while it charges with less than this, %. */
const LEAVES_WITH_PERCENT = 60
const EMPTY_PERCENT = 3

export const capacityKwh: Record<Model, number> = { aurora: 60, breeze: 68, comet: 75, drift: 82, ember: 95 }

/** A vehicle somewhere on a loop of its region, parked or about to drive. */
export function freshState(identity: Identity, random: Random): VehicleState {
  const route = pick(random, routesOf(identity.region))
  const alongM = random.next() * lengthOf(route)
  return {
    route,
    alongM,
    ...placeOf(route, alongM),
    speedKmh: 0,
    wantedKmh: 0,
    wantedSeconds: 0,
    odometerM: Math.round(between(random, 1_000_000, 150_000_000)),
    parked: true,
    parkSeconds: happens(random, 0.4) ? between(random, 0, 10) : between(random, 10, 1800),
    tripM: 0,
    trips: 0,
    held: false,
    locked: happens(random, 0.9),
    climateOn: false,
    climateCelsius: 21,
    ...freshBattery(capacityKwh[identity.model], cities[identity.region].celsius, random),
  }
}

/**
 * The vehicle so many seconds later.
 * @param elapsedSeconds 0 or more
 * @param pieceSeconds it is computed in pieces of at most so many; days and weeks need no fine ones
 */
export function step(
  vehicle: VehicleState,
  elapsedSeconds: number,
  random: Random,
  pieceSeconds = PIECE_S,
): VehicleState {
  const next = { ...vehicle }
  for (let left = elapsedSeconds; left > 0; left -= pieceSeconds)
    stepPiece(next, Math.min(left, pieceSeconds), random)
  if (next.alongM === vehicle.alongM) return next
  return Object.assign(next, placeOf(next.route, next.alongM))
}

function stepPiece(next: VehicleState, seconds: number, random: Random) {
  const drivenM = next.parked ? 0 : drive(next, seconds, random)
  if (next.parked) park(next, seconds, random)
  const { celsius } = cities[routeNumbered(next.route).region]
  stepBattery(next, { seconds, drivenM, ...next, ambientCelsius: celsius })
}

/** @returns the metres driven */
function drive(next: VehicleState, seconds: number, random: Random): number {
  const speed = next.speedKmh / 3.6
  if (next.batteryPercent < EMPTY_PERCENT) next.tripM = 0
  else if (next.batteryPercent < SEEKS_CHARGE_PERCENT) next.tripM = Math.min(next.tripM, CHARGER_WITHIN_M)
  const arriving = next.tripM <= speed ** 2 / (2 * BRAKING_MAX) + speed * seconds
  next.wantedSeconds -= seconds
  if (next.wantedSeconds <= 0) wantAnotherSpeed(next, random)
  const wanted = arriving ? 0 : next.wantedKmh / 3.6
  const after = Math.min(
    Math.max(wanted, speed - BRAKING_MAX * seconds),
    speed + ACCELERATION_MAX * seconds,
    SPEED_MAX_KMH / 3.6,
  )
  const drivenM = ((speed + after) / 2) * seconds
  next.speedKmh = after * 3.6
  next.odometerM += drivenM
  next.tripM -= drivenM
  next.alongM = (next.alongM + drivenM) % lengthOf(next.route)
  if (arriving && after === 0) arrive(next, random)
  return drivenM
}

function wantAnotherSpeed(next: VehicleState, random: Random) {
  const { limitKmh } = routeNumbered(next.route)
  const stops = happens(random, 0.08)
  next.wantedKmh = stops ? 0 : Math.min(SPEED_MAX_KMH, limitKmh * between(random, 0.7, 1.05))
  next.wantedSeconds = stops ? between(random, 10, 40) : between(random, 20, 90)
}

function arrive(next: VehicleState, random: Random) {
  next.parked = true
  next.speedKmh = 0
  next.tripM = 0
  next.parkSeconds = between(random, 300, 2400)
  next.locked = true
  next.climateOn = false
  const seeks = next.batteryPercent < SEEKS_CHARGE_PERCENT
  if (seeks || happens(random, 0.35)) plugIn(next, random, seeks)
}

function plugIn(next: VehicleState, random: Random, seeks: boolean) {
  next.charging = true
  next.chargeKw = seeks || happens(random, 0.3) ? 50 : 11
  next.chargeToPercent = between(random, 80, 95)
}

function park(next: VehicleState, seconds: number, random: Random) {
  if (!next.held) next.parkSeconds -= seconds
  const needsCharge =
    next.batteryPercent < SEEKS_CHARGE_PERCENT || (next.charging && next.batteryPercent < LEAVES_WITH_PERCENT)
  if (needsCharge && !next.charging) plugIn(next, random, true)
  if (next.held || needsCharge || next.parkSeconds > 0) return
  next.parked = false
  next.charging = false
  next.locked = true
  next.trips++
  next.tripM = between(random, 2000, 25_000)
  next.wantedSeconds = 0
}

function routeNumbered(route: number) {
  const found = routes[route]
  if (!found) throw new RangeError(`there is no route ${route}`)
  return found
}
const lengthOf = (route: number) => routeNumbered(route).lengthM
const placeOf = (route: number, alongM: number) => placeOn(routeNumbered(route), alongM)
