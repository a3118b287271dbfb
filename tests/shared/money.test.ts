import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromCents, isWholeCents, toCents } from '../../src/shared/money.ts'

const CENTS_MAX = 1_000_000_000

test('every price in cents survives the wire and back', () =>
  fc.assert(
    fc.property(fc.integer({ min: 0, max: CENTS_MAX }), cents => {
      expect(toCents(fromCents(cents))).toBe(cents)
      expect(toCents(JSON.parse(JSON.stringify(fromCents(cents))))).toBe(cents)
      expect(isWholeCents(fromCents(cents))).toBe(true)
    }),
  ))

test('a third decimal is no price', () =>
  fc.assert(
    fc.property(fc.integer({ min: 0, max: CENTS_MAX }), fc.integer({ min: 1, max: 9 }), (cents, mills) => {
      const price = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}${mills}`
      expect(isWholeCents(Number(price))).toBe(false)
    }),
  ))

test.each([
  [0.1 + 0.2, 30],
  [1.005 - 0.005, 100],
  [100, 100_00],
  [19.99, 1999],
  [0, 0],
])('%d is %i cents', (amount, cents) => {
  expect(isWholeCents(amount)).toBe(true)
  expect(toCents(amount)).toBe(cents)
})
