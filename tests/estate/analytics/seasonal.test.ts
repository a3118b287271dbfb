import { expect, test } from 'vitest'
import { bandOf, naiveModel, seasonalModel, seasonOf } from '../../../src/estate/analytics/seasonal.ts'

const hours = (count: number, valueAt: (hour: number) => number) => ({
  from: 480_000,
  values: Array.from({ length: count }, (_, i) => valueAt(i)),
})
const daily = (i: number) => 50 + 20 * Math.sin((i / 24) * 2 * Math.PI)
const after = (model: (hour: number) => number, i: number) => model(480_000 + i)

test('two weeks tell one day of the week from another, less tells hours of the day', () => {
  expect(seasonOf(335)).toBe(24)
  expect(seasonOf(336)).toBe(168)
})

test('the profile, the level of the last day and the trend make the forecast', () => {
  const model = seasonalModel(
    hours(240, i => daily(i) + i / 24),
    24,
  )
  for (const i of [240, 250, 300]) expect(after(model, i)).toBeCloseTo(daily(i) + i / 24, 6)
})

test('what has stepped up lately goes on at its new level', () => {
  const model = seasonalModel(
    hours(240, i => daily(i) + (i >= 200 ? 10 : 0)),
    24,
  )
  expect(after(model, 245)).toBeCloseTo(daily(245) + 10, 6)
})

test('three days, the last of them a quiet one, are no trend', () => {
  const model = seasonalModel(
    hours(72, i => (i < 24 ? 52 : i < 48 ? 50 : 35)),
    24,
  )
  expect(after(model, 72 + 48)).toBeGreaterThanOrEqual(35)
})

test('an hour of the week that was never measured is that hour of other days', () => {
  const model = seasonalModel(
    hours(336, i => (i % 168 === 100 ? Number.NaN : daily(i))),
    168,
  )
  expect(after(model, 336 + 100)).toBeCloseTo(daily(100), 6)
})

test('naive is the same hour one season ago, or before that', () => {
  const of = hours(72, i => (i === 50 ? Number.NaN : i))
  expect(after(naiveModel(of, 24), 72)).toBe(48)
  expect(after(naiveModel(of, 24), 72 + 24)).toBe(48)
  expect(after(naiveModel(of, 24), 74)).toBe(26)
})

test('four of five errors lie in the band, and none is a band without width', () => {
  const day = Array.from({ length: 101 }, (_, i) => i - 50)
  expect(Math.abs(bandOf([day, day]) - 40)).toBeLessThan(1)
  expect(bandOf([])).toBe(0)
  expect(bandOf([[0, 0], [0]])).toBe(0)
})

test('where the errors of a day go the same way, the few days are all that is known, and the band is wider', () => {
  const mixed = [1, 2, 3, 4, 5].map(day => [day, -day, day, -day, 1, -1, 1, -1])
  const alike = mixed.map(day => day.map(Math.abs))
  expect(bandOf(alike)).toBeGreaterThan(bandOf(mixed))
  expect(bandOf([[3, 3]])).toBe(3)
})
