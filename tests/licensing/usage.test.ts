import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  minuteOf,
  openMinute,
  recordLevel,
  type UsageMinute,
  usageBuckets,
} from '../../src/licensing/usage.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const CAP = 10

interface Change {
  /** Seconds after the start of time. */
  second: number
  by: 1 | -1
}

/** Records changes as a ledger does: one row for each minute in which something happened. */
function record(changes: readonly Change[]): UsageMinute[] {
  const minutes: UsageMinute[] = []
  let level = 0
  for (const { second, by } of changes) {
    const at = second * SECOND
    let usage = minutes.at(-1)
    if (usage?.minute !== minuteOf(at)) {
      usage = openMinute('cad', minuteOf(at), level, CAP)
      minutes.push(usage)
    }
    level += by
    recordLevel(usage, level, at)
    usage[by === 1 ? 'borrows' : 'returns']++
  }
  return minutes
}

/** What one bucket must say, found by looking at every second of it. */
function naive(changes: readonly Change[], from: number, to: number) {
  const knownFrom = changes[0] ? Math.floor(changes[0].second / 60) * 60 : Number.POSITIVE_INFINITY
  const held: number[] = []
  const levels: number[] = []
  for (let second = Math.max(from / SECOND, knownFrom); second < to / SECOND; second++) {
    let level = changes.filter(change => change.second < second).reduce((sum, { by }) => sum + by, 0)
    if (held.length === 0 || second % 60 === 0) levels.push(level)
    for (const { by } of changes.filter(change => change.second === second)) {
      level += by
      levels.push(level)
    }
    held.push(level)
  }
  const within = changes.filter(({ second }) => second * SECOND >= from && second * SECOND < to)
  const mean = held.length === 0 ? null : held.reduce((sum, level) => sum + level, 0) / held.length
  return {
    from,
    to,
    meanBorrowed: mean === null ? null : expect.closeTo(mean, 9),
    utilisation: mean === null ? null : expect.closeTo(mean / CAP, 9),
    peakBorrowed: levels.length === 0 ? null : Math.max(...levels),
    borrows: within.filter(({ by }) => by === 1).length,
    returns: within.filter(({ by }) => by === -1).length,
  }
}

/** Buckets of a span, from the rows that a store would hand over for it. */
function report(minutes: readonly UsageMinute[], from: number, to: number, stepMs: number) {
  const before = minutes.findLast(({ minute }) => minute * MINUTE < from)
  const within = minutes.filter(({ minute }) => minute * MINUTE >= from && minute * MINUTE < to)
  return usageBuckets(before, within, from, to, stepMs)
}

const changes = fc
  .array(
    fc.record({
      // Often on the boundary of a minute, often at the same instant, sometimes after a long gap.
      second: fc.oneof(
        fc.nat(1200),
        fc.nat(20).map(minute => minute * 60),
      ),
      up: fc.boolean(),
    }),
    { maxLength: 30 },
  )
  .map(drawn => {
    let level = 0
    return drawn
      .toSorted((a, b) => a.second - b.second)
      .map(({ second, up }): Change => {
        const by = level === 0 || (up && level < CAP) ? 1 : -1
        level += by
        return { second, by }
      })
  })

test('buckets say what a look at every second says: mean, utilisation, peak, counts, gaps and boundaries', () =>
  fc.assert(
    fc.property(
      changes,
      fc.nat(20),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 1500 }),
      (drawn, fromMinute, stepMinutes, length) => {
        const from = fromMinute * MINUTE
        const last = (drawn.at(-1)?.second ?? 0) * SECOND
        const wanted = from + length * SECOND
        // A report ends with a whole minute, or now.
        const to = wanted > last ? wanted : Math.ceil(wanted / MINUTE) * MINUTE
        const buckets = report(record(drawn), from, to, stepMinutes * MINUTE)
        const expected = []
        for (let start = from; start < to; start += stepMinutes * MINUTE)
          expected.push(naive(drawn, start, Math.min(start + stepMinutes * MINUTE, to)))
        expect(buckets).toMatchObject(expected)
      },
    ),
    { numRuns: 300 },
  ))

