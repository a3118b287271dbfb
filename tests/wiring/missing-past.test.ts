import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOUR_MS, missingPast } from '../../src/wiring/missing-past.ts'

const at = (hour: number, minutes = 0) => hour * HOUR_MS + minutes * 60_000
const spans = (...pairs: [number, number][]) =>
  pairs.map(([from, until]) => ({ from: at(from), until: at(until) }))

test.each([
  ['nothing is known: all of it, in one span', [0, 0], [24, 0], [], spans([0, 24])],
  ['all is known: nothing', [0, 0], [3, 0], [0, 1, 2], []],
  ['of the hour that is under way what is over', [0, 1], [3, 30], [], spans([1, 3.5])],
  ['nothing of it when it is known', [0, 0], [3, 30], [3], spans([0, 3])],
  ['an hour that ends now is over', [0, 0], [1, 0], [], spans([0, 1])],
  ['what is known parts it', [0, 0], [6, 0], [2, 3], spans([0, 2], [4, 6])],
  ['hours at both ends', [0, 0], [6, 0], [0, 5], spans([1, 5])],
  ['known hours outside do not matter', [10, 0], [12, 0], [2, 12, 40], spans([10, 12])],
  ['no time at all', [5, 30], [5, 30], [], []],
  ['a span that ends before it begins', [5, 0], [3, 0], [], []],
] as const)('%s', (_title, [fromHour, fromMinute], [untilHour, untilMinute], known, expected) => {
  const span = { from: at(fromHour, fromMinute), until: at(untilHour, untilMinute) }
  expect(
    missingPast(
      span,
      known.map(hour => at(hour)),
    ),
  ).toEqual(expected)
})

test('each hour is either known or missing, and no two spans touch', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40 * HOUR_MS }),
      fc.integer({ min: 0, max: 40 * HOUR_MS }),
      fc.uniqueArray(fc.integer({ min: 0, max: 80 })),
      (from, length, known) => {
        const until = from + length
        const missing = missingPast(
          { from, until },
          known.map(hour => at(hour)),
        )
        for (let hour = 0; hour <= 80; hour++) {
          const isAsked = at(hour) >= from && at(hour) < until
          const isMissing = missing.some(span => span.from <= at(hour) && at(hour) < span.until)
          expect(isMissing).toBe(isAsked && !known.includes(hour))
        }
        for (const [index, span] of missing.entries())
          expect(span.from).toBeGreaterThan(missing[index - 1]?.until ?? -1)
      },
    ),
  )
})
