import fc from 'fast-check'
import { expect, test } from 'vitest'
import { highest, missing, RANGES_MAX, type Received, receive } from '../../src/ingest/received.ts'

test('a number is new once, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 120 }), numbers => {
      const received: Received = []
      const seen = new Set<number>()
      for (const number of numbers) {
        expect(receive(received, number)).toBe(!seen.has(number))
        seen.add(number)
      }
      expect(highest(received)).toBe(numbers.length === 0 ? 0 : Math.max(...numbers))
      expect(missing(received)).toBe(highest(received) - seen.size)
      // In order, with a gap between any two.
      for (const [index, [from, to]] of received.entries()) {
        expect(from).toBeLessThanOrEqual(to)
        if (index > 0) expect(from).toBeGreaterThan((received[index - 1]?.[1] ?? 0) + 1)
      }
    }),
  )
})

test('numbers in order are one range', () => {
  const received: Received = []
  for (let number = 1; number <= 10_000; number++) receive(received, number)
  expect(received).toEqual([[1, 10_000]])
})

test('a boot with a broken counter costs no more than its bound', () => {
  const received: Received = []
  for (let number = 1; number < 4 * RANGES_MAX; number += 2) receive(received, number)
  expect(received.length).toBe(RANGES_MAX)
  expect(receive(received, 4 * RANGES_MAX - 1)).toBe(false)
  expect(receive(received, 4 * RANGES_MAX)).toBe(true)
})
