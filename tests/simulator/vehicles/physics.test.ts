import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../../src/shared/random.ts'
import { bearing, distanceM } from '../../../src/simulator/vehicles/geometry.ts'
import { identityOf } from '../../../src/simulator/vehicles/identity.ts'
import {
  ACCELERATION_MAX,
  BRAKING_MAX,
  freshState,
  SPEED_MAX_KMH,
  step,
  type VehicleState,
} from '../../../src/simulator/vehicles/physics.ts'
import { placeOn, routes, type Stretch } from '../../../src/simulator/vehicles/routes.ts'

const seed = fc.integer({ min: 0, max: 1e9 })
const seconds = fc.double({ min: 0.01, max: 300, noNaN: true })
const fresh = (of: number) => freshState(identityOf((of % 99_999) + 1), seededRandom(of))
const driving = (of: number): VehicleState => ({ ...fresh(of), parkSeconds: 0, batteryPercent: 80 })
const routeOf = (state: VehicleState) => routes[state.route] as (typeof routes)[number]
const stretchOf = (state: VehicleState): Stretch =>
  routeOf(state).stretches.findLast(({ startM }) => startM <= state.alongM) as Stretch
/** Every state of a ride. */
function ride(of: number, steps: number[]): VehicleState[] {
  const random = seededRandom(of)
  const states = [driving(of)]
  for (const elapsed of steps) states.push(step(states.at(-1) as VehicleState, elapsed, random))
  return states
}
const pairs = (states: VehicleState[]) =>
  states.slice(1).map((after, index) => [states[index] as VehicleState, after] as const)

test('a vehicle goes no further than it drove, and exactly as far on a straight stretch', () => {
  let straight = 0
  fc.assert(
    fc.property(seed, fc.array(seconds, { maxLength: 20 }), (of, steps) => {
      for (const [before, after] of pairs(ride(of, steps))) {
        const driven = after.odometerM - before.odometerM
        const moved = distanceM(before, after)
        expect(moved).toBeLessThanOrEqual(driven + 0.001)
        if (driven < 1 || stretchOf(before) !== stretchOf(after) || driven > 2000) continue
        straight++
        expect(moved).toBeCloseTo(driven, 2)
        const turn = Math.abs(bearing(before, after) - after.heading)
        expect(Math.min(turn, 360 - turn)).toBeLessThan(0.2)
      }
    }),
  )
  expect(straight).toBeGreaterThan(20)
})

test('the odometer grows by what was driven along the loop, and stands still with the vehicle', () => {
  fc.assert(
    fc.property(seed, fc.array(seconds, { maxLength: 20 }), (of, steps) => {
      for (const [before, after] of pairs(ride(of, steps))) {
        const { lengthM } = routeOf(after)
        const along = (after.alongM - before.alongM + lengthM) % lengthM
        expect((after.odometerM - before.odometerM) % lengthM).toBeCloseTo(along, 3)
        if (before.parked && after.parked && before.trips === after.trips) {
          expect(after.odometerM).toBe(before.odometerM)
          expect(after).toMatchObject({ speedKmh: 0, latitude: before.latitude })
        }
      }
    }),
  )
})

test('speed and its change stay within bounds', () => {
  fc.assert(
    fc.property(seed, fc.integer({ min: 1, max: 400 }), (of, count) => {
      for (const [before, after] of pairs(ride(of, Array(count).fill(0.5)))) {
        expect(after.speedKmh).toBeGreaterThanOrEqual(0)
        expect(after.speedKmh).toBeLessThanOrEqual(SPEED_MAX_KMH)
        const change = (after.speedKmh - before.speedKmh) / 3.6 / 0.5
        expect(change).toBeLessThanOrEqual(ACCELERATION_MAX + 1e-9)
        expect(change).toBeGreaterThanOrEqual(-BRAKING_MAX - 1e-9)
      }
    }),
    { numRuns: 30 },
  )
})

test('the distance follows the real elapsed time, however it is cut into steps', () => {
  const one = step({ ...driving(5), wantedKmh: 60 }, 120, seededRandom(5))
  const cut = Array(60)
    .fill(2)
    .reduce((state, elapsed) => step(state, elapsed, again), { ...driving(5), wantedKmh: 60 })
  expect(cut.odometerM).toBeCloseTo(one.odometerM, 6)
  expect(one.odometerM - driving(5).odometerM).toBeGreaterThan(500)
  expect(step(one, 0, seededRandom(1))).toEqual(one)
})
const again = seededRandom(5)

test('a day: trips, parking and charging, every battery within its range', () => {
  const random = seededRandom(3)
  for (let of = 1; of <= 5; of++) {
    let state: VehicleState = fresh(of)
    let [charged, drove, parked] = [false, false, false]
    for (let minute = 0; minute < 24 * 60; minute++) {
      const before = state.batteryPercent
      state = step(state, 60, random)
      if (state.charging && state.batteryPercent > before) charged = true
      if (!state.parked) drove = true
      else parked = true
      expect(state.batteryPercent).toBeGreaterThan(0)
      expect(state.batteryPercent).toBeLessThanOrEqual(100)
      expect(state.batteryVolts).toBeGreaterThan(300)
      expect(state.batteryVolts).toBeLessThan(420)
      expect(state.lowVoltageVolts).toBeGreaterThan(11)
      expect(state.lowVoltageVolts).toBeLessThan(15)
      expect(state.batteryCelsius).toBeGreaterThan(0)
      expect(state.batteryCelsius).toBeLessThan(60)
      if (state.charging) expect(state.parked).toBe(true)
    }
    expect({ charged, drove, parked }).toEqual({ charged: true, drove: true, parked: true })
  }
})

test('driving drains the battery; a vehicle that is held does not drive off', () => {
  const before = driving(9)
  expect(step(before, 300, seededRandom(9)).batteryPercent).toBeLessThan(before.batteryPercent)
  const held = step({ ...before, held: true }, 3600, seededRandom(9))
  expect(held).toMatchObject({ parked: true, odometerM: before.odometerM })
})

test('the loops are closed, lie around their city, and some have a tunnel', () => {
  for (const route of routes) {
    const end = placeOn(route, route.lengthM - 0.001)
    expect(distanceM(end, route.stretches[0] as Stretch)).toBeLessThan(0.1)
    expect(route.lengthM).toBeGreaterThan(3000)
    const sum = route.stretches.reduce((total, { lengthM }) => total + lengthM, 0)
    expect(route.lengthM).toBeCloseTo(sum, 6)
  }
  const tunnels = routes.filter(({ stretches }) => stretches.some(({ tunnel }) => tunnel))
  expect(tunnels.length).toBeGreaterThan(20)
  expect(tunnels.length).toBeLessThan(routes.length)
  expect(new Set(routes.map(({ region }) => region)).size).toBe(10)
})
