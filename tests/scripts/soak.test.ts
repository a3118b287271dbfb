import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBook, type GrantedAnswer } from '../../scripts/soak/book.ts'
import { explained } from '../../scripts/soak/explain.ts'
import { lostOf } from '../../scripts/soak/files.ts'
import { planOf } from '../../scripts/soak/plan.ts'
import { checkLines, merged, trendChecks, trendLines, trendsOf } from '../../scripts/soak/report.ts'
import type { Sample } from '../../scripts/soak/samples.ts'
import { lowerEnvelope, slopeOf, verdictOf } from '../../scripts/soak/trend.ts'

const line = (perHour: number, noise: (index: number) => number, count = 12) =>
  Array.from({ length: count }, (_, index) => ({
    at: index * 60,
    value: 100 + (perHour * index) / 60 + noise(index),
  }))

describe('the trend', () => {
  test('the lower envelope is what is left between two collections of garbage', () => {
    const teeth = Array.from({ length: 180 }, (_, at) => ({ at, value: 50 + (at % 20) }))
    expect(lowerEnvelope(teeth, 60)).toEqual([
      { at: 30, value: 50 },
      { at: 90, value: 50 },
      { at: 150, value: 50 },
    ])
  })

  test('a window that is not whole, and a figure that was not taken, are left out', () => {
    const points = Array.from({ length: 100 }, (_, at) => ({ at, value: at < 60 ? Number.NaN : 9 }))
    expect(lowerEnvelope(points, 60)).toEqual([])
    expect(lowerEnvelope([], 60)).toEqual([])
  })

  test.each([
    ['grows by more than its bound', 60, 30, 'rises'],
    ['grows by less', 20, 30, 'flat'],
    ['shrinks', -90, 30, 'flat'],
  ])('what %s is told apart through noise', (_, perHour, bound, verdict) => {
    const noisy = line(perHour, index => ((index * 7919) % 13) / 13)
    expect(verdictOf(slopeOf(noisy), bound)).toBe(verdict)
  })

  test('a slope is exact without noise, and one wild point does not move it', () => {
    const points = line(36, () => 0)
    const slope = slopeOf(points)
    for (const figure of [slope?.perHour, slope?.low, slope?.high, slope?.leastSquares])
      expect(figure).toBeCloseTo(36, 6)
    expect(slopeOf(line(36, index => (index === 6 ? 500 : 0)))?.perHour).toBeCloseTo(36, 6)
  })

  test('the limits hold the slope between them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 6, maxLength: 40 }),
        noise => {
          const slope = slopeOf(line(0, index => noise[index] as number, noise.length))
          expect(slope?.low).toBeLessThanOrEqual(slope?.perHour as number)
          expect(slope?.high).toBeGreaterThanOrEqual(slope?.perHour as number)
        },
      ),
    )
  })

  test('noise alone does not rise, a step is no slope, few points are not judged', () => {
    expect(verdictOf(slopeOf(line(0, index => (index % 2) * 20)), 1)).toBe('flat')
    expect(verdictOf(slopeOf(line(600, () => 0, 5)), 1)).toBe('not judged')
  })
})

const sample = (at: number, life: number, heap: number): Sample => ({
  ...{ at, life, heap, rss: 300, anonymous: 250, external: 20, descriptors: 100, threads: 20, handles: 50 },
  ...{ resources: 80, requestsUnderWay: 0, lagMax: 5, cpuSeconds: at, streams: 3, sockets: 1 },
})

describe('what is judged', () => {
  const plan = { ...planOf(20, false), warmUp: 60, window: 60 }

  test('a leak in the last process fails, with its figure; other figures do not', () => {
    const samples = Array.from({ length: 900 }, (_, at) => sample(at, 1, 80 + at / 20))
    const failed = trendChecks(trendsOf(samples, plan)).filter(({ problems }) => problems.length > 0)
    expect(failed).toEqual([
      { rule: 'flat: heap used (main thread), MB', problems: [expect.stringContaining('180')] },
    ])
    expect(checkLines(failed)[0]).toMatch(/^FAILED/)
  })

  test('neither the processes before nor the warm-up count', () => {
    const before = Array.from({ length: 600 }, (_, at) => sample(at, 1, at))
    const after = Array.from({ length: 600 }, (_, at) => sample(600 + at, 2, at < 60 ? at * 10 : 100))
    expect(trendChecks(trendsOf([...before, ...after], plan)).flatMap(({ problems }) => problems)).toEqual([])
  })

  test('a soak too short to judge says so, and does not pass for flat', () => {
    const short = trendsOf([sample(0, 1, 80), sample(1, 1, 90)], plan)
    expect(trendChecks(short)).toEqual([])
    expect(
      trendLines(short)
        .slice(1)
        .every(text => text.endsWith('not judged')),
    ).toBe(true)
    const samples = Array.from({ length: 900 }, (_, at) => sample(at, 1, 80 + at))
    expect(trendChecks(trendsOf(samples, { ...plan, window: 5 }))).toEqual([])
  })

  test('a rule that was broken once is broken, and says when', () => {
    const rule = 'the ledger keeps its own rules'
    const checks = merged([
      { rule, problems: [], when: 'first' },
      { rule, problems: ['a charge too many'], when: 'then' },
    ])
    expect(checkLines(checks)).toEqual([`FAILED  ${rule}`, '          then: a charge too many'])
  })

  test.each([20, 2, 600])(
    '%d minutes have both kinds of restarts, and the last process half of the time',
    minutes => {
      const { restarts, seconds, warmUp, window } = planOf(minutes, false)
      expect(new Set(restarts.map(({ how }) => how))).toEqual(new Set(['SIGTERM', 'SIGKILL']))
      const left = seconds - (restarts.at(-1)?.at ?? 0)
      expect(left).toBeGreaterThan(seconds / 2)
      expect((left - warmUp) / window).toBeGreaterThanOrEqual(6)
    },
  )
})

