import fc from 'fast-check'
import { expect, test } from 'vitest'
import { webModule } from '../fake-page.ts'

type Value = number | null
interface Point {
  time: string
  value: Value
}
interface Line {
  name: string
  colour: number
  values: Value[]
}
const { isEmpty, lonePoints, pictureWords, roundUp, spanOf, timesOf, valuesAt } = await webModule<{
  isEmpty(picture: { lines: Line[] }): boolean
  lonePoints(values: Value[]): number[]
  pictureWords(picture: { lines: Line[] }, write: (value: Value) => string): string
  roundUp(value: number): number
  spanOf(hours: number, nowMs: number): { from: number; to: number }
  timesOf(points: Point[]): number[]
  valuesAt(times: number[], points: Point[], value: (point: Point) => Value): Value[]
}>('estate/series')

const at = (seconds: number, value: Value = 1): Point => ({
  time: new Date(seconds * 1000).toISOString(),
  value,
})
const lines = (...values: Value[][]) => ({
  lines: values.map((list, index) => ({ name: `line ${index}`, colour: 1, values: list })),
})

test('times grow, each once, whatever order the points come in', () => {
  expect(timesOf([at(600), at(0), at(300), at(300)])).toEqual([0, 300, 600])
})

test('where buckets are missing, a time without a point breaks the line', () => {
  const points = [at(0), at(300), at(600), at(1800), at(2100)]
  const times = timesOf(points)
  expect(times).toEqual([0, 300, 600, 900, 1800, 2100])
  expect(valuesAt(times, points, point => point.value)).toEqual([1, 1, 1, null, 1, 1])
})

test('a bucket without a value is a gap, and zero is a value', () => {
  const points = [at(0, 0), at(300, null), at(600, 2)]
  expect(valuesAt(timesOf(points), points, point => point.value)).toEqual([0, null, 2])
})

test('times that cannot be read are left out', () => {
  expect(timesOf([{ time: 'never', value: 1 }, at(0)])).toEqual([0])
})

test('times always grow and hold every point', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(10_000), { maxLength: 50 }), buckets => {
      const times = timesOf(buckets.map(bucket => at(bucket * 60)))
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
      for (const bucket of buckets) expect(times).toContain(bucket * 60)
      expect(times.length).toBeLessThanOrEqual(2 * buckets.length)
    }),
  )
})

test('a span ends now', () => {
  expect(spanOf(6, 1_000_000_999)).toEqual({ from: 1_000_000 - 21_600, to: 1_000_000 })
})

test('a picture of nothing but gaps is empty, one with a zero is not', () => {
  expect(isEmpty(lines())).toBe(true)
  expect(isEmpty(lines([null, null], [null]))).toBe(true)
  expect(isEmpty(lines([null], [0]))).toBe(false)
})

test('a picture is told in words: from where to where, and the last', () => {
  const write = (value: Value) => `${value} ms`
  expect(pictureWords(lines([3, null, 0, 7, null], [null]), write)).toBe(
    'line 0: between 0 ms and 7 ms, last 7 ms. line 1: no data.',
  )
})

test.each([
  [[], []],
  [[1], [0]],
  [[1, 2], []],
  [[null, 1, null], [1]],
  [
    [1, null, 2, 3, null, 0],
    [0, 5],
  ],
])('of %j those that stand alone are %j', (values, lone) => {
  expect(lonePoints(values)).toEqual(lone)
})

test.each([
  [0, 1],
  [0.4, 1],
  [1.1, 1.2],
  [87, 100],
  [110, 120],
  [640, 800],
  [Number.NaN, 1],
])('a scale for %d goes up to %d', (value, top) => {
  expect(roundUp(value)).toBe(top)
})

test('a scale holds its values without being much too large', () => {
  fc.assert(
    fc.property(fc.double({ min: 1.001, max: 1e9, noNaN: true }), value => {
      expect(roundUp(value)).toBeGreaterThanOrEqual(value * 0.99)
      expect(roundUp(value)).toBeLessThanOrEqual(value * 1.51)
    }),
  )
})
