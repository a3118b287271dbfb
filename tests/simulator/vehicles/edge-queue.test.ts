import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEdgeQueue, type Queued } from '../../../src/simulator/vehicles/edge-queue.ts'

const sample = (seq: number): Queued => ({ kind: 'sample', boot: 'b', sample: { seq, at: seq, signals: {} } })
const notice = (seq: number): Queued => ({
  kind: 'notice',
  boot: 'b',
  uplink: 'update/status',
  body: { seq, at: seq },
})
const seqOf = (entry: Queued) => (entry.kind === 'sample' ? entry.sample.seq : entry.body.seq)

test('it is bounded, in order, and drops the oldest sample before any notice', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.boolean(), { maxLength: 80 }),
      (limit, kinds) => {
        const queue = createEdgeQueue(limit)
        let model: Queued[] = []
        kinds.forEach((isSample, seq) => {
          const entry = isSample ? sample(seq) : notice(seq)
          const oldest = model.find(({ kind }) => kind === 'sample') ?? model[0]
          const dropped = queue.add(entry)
          if (model.length === limit) {
            expect(dropped).toEqual(oldest)
            model = model.filter(kept => kept !== oldest)
          } else expect(dropped).toBeNull()
          model.push(entry)
          expect(queue.size()).toBeLessThanOrEqual(limit)
        })
        const left: number[] = []
        while (queue.size() > 0) {
          const kept = queue.takeNotice()
          if (kept) left.push(kept.body.seq)
          else left.push(...queue.takeSamples(7, () => true).map(({ seq }) => seq))
        }
        expect(left).toEqual(model.map(seqOf))
      },
    ),
  )
})

test('samples are taken from the front, as many as asked for and as long as they are fit', () => {
  const queue = createEdgeQueue(10)
  for (const seq of [1, 2, 3]) queue.add(sample(seq))
  queue.add(notice(4))
  queue.add(sample(5))
  expect(queue.takeSamples(2, () => true).map(({ seq }) => seq)).toEqual([1, 2])
  expect(queue.takeSamples(5, ({ sample: { seq } }) => seq > 5)).toEqual([])
  expect(queue.takeSamples(5, () => true).map(({ seq }) => seq)).toEqual([3])
  expect(queue.takeSamples(5, () => true)).toEqual([])
  expect(queue.takeNotice()?.body.seq).toBe(4)
})
