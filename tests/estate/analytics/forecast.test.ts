import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forecast } from '../../../src/estate/analytics/forecast.ts'
import { seededRandom } from '../../../src/shared/random.ts'
import { createEstate } from '../../../src/simulator/estate/estate.ts'
import { createRounds } from '../../../src/simulator/estate/rounds.ts'

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

const coverage = (values: readonly { at: number; value: number | null }[]) =>
  forecast(values, now, 1).backtest?.coverage_percent ?? 0

/** Hourly means of CPU over all servers, each sampled every 15 minutes. */
function simulated(days: number, until: number) {
  const estate = createEstate({ servers: 60, seed: 3 })
  const pace = estate.pace(900)
  const hours = new Map<number, { sum: number; count: number }>()
  const servers = estate.plan.resources.filter(({ kind }) => kind === 'server')
  createRounds(servers, pace).due(until - days * DAY_MS, until - 1, (server, at) => {
    const sample = estate.sample(server, at, pace)
    if (!sample || !('cpu_percent' in sample)) return
    const hour = Math.floor(at / HOUR_MS) * HOUR_MS
    const known = hours.get(hour) ?? { sum: 0, count: 0 }
    hours.set(hour, { sum: known.sum + sample.cpu_percent, count: known.count + 1 })
  })
  return Array.from(hours, ([at, { sum, count }]) => ({ at, value: sum / count }))
}

test('a week of the simulated estate: about 80 % of the back-test lies in the band, whatever the day of the week', () => {
  const all = simulated(14, now)
  const naive: number[] = []
  for (let day = 0; day <= 7; day++) {
    const until = now - (7 - day) * DAY_MS
    const made = forecast(
      all.filter(({ at }) => at >= until - 7 * DAY_MS && at < until),
      until,
      1,
    )
    expect(made.backtest?.coverage_percent).toBeGreaterThanOrEqual(65)
    expect(made.backtest?.coverage_percent).toBeLessThanOrEqual(95)
    if (made.method === 'seasonal_naive') naive.push(until)
  }
  // Weekdays and weekends in one season: the fallback is what is seen there.
  expect(naive.length).toBeGreaterThan(0)
})

test.each<[string, (random: () => number) => (hour: number) => number]>([
  ['noise by the hour', random => hour => daily(hour) + 4 * (random() - 0.5)],
  [
    'days that are all a little different',
    random => {
      const days = new Map<number, number>()
      return hour => {
        const day = Math.floor(hour / 24)
        if (!days.has(day)) days.set(day, 8 * (random() - 0.5))
        return daily(hour) + (days.get(day) as number) + random()
      }
    },
  ],
  [
    'noise that lasts for hours',
    random => {
      let lasting = 0
      return hour => {
        lasting = 0.9 * lasting + 2 * (random() - 0.5)
        return daily(hour) + lasting
      }
    },
  ],
])('%s: on average 65 to 95 %% of the back-test lies in the band', (_, series) => {
  const of = Array.from({ length: 30 }, (_, seed) => {
    const { next } = seededRandom(100 + seed)
    return coverage(measured(168, series(next)))
  })
  const mean = of.reduce((sum, one) => sum + one, 0) / of.length
  expect(mean).toBeGreaterThanOrEqual(65)
  expect(mean).toBeLessThanOrEqual(95)
})

test('the band lies as far above the forecast as below it, even where all errors went one way', () => {
  const falling = (hour: number) => daily(hour) - 2 * Math.max(0, Math.floor((hour - first + 48) / 24))
  const made = forecast(measured(168, falling), now, 2)
  for (const { value, low, high } of made.hours) expect(high - value).toBeCloseTo(value - low, 1)
  expect((made.hours[0]?.high ?? 0) - (made.hours[0]?.low ?? 0)).toBeGreaterThan(0)
})