const answer = (id: string, cents = 0): GrantedAnswer => ({
  id,
  tool: 'cad_tool',
  is_overage: cents > 0,
  overage_charge: cents / 100,
  expires_at: '2026-03-02T09:00:45.000Z',
})
const row = {
  key: 'soak-1',
  id: 'a',
  tool: 'cad_tool',
  cents: null as number | null,
  expiresAt: Date.parse('2026-03-02T09:00:45.000Z'),
  endReason: null as string | null,
}

describe('the book of answers', () => {
  function bookOf(cents = 0) {
    const book = createBook()
    book.asked('soak-1')
    book.granted('soak-1', answer('a', cents))
    return book
  }

  test('promises that are kept break nothing', () => {
    expect(bookOf().broken([row])).toEqual([])
    expect(bookOf(9999).broken([{ ...row, cents: 9999 }])).toEqual([])
    expect(bookOf().broken([{ ...row, endReason: 'expired' }])).toEqual([])
  })

  test.each<[string, (book: ReturnType<typeof createBook>) => void, (typeof row)[], RegExp]>([
    ['a borrow that is lost', () => {}, [], /is gone/],
    ['two borrows for one key', () => {}, [row, { ...row, id: 'b' }], /two borrows/],
    ['another borrow than was answered', () => {}, [{ ...row, id: 'b' }], /is kept as b/],
    ['a charge nobody was told of', () => {}, [{ ...row, cents: 100 }], /was charged null, kept is 100/],
    ['a borrow that nobody asked for', () => {}, [row, { ...row, key: 'soak-2', id: 'b' }], /nobody asked/],
    [
      'a return that was forgotten',
      book => book.ended('soak-1', 'returned'),
      [row],
      /was returned, kept is null/,
    ],
    ['a revocation that was forgotten', book => book.ended('soak-1', 'revoked'), [row], /was revoked/],
    [
      'a renewal that was forgotten',
      book => book.renewed('soak-1', '2026-03-02T10:00:00Z'),
      [row],
      /has a lease/,
    ],
    [
      'one key that was granted twice',
      book => book.granted('soak-1', answer('b')),
      [row],
      /granted as a and as b/,
    ],
    ['a key that was granted and denied', book => book.denied('soak-1'), [row], /denied/],
  ])('%s is found', (_, happens, rows, found) => {
    const book = bookOf()
    happens(book)
    expect(book.broken(rows).join('\n')).toMatch(found)
  })

  test('a question without an answer may have made a borrow, or none, and not two', () => {
    const book = createBook()
    book.asked('soak-1')
    expect([book.broken([]), book.broken([row])]).toEqual([[], []])
    expect(book.broken([row, { ...row, id: 'b' }])).toHaveLength(1)
  })
})

describe('what explains itself', () => {
  const asked = { method: 'GET', path: '/borrows', status: 503, reason: 'stopping', calm: false }
  test.each([
    ['an answer below 500', { ...asked, status: 409, calm: true }, 'fine'],
    ['stopping while it stops', asked, 'fine'],
    ['stopping while it is up', { ...asked, calm: true }, null],
    ['a fault of a read', { ...asked, status: 500, reason: 'internal' }, null],
    [
      'a failed borrow, if the log says why',
      { ...asked, method: 'POST', path: '/licenses/borrow', status: 500 },
      'log',
    ],
    ['a full disk', { ...asked, reason: 'storage_full' }, null],
    ['too much at once', { ...asked, reason: 'overloaded' }, null],
    [
      'a pipeline that says how it is',
      { ...asked, path: '/health', reason: 'unhealthy', calm: true },
      'fine',
    ],
    ['a vehicle without coverage', { ...asked, status: 504, reason: 'vehicle_silent', calm: true }, 'fine'],
    ['a 502', { ...asked, status: 502 }, null],
  ] as const)('%s', (_, answered, why) => {
    expect(explained(answered)).toBe(why)
  })

  test('acknowledged numbers outside of what was received are lost', () => {
    expect(
      lostOf(
        [1, 2, 5, 9],
        [
          [1, 3],
          [9, 12],
        ],
      ),
    ).toEqual([5])
    expect(lostOf([1], [])).toEqual([1])
  })
})
