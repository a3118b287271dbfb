import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLogRing } from '../../src/observability/log-ring.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { fakeClock } from '../support/fake-clock.ts'

type Ring = ReturnType<typeof createLogRing>
const texts = (ring: Ring, after?: number) => Array.from(ring.newest(after), ({ text }) => text)
const seqs = (ring: Ring, after?: number) => Array.from(ring.newest(after), ({ seq }) => seq)

test('lines come newest first, numbered from the start', () => {
  const ring = createLogRing({ startAt: 100 })
  expect([texts(ring), ring.last]).toEqual([[], 100])
  for (const line of ['a', 'b', 'c']) ring.add(line)
  expect([texts(ring), seqs(ring), ring.last]).toEqual([['c', 'b', 'a'], [103, 102, 101], 103])
  expect(texts(ring, 102)).toEqual(['c'])
  expect(texts(ring, 103)).toEqual([])
})

test('the thousand newest are kept, and it is known how many are gone', () => {
  const ring = createLogRing({ startAt: 0 })
  for (let line = 1; line <= 1234; line++) ring.add(`line ${line}`)
  const kept = texts(ring)
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([1000, 'line 1234', 'line 235'])
  expect([ring.gone(0), ring.gone(100), ring.gone(234), ring.gone(1234)]).toEqual([234, 134, 0, 0])
})

test('a number from before the start counts from the start', () => {
  const ring = createLogRing({ startAt: 500, linesMax: 2 })
  for (const line of ['a', 'b', 'c']) ring.add(line)
  expect([texts(ring, 20), ring.gone(20)]).toEqual([['c', 'b'], 1])
})

test('a line that is too long is not kept; those around it are', () => {
  const ring = createLogRing({ startAt: 0, bytesMax: 4800 })
  for (const line of ['before', 'x'.repeat(101), 'after']) ring.add(line)
  expect([texts(ring), seqs(ring)]).toEqual([
    ['after', 'before'],
    [3, 1],
  ])
})

test('whatever is written: what is here is the unbroken newest end, within the bounds, and as it was written', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 16 * 3 * 80, max: 16 * 3 * 90 }),
      (lines, linesMax, bytesMax) => {
        const ring = createLogRing({ startAt: 0, linesMax, bytesMax })
        for (const [index, text] of lines.entries()) {
          ring.add(text)
          const kept = texts(ring)
          expect(kept).toEqual(
            lines
              .slice(0, index + 1)
              .reverse()
              .slice(0, kept.length),
          )
          expect(kept.length).toBeGreaterThan(0)
          expect(kept.length).toBeLessThanOrEqual(linesMax)
          expect(ring.gone(0)).toBe(index + 1 - kept.length)
        }
      },
    ),
    { numRuns: 100 },
  )
})

test('lines leave for want of bytes too: each lap of the buffer writes over the one before', () => {
  const ring = createLogRing({ startAt: 0, bytesMax: 4800 })
  for (let line = 0; line < 500; line++) ring.add(`${line}`.padStart(100, '-'))
  const kept = texts(ring)
  expect(kept.length).toBeGreaterThanOrEqual(4800 / 100 - 4)
  expect(kept.join('').length).toBeLessThanOrEqual(4800)
  expect(kept).toEqual(Array.from(kept, (_, index) => `${499 - index}`.padStart(100, '-')))
})

function logging(clock = fakeClock(), level = 'info') {
  const lines: string[] = []
  const log = createLogger({
    level,
    version: '1',
    commit: 'a',
    env: 'test',
    clock,
    to: { write: line => void lines.push(line) },
    counterOf: () => ({ inc() {} }),
  })
  return { log, lines, clock }
}

test('a log keeps what it writes, as it writes it, also under another release', () => {
  const { log, lines } = logging()
  log.info('server_started', 'one', { text: 'ü\u2028"' })
  log.debug('http_request', 'not written')
  log.runs({ version: '2', commit: 'b' })
  log.warn('borrow_denied', 'two')
  expect(texts(log.recent)).toEqual(lines.reverse())
  expect(lines.length).toBe(2)
})

test('after a restart numbers go on above those before', () => {
  const clock = fakeClock()
  const before = logging(clock)
  for (let line = 0; line < 999; line++) before.log.info('http_request', 'x')
  clock.advance(1)
  const { log } = logging(clock)
  log.info('http_request', 'x')
  expect(log.recent.last).toBeGreaterThan(before.log.recent.last)
})
