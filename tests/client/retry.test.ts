import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs, isPassing, nextWaitMs, retryAfterMs, retryPreset } from '../../src/client/retry.ts'

const now = Date.parse('2026-03-02T10:00:00Z')

test.each([
  [null, null],
  ['', null],
  ['soon', null],
  ['0', 0],
  ['2', 2000],
  ['1.5', 1500],
  ['-3', 0],
  ['Mon, 02 Mar 2026 10:00:09 GMT', 9000],
  ['Mon, 02 Mar 2026 09:59:00 GMT', 0],
])('Retry-After %j asks for %j ms', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms)
})

test('only answers that pass are asked for again', () => {
  const statuses = Array.from({ length: 500 }, (_, index) => index + 100)
  expect(statuses.filter(isPassing)).toEqual([429, 502, 503, 504])
})

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('a wait is between half of its step and the whole of it, and never longer than the longest', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), chance, (failures, random) => {
      const whole = Math.min(5000, 200 * 2 ** (failures - 1))
      const ms = backoffMs(retryPreset, failures, random)
      expect(ms).toBeGreaterThanOrEqual(whole / 2)
      expect(ms).toBeLessThanOrEqual(whole)
    }),
  )
})

test('attempts end by number and by time, whatever the server asks for', () => {
  const asked = fc.option(fc.integer({ min: 0, max: 100_000 }))
  fc.assert(
    fc.property(fc.array(fc.tuple(asked, chance, fc.nat(12_000)), { minLength: 10 }), rounds => {
      let passedMs = 0
      let sent = 0
      for (const [askedMs, random, tookMs] of rounds) {
        sent++
        passedMs += tookMs
        const waitMs = nextWaitMs(retryPreset, { sent, passedMs, askedMs, chance: random })
        if (waitMs === null) break
        expect(waitMs).toBeGreaterThanOrEqual(askedMs ?? 0)
        passedMs += waitMs
        expect(passedMs).toBeLessThan(retryPreset.totalMs)
      }
      expect(sent).toBeLessThanOrEqual(retryPreset.attempts)
    }),
  )
})
