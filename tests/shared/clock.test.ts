import fc from 'fast-check'
import { expect, test } from 'vitest'
import { monthOf, rfc3339, steadyClock } from '../../src/shared/clock.ts'
import { fakeClock, START } from '../support/fake-clock.ts'

const HOUR = 3600_000

test('a steady clock shows the wall clock while that only goes forward', () =>
  fc.assert(
    fc.property(fc.array(fc.nat(10 * HOUR)), passes => {
      const wall = fakeClock()
      const clock = steadyClock(wall)
      for (const ms of passes) {
        wall.advance(ms)
        expect(clock.now()).toBe(wall.now())
      }
    }),
  ))

test('a steady clock never goes back and is never behind the wall, whatever the wall does', () =>
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          pass: fc.double({ min: 0, max: HOUR, noNaN: true }),
          step: fc.integer({ min: -HOUR, max: HOUR }),
        }),
      ),
      moves => {
        const wall = fakeClock()
        const clock = steadyClock(wall)
        let last = clock.now()
        for (const { pass, step } of moves) {
          wall.advance(pass)
          wall.set(Math.floor(wall.now() + step))
          const now = clock.now()
          expect(now).toBeGreaterThanOrEqual(last)
          expect(now).toBeGreaterThanOrEqual(wall.now())
          expect(Number.isInteger(now)).toBe(true)
          last = now
        }
      },
    ),
  ))

test('after a step back time goes on at half speed until the wall has caught up', () => {
  const wall = fakeClock()
  const clock = steadyClock(wall)
  wall.set(START - HOUR)
  expect(clock.now()).toBe(START)
  wall.advance(HOUR)
  expect(clock.now()).toBe(START + HOUR / 2)
  wall.advance(HOUR)
  expect(clock.now()).toBe(START + HOUR)
  expect(clock.now()).toBe(wall.now())
  wall.advance(HOUR)
  expect(clock.now()).toBe(wall.now())
})

test('however often it is read, a clock that was stepped back loses no time', () => {
  const wall = fakeClock()
  const clock = steadyClock(wall)
  wall.set(START - HOUR)
  for (let reading = 0; reading < 1000; reading++) {
    wall.advance(1)
    clock.now()
  }
  expect(clock.now()).toBe(START + 500)
})

test('a clock that may not be before a time starts there and goes on at half speed', () => {
  const wall = fakeClock()
  const clock = steadyClock(wall, START + HOUR)
  expect(clock.now()).toBe(START + HOUR)
  wall.advance(HOUR)
  expect(clock.now()).toBe(START + 1.5 * HOUR)
  wall.advance(HOUR)
  expect(clock.now()).toBe(wall.now())
})

test('a step forward is believed', () => {
  const wall = fakeClock()
  const clock = steadyClock(wall)
  wall.set(START + 8 * HOUR)
  expect(clock.now()).toBe(START + 8 * HOUR)
})

test('times are RFC 3339 in UTC and a month changes at midnight UTC', () => {
  const midnight = Date.parse('2026-04-01T00:00:00Z')
  expect(rfc3339(START)).toBe('2026-03-02T10:00:00.000Z')
  expect(monthOf(midnight - 1)).toBe('2026-03')
  expect(monthOf(midnight)).toBe('2026-04')
})
