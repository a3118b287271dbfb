import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forecast } from '../../../src/estate/analytics/forecast.ts'
import { seededRandom } from '../../../src/shared/random.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const now = Date.UTC(2026, 5, 10)
const random = seededRandom(7)
const noise = () => random.next() - 0.5

/** Of the hours before now: `valueAt` counts hours from 1970. */
const measured = (hours: number, valueAt: (hour: number) => number | null) =>
  Array.from({ length: hours }, (_, i) => {
    const at = now - (hours - i) * HOUR_MS
    return { at, value: valueAt(at / HOUR_MS) }
  })
const first = now / HOUR_MS
const daily = (hour: number) => 50 + 20 * Math.sin((hour / 24) * 2 * Math.PI)
const weekly = (hour: number) => daily(hour) * (Math.floor(hour / 24 + 4) % 7 < 2 ? 0.5 : 1)

test('a constant stays, by the simplest method, in a band without width', () => {
  const made = forecast(
    measured(96, () => 42),
    now,
    7,
  )
  expect(made.method).toBe('seasonal_naive')
  expect(made.reason).toContain('not better')
  expect(new Set(made.hours.map(({ value, low, high }) => `${low} ${value} ${high}`))).toEqual(
    new Set(['42 42 42']),
  )
  expect(made.backtest).toMatchObject({ seasonal_mae: 0, naive_mae: 0, coverage_percent: 100 })
})

test('a line goes on', () => {
  const line = (hour: number) => 40 + (hour - first) / 24
  const made = forecast(measured(168, line), now, 7)
  expect(made.method).toBe('seasonal')
  for (const { at, value } of made.hours) expect(value).toBeCloseTo(line(at / HOUR_MS), 1)
})

test('a day with noise is seasonal, better than the day before, and mostly within its band', () => {
  const made = forecast(
    measured(240, hour => daily(hour) + 4 * noise()),
    now,
    2,
  )
  expect(made.method).toBe('seasonal')
  expect(made.backtest?.seasonal_mae).toBeLessThan(made.backtest?.naive_mae ?? 0)
  expect(made.backtest?.coverage_percent).toBeGreaterThan(65)
  for (const { at, value } of made.hours) expect(Math.abs(value - daily(at / HOUR_MS))).toBeLessThan(2.5)
})

test('from two weeks on the days of the week are told apart', () => {
  const made = forecast(
    measured(21 * 24, hour => weekly(hour) + noise()),
    now,
    7,
  )
  expect(made.method).toBe('seasonal')
  for (const { at, value } of made.hours) expect(Math.abs(value - weekly(at / HOUR_MS))).toBeLessThan(2)
})

test('a trend goes on no longer than it was seen', () => {
  const made = forecast(
    measured(120, hour => 40 + (hour - first) / 12),
    now,
    30,
  )
  expect(made.hours[119]?.value).toBeCloseTo(40 + 119 / 12, 0)
  expect(made.hours.at(-1)?.value).toBeCloseTo(50, 0)
})

test('gaps are tolerated', () => {
  const holes = (hour: number) => (hour % 7 === 3 || hour % 31 === 5 ? null : daily(hour) + noise())
  const made = forecast(measured(240, holes), now, 1)
  for (const { at, value } of made.hours) expect(Math.abs(value - daily(at / HOUR_MS))).toBeLessThan(2)
})

test('one wild day does not become usual', () => {
  const wild = (hour: number) => (hour > first - 100 && hour < first - 76 ? 100 : daily(hour) + noise())
  const made = forecast(measured(240, wild), now, 1)
  expect(made.method).toBe('seasonal')
  for (const { at, value } of made.hours) expect(Math.abs(value - daily(at / HOUR_MS))).toBeLessThan(3)
})

test.each<[string, number, (hour: number) => number | null, RegExp]>([
  ['nothing', 0, () => 1, /At least 3 days .* 0 hours/],
  ['5 points', 5, () => 1, /At least 3 days .* 5 hours/],
  ['a little less than 3 days', 71, () => 1, /At least 3 days .* 71 hours/],
  ['10 days of which most is missing', 240, hour => (hour % 4 === 0 ? 1 : null), /Too much is missing/],
  ['nothing on the last day', 240, hour => (hour >= first - 30 ? null : 1), /last day/],
])('%s: no forecast, and it says what is missing', (_, hours, valueAt, reason) => {
  const made = forecast(measured(hours, valueAt), now, 7)
  expect(made).toMatchObject({ method: 'none', backtest: null, hours: [], days: [] })
  expect(made.reason).toMatch(reason)
})

test('by the hour and by the day, from the hour that is under way', () => {
  const at = now + 5 * HOUR_MS + 1234
  const made = forecast(measured(120, daily), at, 3)
  expect(made.hours).toHaveLength(72)
  expect(made.hours[0]?.at).toBe(now + 5 * HOUR_MS)
  expect(made.days.map(day => day.at)).toEqual([0, 1, 2, 3].map(day => now + day * DAY_MS))
  const second = made.hours.filter(({ at }) => at >= now + DAY_MS && at < now + 2 * DAY_MS)
  const mean = second.reduce((sum, { value }) => sum + value, 0) / 24
  expect(made.days[1]?.value).toBeCloseTo(mean, 1)
})

test('further ahead less is certain', () => {
  const made = forecast(
    measured(240, hour => daily(hour) + 4 * noise()),
    now,
    7,
  )
  const width = (day: number) => (made.days[day]?.high ?? 0) - (made.days[day]?.low ?? 0)
  expect(width(6)).toBeGreaterThan(width(0))
})

test('whatever was measured, it is from 0 to 100 with the value within its band', () => {
  const value = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { freq: 10 })
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 72, maxLength: 200 }),
      fc.integer({ min: 1, max: 10 }),
      (values, days) => {
        const made = forecast(
          values.map((value, i) => ({ at: now - (values.length - i) * HOUR_MS, value })),
          now,
          days,
        )
        expect(made.hours).toHaveLength(made.method === 'none' ? 0 : days * 24)
        for (const { value, low, high } of made.hours) {
          expect(low).toBeGreaterThanOrEqual(0)
          expect(value).toBeGreaterThanOrEqual(low)
          expect(high).toBeGreaterThanOrEqual(value)
          expect(high).toBeLessThanOrEqual(100)
        }
      },
    ),
    { numRuns: 40 },
  )
})
