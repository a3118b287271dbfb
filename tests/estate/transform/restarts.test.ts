import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Change, placeSample, restartsBetween } from '../../../src/estate/transform/restarts.ts'

describe('restarts between two counts', () => {
  test.each([
    [0, 0, 0],
    [2, 5, 3],
    [5, 5, 0],
    [5, 0, 0],
    [5, 2, 2],
  ])(
    'from %s to %s are %s: a lower count is that of a container that was made anew',
    (before, after, restarts) => {
      expect(restartsBetween(before, after)).toBe(restarts)
    },
  )
})

/** Feeds counts in an order and says which restarts each time got. */
function fed(samples: Change[]) {
  const changes: Change[] = []
  const restarts = new Map<number, number>()
  const services = new Map<string, number>()
  let newestAt = -Infinity
  for (const sample of samples) {
    const before = changes.filter(({ at }) => at <= sample.at).at(-1)
    const after = changes.find(({ at }) => at > sample.at)
    const steps = placeSample(sample, before, after, newestAt)
    newestAt = Math.max(newestAt, sample.at)
    if (!steps) continue
    const kept = changes.filter(({ at }) => at !== steps.remove)
    changes.splice(0, Infinity, ...[...kept, ...steps.add].sort((a, b) => a.at - b.at))
    for (const { at, service, restarts: more } of steps.corrections) {
      restarts.set(at, (restarts.get(at) ?? 0) + more)
      services.set(service, (services.get(service) ?? 0) + more)
    }
  }
  const found = [...restarts].filter(([, count]) => count !== 0).sort(([a], [b]) => a - b)
  return { changes, restarts: found, services: [...services].filter(([, count]) => count !== 0).sort() }
}

/** Counts by time: they grow, and once the container may be made anew and begin below all that was. */
const life = fc
  .record({
    grows: fc.array(fc.constantFrom(0, 0, 1, 2), { minLength: 1, maxLength: 20 }),
    before: fc.array(fc.constantFrom(0, 0, 3), { maxLength: 8 }),
  })
  .map(({ grows, before }) => {
    let count = 1000
    const first = before.map(more => (count += more))
    let again = 0
    const second = grows.map(more => (again += more))
    return [...first, ...second].map((count, at): Change => ({ at, count, service: `service-${at % 3}` }))
  })

test('in whatever order the samples come, each time gets the restarts since the one before', () => {
  fc.assert(
    fc.property(
      life.chain(samples =>
        fc.record({
          samples: fc.constant(samples),
          shuffled: fc.shuffledSubarray(samples, { minLength: samples.length, maxLength: samples.length }),
        }),
      ),
      ({ samples, shuffled }) => {
        const expected = samples
          .slice(1)
          .map(({ at, count }, index): [number, number] => [
            at,
            restartsBetween((samples[index] as Change).count, count),
          ])
          .filter(([, restarts]) => restarts !== 0)
        expect(fed(samples).restarts).toEqual(expected)
        expect(fed(shuffled)).toEqual(fed(samples))
      },
    ),
    { numRuns: 300 },
  )
})

test('a count that comes back within what was one stretch is a container made anew, late', () => {
  const counts = (...pairs: [number, number][]) =>
    pairs.map(([at, count]) => ({ at, count, service: 'checkout' }))
  expect(fed(counts([0, 2], [9, 2], [5, 0])).restarts).toEqual([[9, 2]])
})
