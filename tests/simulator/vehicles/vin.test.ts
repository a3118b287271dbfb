import fc from 'fast-check'
import { expect, test } from 'vitest'
import { factoryFirmware, identityOf, makeVin } from '../../../src/simulator/vehicles/identity.ts'
import { models } from '../../../src/vehicle/equipment.ts'
import { VEHICLE_ID } from '../../../src/vehicle/topics.ts'
import { vinProblem } from '../../../src/vehicle/vin.ts'

const number = fc.integer({ min: 1, max: 99_999 })
const year = fc.integer({ min: 2010, max: 2039 })

test('every VIN validates for its model year, and shows that it is artificial', () => {
  fc.assert(
    fc.property(number, fc.constantFrom(...models), year, (of, model, year) => {
      const vin = makeVin(of, model, year)
      expect(vinProblem(vin, year)).toBeNull()
      expect(vin).toMatch(/^0TW[A-E]TEST.*0\d{5}$/)
      expect(vin.endsWith(String(of).padStart(6, '0'))).toBe(true)
    }),
  )
})

test('all vehicles differ in name and VIN, and each is the same in every run', () => {
  const all = Array.from({ length: 20_000 }, (_, index) => identityOf(index + 1))
  expect(new Set(all.map(({ vin }) => vin)).size).toBe(all.length)
  expect(new Set(all.map(({ vehicle }) => vehicle)).size).toBe(all.length)
  expect(all.every(({ vehicle, vin, year }) => VEHICLE_ID.test(vehicle) && !vinProblem(vin, year))).toBe(true)
  expect(identityOf(7)).toEqual(identityOf(7))
  expect(new Set([identityOf(1), identityOf(99_999)].map(({ vin }) => vin.slice(-6)))).toEqual(
    new Set(['000001', '099999']),
  )
})

test.each([0, -1, 1.5, 100_000])('%d is no number of a vehicle', of => {
  expect(() => makeVin(of, 'aurora', 2024)).toThrow(RangeError)
})

test.each([20, 100, 10_000])('%d vehicles leave the factory with the shares of firmware promised', count => {
  const all = Array.from({ length: count }, (_, index) => identityOf(index + 1))
  for (const [place, { version, share }] of factoryFirmware.entries()) {
    const with_ = all.filter(({ firmware }) => firmware === version)
    expect(Math.abs(with_.length - share * count)).toBeLessThanOrEqual(2)
    expect(with_.every(({ releaseCounter }) => releaseCounter === place + 1)).toBe(true)
  }
})
