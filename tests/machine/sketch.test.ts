import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addTo,
  bucketOf,
  ERROR,
  mergeInto,
  msOf,
  pairsOf,
  quantile,
  type Sketch,
} from '../../src/machine/sketch.ts'

const times = fc.array(fc.double({ min: 0.02, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 })
const sketchOf = (values: number[]) => {
  const sketch: Sketch = new Map()
  for (const value of values) addTo(sketch, value)
  return sketch
}

test('every quantile is off by at most the promised share of its exact value', () => {
  fc.assert(
    fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      const sorted = [...values].sort((a, b) => a - b)
      const exact = sorted[Math.floor(share * (sorted.length - 1))] as number
      const found = quantile(sketchOf(values), share) as number
      expect(Math.abs(found - exact) / exact).toBeLessThanOrEqual(ERROR + 1e-9)
    }),
  )
})

test('sketches add up: of the parts together comes what comes of the whole', () => {
  fc.assert(
    fc.property(times, times, (some, others) => {
      const sum = sketchOf(some)
      mergeInto(sum, pairsOf(sketchOf(others)))
      expect(pairsOf(sum)).toEqual(pairsOf(sketchOf([...some, ...others])))
    }),
  )
})

test('a bucket stands for what is in it, and slower is never in a lower one', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1e6, noNaN: true }),
      fc.double({ min: 1, max: 3, noNaN: true }),
      (ms, times) => {
        expect(Math.abs(msOf(bucketOf(ms)) - ms) / ms).toBeLessThanOrEqual(ERROR + 1e-9)
        expect(bucketOf(ms * times)).toBeGreaterThanOrEqual(bucketOf(ms))
      },
    ),
  )
})

test('nothing has no quantile', () => {
  expect(quantile(new Map(), 0.5)).toBeNull()
})
