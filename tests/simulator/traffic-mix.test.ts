import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deeds as deedsOnTheWire } from '../../src/scenarios/api.ts'
import { createHoldings } from '../../src/simulator/traffic/holdings.ts'
import { chosen, mixWith } from '../../src/simulator/traffic/mix.ts'
import { deeds, readMix, usualMix } from '../../src/simulator/traffic.ts'

const weights = fc.record(
  Object.fromEntries(deeds.map(deed => [deed, fc.integer({ min: 0, max: 100 })])) as never,
) as fc.Arbitrary<typeof usualMix>
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('the deeds are those that the API takes', () => {
  expect(deeds).toEqual(deedsOnTheWire)
})

test('what has no weight is never done, and weights that are all 0 leave people looking', () => {
  fc.assert(
    fc.property(weights, chance, (mix, at) => {
      const deed = chosen(mix, at)
      const none = deeds.every(name => mix[name] === 0)
      if (none) expect(deed).toBe('look')
      else expect(mix[deed]).toBeGreaterThan(0)
    }),
  )
})

test('each deed has its share of all chances', () => {
  fc.assert(
    fc.property(weights, mix => {
      const steps = 2000
      const sum = deeds.reduce((all, deed) => all + mix[deed], 0)
      fc.pre(sum > 0)
      const done = Array.from({ length: steps }, (_, step) => chosen(mix, step / steps))
      for (const deed of deeds)
        expect(done.filter(name => name === deed).length / steps).toBeCloseTo(mix[deed] / sum, 2)
    }),
    { numRuns: 20 },
  )
})

test('weights that are left out keep their own', () => {
  expect(mixWith({ borrow: 60, look: undefined })).toEqual({ ...usualMix, borrow: 60 })
})

test('weights are read as people type them, and come back as they were', () => {
  fc.assert(
    fc.property(weights, mix => {
      const text = Object.entries(mix).map(([deed, weight]) => `${deed}=${weight}`)
      expect(readMix(text.join(','))).toEqual(mix)
      expect(readMix(text.join(' , '))).toEqual(mix)
    }),
    { numRuns: 30 },
  )
  expect(readMix('')).toEqual({})
})

test.each([
  'borow=3',
  'borrow',
  'borrow=',
  'borrow=x',
  'borrow=-1',
  'borrow=101',
  'look=1,look=NaN',
  '=3',
  '__proto__=1',
])('weights that cannot be are said to be wrong: %s', text => {
  expect(readMix(text)).toHaveProperty('problem', expect.stringMatching(/must/))
})

test('whoever was done first gives back first, nobody before, and no more is held than may be', () => {
  const holding = fc.record({ until: fc.integer({ min: 0, max: 20 }) })
  fc.assert(
    fc.property(fc.array(holding, { maxLength: 30 }), fc.integer({ min: 1, max: 10 }), (wanted, max) => {
      const held = createHoldings(max)
      const gone = wanted
        .map(({ until }, index) => held.hold(`${index}`, until))
        .filter(id => id !== undefined)
      expect(held.size).toBe(Math.min(max, wanted.length))
      const back: string[] = []
      for (let now = 0; now <= 20; now++)
        for (let id = held.takeDone(now); id !== undefined; id = held.takeDone(now)) {
          expect(wanted[Number(id)]?.until).toBe(now)
          back.push(id)
        }
      expect(new Set([...gone, ...back]).size).toBe(wanted.length)
      expect(held.takeAll()).toEqual([])
    }),
  )
})
