import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBurnCounts } from '../../src/delivery/burn-counts.ts'

const BUCKET = 5000
interface Happened {
  at: number
  bad: boolean
}

/** The same by looking at every borrow again. */
const naive = {
  ratio(all: readonly Happened[], seconds: number, at: number) {
    const first = Math.floor(at / BUCKET) - (seconds * 1000) / BUCKET + 1
    const seen = all.filter(borrow => Math.floor(borrow.at / BUCKET) >= first)
    return seen.length === 0 ? null : seen.filter(({ bad }) => bad).length / seen.length
  },
  beganAt(all: readonly Happened[], threshold: number, gapSeconds: number, at: number) {
    const bucketOf = ({ at: when }: Happened) => Math.floor(when / BUCKET)
    const hot = [...new Set(all.map(bucketOf))]
      .filter(number => {
        const inside = all.filter(borrow => bucketOf(borrow) === number)
        return inside.filter(({ bad }) => bad).length / inside.length > threshold
      })
      .sort((a, b) => b - a)
    let reached = Math.floor(at / BUCKET) + 1
    let began: number | null = null
    for (const number of hot) {
      if ((reached - number) * BUCKET > gapSeconds * 1000) break
      reached = number
      began = all.find(borrow => bucketOf(borrow) === number && borrow.bad)?.at ?? null
    }
    return began
  },
}

test('the counts are those of looking at every borrow again, for any traffic with any pauses', () => {
  const steps = fc.array(
    fc.record({
      waitMs: fc.oneof(fc.nat(900), fc.nat(20_000), fc.nat(400_000)),
      bad: fc.boolean(),
    }),
    { maxLength: 120 },
  )
  fc.assert(
    fc.property(steps, steps, (failures, slowness) => {
      const counts = createBurnCounts(2, 3600)
      const all: [Happened[], Happened[]] = [[], []]
      let at = 0
      for (const [index, { waitMs, bad }] of failures.entries()) {
        at += waitMs
        const slow = slowness[index]?.bad ?? false
        const now = at
        counts.add([bad, slow], now, () => now)
        all[0].push({ at: now, bad })
        all[1].push({ at: now, bad: slow })
        for (const objective of [0, 1] as const) {
          for (const seconds of [30, 120, 300, 3600])
            expect(counts.ratio(objective, seconds, at)).toBe(naive.ratio(all[objective], seconds, at))
          const recent = all[objective].filter(
            borrow => Math.floor(borrow.at / BUCKET) > Math.floor(now / BUCKET) - 3600_000 / BUCKET,
          )
          for (const since of [Number.NEGATIVE_INFINITY, 0, at / 2, at - 30_000, at]) {
            const after = recent.filter(borrow => Math.floor(borrow.at / BUCKET) > Math.floor(since / BUCKET))
            expect(counts.beganAt(objective, 0.3, 30, at, since)).toBe(naive.beganAt(after, 0.3, 30, at))
          }
        }
      }
    }),
    { numRuns: 60 },
  )
})

test('a window is as long as it says, but for one bucket', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3000), { minLength: 1, maxLength: 80 }), waits => {
      const counts = createBurnCounts(1, 600)
      let at = 0
      const times = waits.map(wait => {
        at += wait
        counts.add([true], at, () => 0)
        return at
      })
      const bad = createBurnCounts(1, 600)
      for (const time of times) bad.add([time > at - 30_000 + BUCKET], time, () => 0)
      // Every one of the last 25 s counts, and none older than 30 s.
      const ratio = bad.ratio(0, 30, at) as number
      const inside = times.filter(time => time > at - 30_000)
      const certain = times.filter(time => time > at - 30_000 + BUCKET)
      expect(ratio).toBeGreaterThanOrEqual(certain.length / inside.length)
      expect(ratio).toBeLessThanOrEqual(1)
    }),
  )
})