test('finer buckets add up to coarser ones', () =>
  fc.assert(
    fc.property(changes, drawn => {
      const minutes = record(drawn)
      const fine = report(minutes, 0, 30 * MINUTE, MINUTE)
      const [coarse] = report(minutes, 0, 30 * MINUTE, 30 * MINUTE)
      expect(coarse?.borrows).toBe(fine.reduce((sum, { borrows }) => sum + borrows, 0))
      expect(coarse?.peakBorrowed ?? 0).toBe(Math.max(...fine.map(({ peakBorrowed }) => peakBorrowed ?? 0)))
    }),
  ))

describe('a report', () => {
  const held = record([{ second: 90, by: 1 }])

  test('knows nothing before the first record', () => {
    const [first, second] = report(held, 0, 2 * MINUTE, MINUTE)
    expect(first).toMatchObject({ meanBorrowed: null, peakBorrowed: null, utilisation: null, borrows: 0 })
    expect(second).toMatchObject({ meanBorrowed: 0.5, peakBorrowed: 1, utilisation: 0.05, borrows: 1 })
  })

  test('carries the level over minutes in which nothing happened', () => {
    const [later] = report(held, 100 * MINUTE, 101 * MINUTE, MINUTE)
    expect(later).toMatchObject({ meanBorrowed: 1, peakBorrowed: 1, borrows: 0 })
  })

  test('cuts its last bucket at its end', () => {
    const buckets = report(held, 0, 2.5 * MINUTE, 2 * MINUTE)
    expect(buckets.map(({ from, to }) => [from / MINUTE, to / MINUTE])).toEqual([
      [0, 2],
      [2, 2.5],
    ])
  })

  test('of no time has no buckets', () => expect(report(held, MINUTE, MINUTE, MINUTE)).toEqual([]))

  test('has no utilisation where no seat could be held', () => {
    const closed = { ...openMinute('cad', 0, 0, 0), deniedExhausted: 3 }
    expect(report([closed], 0, MINUTE, MINUTE)).toMatchObject([
      { utilisation: null, meanBorrowed: 0, deniedExhausted: 3 },
    ])
  })

  test('shows more than full use while more is held than a lowered cap allows', () => {
    const lowered = { ...openMinute('cad', 0, 4, 2) }
    expect(report([lowered], 0, MINUTE, MINUTE)).toMatchObject([{ utilisation: 2, meanBorrowed: 4 }])
  })

  test('weighs utilisation by the cap that each minute had', () => {
    const minutes = [openMinute('cad', 0, 2, 2), openMinute('cad', 1, 2, 4)]
    expect(report(minutes, 0, 2 * MINUTE, 2 * MINUTE)[0]?.utilisation).toBeCloseTo(4 / 6)
  })

  test('keeps every count apart', () => {
    const counts = {
      borrows: 1,
      overageBorrows: 2,
      returns: 3,
      expiries: 4,
      revocations: 5,
      deniedExhausted: 6,
      deniedMaxOverage: 7,
      deniedSpendCap: 8,
      overageCents: 9,
    }
    const minutes = [0, 1].map(minute => ({ ...openMinute('cad', minute, 0, CAP), ...counts }))
    const doubled = Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, value * 2]))
    expect(report(minutes, 0, 2 * MINUTE, 2 * MINUTE)).toMatchObject([doubled])
  })
})

test('a level that is taken and given back in one instant counts in the peak, not in the mean', () => {
  const [bucket] = report(
    record([
      { second: 10, by: 1 },
      { second: 10, by: -1 },
    ]),
    0,
    MINUTE,
    MINUTE,
  )
  expect(bucket).toMatchObject({ peakBorrowed: 1, meanBorrowed: 0 })
})
