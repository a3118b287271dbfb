import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createQueue, type Waiting } from '../../../src/estate/ingestion/queue.ts'

const ticket = { left: 0, taken: () => {}, refused: () => {} }
const line = (partition: string, size: number, since: number): Waiting => ({
  partition,
  kind: 'server',
  at: 0,
  reason: null,
  text: 'x'.repeat(size),
  ticket,
  since,
})

test('every line is taken once, in its order within a partition, and no batch exceeds a limit', () => {
  const lines = fc.array(fc.record({ partition: fc.constantFrom('a', 'b', 'c', 'd', 'e'), size: fc.nat(50) }))
  const limits = fc.record({
    lines: fc.integer({ min: 1, max: 9 }),
    size: fc.integer({ min: 1, max: 120 }),
    partitions: fc.integer({ min: 1, max: 4 }),
  })
  fc.assert(
    fc.property(lines, limits, (given, limit) => {
      const queue = createQueue()
      const added = given.map(({ partition, size }, index) => line(partition, size, index))
      for (const one of added) queue.add(one)
      const taken: Waiting[] = []
      while (queue.length > 0) {
        expect(queue.since).toBe(taken.length)
        expect(queue.size).toBe(added.slice(taken.length).reduce((sum, { text }) => sum + text.length, 0))
        const batch = queue.take(limit)
        const all = [...batch.values()].flat()
        expect(all.length).toBeGreaterThan(0)
        expect(all.length).toBeLessThanOrEqual(limit.lines)
        expect(batch.size).toBeLessThanOrEqual(limit.partitions)
        const size = all.reduce((sum, { text }) => sum + text.length, 0)
        // One line goes, however long it is.
        expect(all.length === 1 || size <= limit.size).toBe(true)
        for (const [partition, group] of batch) {
          expect(group.every(one => one.partition === partition)).toBe(true)
          expect(group.map(({ since }) => since)).toEqual(
            group.map(({ since }) => since).toSorted((a, b) => a - b),
          )
        }
        taken.push(...all.toSorted((a, b) => a.since - b.since))
      }
      expect(taken).toEqual(added)
      expect(queue.since).toBeNull()
      expect(queue.size).toBe(0)
    }),
  )
})
