import fc from 'fast-check'
import { expect, test } from 'vitest'
import { daysUntilFull } from '../../../src/estate/analytics/days-until-full.ts'
import { seededRandom } from '../../../src/shared/random.ts'

const HOUR_MS = 3_600_000
const series = (hours: number, percentAt: (hour: number) => number) =>
  Array.from({ length: hours }, (_, hour) => ({ at: hour * HOUR_MS, percent: percentAt(hour) }))

test('a disk that grows by 2 points a day from 60 is full in the rest divided by 2', () => {
  const points = series(169, hour => 60 + hour / 12)
  expect(daysUntilFull(points)).toBeCloseTo((100 - 74) / 2, 6)
})

test.each<[string, (hour: number) => number]>([
  ['constant', () => 70],
  ['falling', hour => 70 - hour / 24],
  ['up and down by the day', hour => 50 + 5 * Math.sin((hour / 24) * 2 * Math.PI)],
  ['cleaned each night at the same height', hour => 40 + (hour % 24)],
])('%s: null, it does not grow', (_, percentAt) => {
  expect(daysUntilFull(series(168, percentAt))).toBeNull()
})

test('noise without growth is no growth worth a date', () => {
  const random = seededRandom(5)
  expect(daysUntilFull(series(168, () => 50 + 4 * random.next()))).toBeNull()
})

test('one cleaning does not hide how fast it grows', () => {
  const points = series(168, hour => (hour < 100 ? 40 + hour / 4 : 30 + (hour - 100) / 4))
  const last = points.at(-1)?.percent ?? 0
  expect(daysUntilFull(points)).toBeCloseTo((100 - last) / 6, 6)
})

test('cleaned again and again, but ever higher: full one day', () => {
  const points = series(168, hour => 40 + (hour % 24) + Math.floor(hour / 24) * 4)
  expect(daysUntilFull(points)).toBeGreaterThan(0)
})

test('wild values do not move it', () => {
  const points = series(168, hour => (hour % 40 === 9 ? 1 : 60 + hour / 24))
  expect(daysUntilFull(points)).toBeCloseTo((100 - (60 + 167 / 24)) / 1, 0)
})

test('gaps and a point each 6 hours are enough', () => {
  const points = series(168, hour => 60 + hour / 24).filter((_, i) => i % 6 === 5 && (i < 60 || i > 100))
  expect(daysUntilFull(points)).toBeCloseTo(100 - (points.at(-1)?.percent ?? 0), 4)
})

test('a full disk is full in 0 days', () => {
  expect(daysUntilFull(series(48, hour => Math.min(100, 90 + hour)))).toBe(0)
})

test('5 points, less than a day or nothing: null', () => {
  expect(daysUntilFull([])).toBeNull()
  expect(daysUntilFull(series(20, hour => 50 + hour))).toBeNull()
  expect(daysUntilFull(series(168, hour => 50 + hour / 10).filter((_, i) => i % 40 === 0))).toBeNull()
})

test('it is never negative and never NaN', () => {
  const percent = fc.double({ min: 0, max: 100, noNaN: true })
  fc.assert(
    fc.property(fc.array(percent, { maxLength: 200 }), values => {
      const days = daysUntilFull(series(values.length, hour => values[hour] as number))
      expect(days === null || days >= 0).toBe(true)
    }),
  )
})
