import { expect, test } from 'vitest'
import {
  median,
  noiseOf,
  quantileOf,
  spreadAround,
  weightedMedian,
} from '../../../src/estate/analytics/robust.ts'

test.each([
  [[], Number.NaN],
  [[3], 3],
  [[9, 1], 5],
  [[1, 1000, 2], 2],
  [[10, 9, 1, 2], 5.5],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected)
})

test('a wild value hardly widens the spread', () => {
  expect(spreadAround([1, 2, 3, 4, 5], 3)).toBeCloseTo(1.4826)
  expect(spreadAround([1, 2, 3, 4, 5000], 3)).toBeCloseTo(1.4826)
})

test('a trend is no noise', () => {
  expect(noiseOf(Array.from({ length: 20 }, (_, i) => i / 10))).toBeLessThan(0.11)
  expect(noiseOf([5, 5, 5, 5])).toBe(0)
})

test('weights count as repetitions do', () => {
  expect(weightedMedian([1, 5, 9], [1, 1, 1])).toBe(5)
  expect(weightedMedian([9, 1, 5], [5, 1, 1])).toBe(9)
})

test('quantiles are between the values', () => {
  expect(quantileOf([4, 1, 3, 2], 0)).toBe(1)
  expect(quantileOf([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(quantileOf([4, 1, 3, 2], 1)).toBe(4)
  expect(quantileOf([], 0.5)).toBeNaN()
})
