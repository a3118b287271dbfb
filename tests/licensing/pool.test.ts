import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Admission,
  admit,
  capOf,
  freeOf,
  leaseEnd,
  overageOf,
  type Pool,
  settingsWarnings,
  spentIn,
} from '../../src/licensing/pool.ts'
import { aPool } from './factories.ts'

const MONTH = '2026-03'
const inCommit: Admission = { granted: true, isOverage: false, chargeCents: 0 }
const overageAt = (chargeCents: number): Admission => ({ granted: true, isOverage: true, chargeCents })
const refused = (reason: 'exhausted' | 'max_overage' | 'spend_cap'): Admission => ({ granted: false, reason })

describe('the next borrow', () => {
  test.each<[string, Partial<Pool>, Admission]>([
    ['takes the first seat within the commit', { borrowed: 0 }, inCommit],
    ['takes the last prepaid seat without a charge', { borrowed: 1 }, inCommit],
    ['is overage as soon as the commit is held', { borrowed: 2 }, overageAt(100_00)],
    ['is refused when every seat is held', { borrowed: 3 }, refused('exhausted')],
    [
      'is refused as exhausted when total and overage end together',
      { borrowed: 3, total: 3 },
      refused('exhausted'),
    ],
    ['is refused at the overage limit while seats exist', { borrowed: 3, total: 9 }, refused('max_overage')],
    ['is refused past the overage limit too', { borrowed: 5, total: 9 }, refused('max_overage')],
    [
      'is refused at the commit where no overage is permitted',
      { borrowed: 2, maxOverage: 0 },
      refused('max_overage'),
    ],
    ['is refused by a total below the commit', { borrowed: 1, total: 1 }, refused('exhausted')],
    [
      'is refused by a total below commit and overage',
      { borrowed: 4, total: 4, maxOverage: 9 },
      refused('exhausted'),
    ],
    ['is refused where no seat exists', { total: 0, commit: 0, maxOverage: 0 }, refused('exhausted')],
    ['is overage from the first seat without a commit', { commit: 0 }, overageAt(100_00)],
    ['writes a charge of zero at a zero price', { borrowed: 2, overagePriceCents: 0 }, overageAt(0)],
  ])('%s', (_title, pool, admission) => expect(admit(aPool(pool), MONTH)).toEqual(admission))
})

describe('the monthly spend cap', () => {
  const spent = { borrowed: 2, spendMonth: MONTH, spendCents: 200_00 }
  test.each<[string, Partial<Pool>, Admission]>([
    ['is reached to the cent', { ...spent, spendCapCents: 300_00 }, overageAt(100_00)],
    ['refuses one cent beyond', { ...spent, spendCapCents: 299_99 }, refused('spend_cap')],
    ['of zero refuses all paid overage', { borrowed: 2, spendCapCents: 0 }, refused('spend_cap')],
    ['of zero lets free overage pass', { borrowed: 2, spendCapCents: 0, overagePriceCents: 0 }, overageAt(0)],
    ['forgets another month', { ...spent, spendMonth: '2026-02', spendCapCents: 100_00 }, overageAt(100_00)],
    ['never refuses a prepaid seat', { ...spent, borrowed: 1, spendCapCents: 0 }, inCommit],
    ['is not named where no seat is left', { ...spent, borrowed: 3, spendCapCents: 0 }, refused('exhausted')],
    ['does not exist when null', { ...spent, spendCents: 1e12, spendCapCents: null }, overageAt(100_00)],
  ])('%s', (_title, pool, admission) => expect(admit(aPool(pool), MONTH)).toEqual(admission))
})

const seats = fc.integer({ min: 0, max: 12 })
const anyPool = fc
  .record({
    total: seats,
    commit: seats,
    maxOverage: seats,
    borrowed: seats,
    overagePriceCents: fc.constantFrom(0, 1, 100_00),
    spendCapCents: fc.option(fc.integer({ min: 0, max: 300_00 })),
    spendMonth: fc.constantFrom('', '2026-02', MONTH),
    spendCents: fc.integer({ min: 0, max: 300_00 }),
  })
  .map(aPool)

describe('of any pool', () => {
  test('a grant never leaves more than the cap borrowed', () =>
    fc.assert(
      fc.property(anyPool, pool => {
        if (admit(pool, MONTH).granted)
          expect(pool.borrowed + 1).toBeLessThanOrEqual(Math.min(pool.total, pool.commit + pool.maxOverage))
      }),
    ))

  test('without a spend cap a borrow is granted exactly while a seat is free', () =>
    fc.assert(
      fc.property(anyPool, pool => {
        const uncapped = { ...pool, spendCapCents: null }
        expect(admit(uncapped, MONTH).granted).toBe(freeOf(uncapped) > 0)
      }),
    ))

  test('a grant is overage exactly when the commit is held, and only then has a price', () =>
    fc.assert(
      fc.property(anyPool, pool => {
        const admission = admit(pool, MONTH)
        if (!admission.granted) return
        expect(admission.isOverage).toBe(pool.borrowed >= pool.commit)
        expect(admission.chargeCents).toBe(admission.isOverage ? pool.overagePriceCents : 0)
      }),
    ))

  test('overage granted never takes the month beyond its cap', () =>
    fc.assert(
      fc.property(anyPool, pool => {
        const admission = admit(pool, MONTH)
        if (!admission.granted || !admission.isOverage || pool.spendCapCents === null) return
        expect(spentIn(pool, MONTH) + admission.chargeCents).toBeLessThanOrEqual(pool.spendCapCents)
      }),
    ))

  test('free seats and overage are never negative', () =>
    fc.assert(
      fc.property(anyPool, pool => {
        expect(freeOf(pool)).toBe(Math.max(0, capOf(pool) - pool.borrowed))
        expect(overageOf(pool)).toBe(Math.max(0, pool.borrowed - pool.commit))
      }),
    ))
})

test.each([
  [{ total: 5, commit: 4, maxOverage: 9 }, 5],
  [{ total: 9, commit: 4, maxOverage: 1 }, 5],
  [{ total: 5, commit: 4, maxOverage: 1 }, 5],
  [{ total: 2, commit: 4, maxOverage: 0 }, 2],
])('the cap of %o is the smaller of total and commit + overage: %i', (pool, cap) =>
  expect(capOf(aPool(pool))).toBe(cap),
)

test('a lease ends its time after it started; a time of 0 means never', () => {
  expect(leaseEnd(aPool({ leaseTtlSeconds: 7200 }), 1000)).toBe(7_201_000)
  expect(leaseEnd(aPool({ leaseTtlSeconds: 0 }), 1000)).toBeNull()
})

test.each<[Partial<Pool>, RegExp[]]>([
  [{ total: 3, commit: 2, maxOverage: 1 }, []],
  [{ total: 3, commit: 5, maxOverage: 1 }, [/2 prepaid seats exceed the total/]],
  [{ total: 3, commit: 2, maxOverage: 5 }, [/the total allows 1 overage seats, 5 are permitted/]],
  [{ total: 9, commit: 2, maxOverage: 1 }, [/6 seats lie beyond/]],
  [{ total: 3, commit: 0, maxOverage: 0 }, [/3 seats lie beyond/, /no seat can be borrowed/]],
])('settings %o are warned about: %o', (pool, warnings) => {
  expect(settingsWarnings(aPool(pool))).toEqual(warnings.map(text => expect.stringMatching(text)))
})
