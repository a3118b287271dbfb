import { describe, expect, test } from 'vitest'
import { budgetEtag, etagMatches, poolEtag } from '../../src/licensing/configure.ts'
import { MINUTE_MS } from '../../src/shared/clock.ts'
import { START } from '../support/fake-clock.ts'
import { aBorrow, aChange, aLedger, aPool } from './factories.ts'

describe('an If-Match header', () => {
  const current = ['"cad-3"', '"budget-7"']
  test.each([
    [null, true],
    ['*', true],
    [' * ', true],
    ['"cad-3"', true],
    ['"budget-7"', true],
    ['"cad-2"', false],
    ['"cad-2", "cad-3"', true],
    ['"cad-1","cad-2"', false],
    ['  "cad-3"  ', true],
    ['W/"cad-3"', false],
    ['cad-3', false],
    ['"cad-33"', false],
    ['', false],
    [',', false],
    ['"*"', false],
  ])('%j matches: %j', (header, matches) => expect(etagMatches(header, current)).toBe(matches))
})

test('the validators change with every change of the settings and with nothing else', async () => {
  const { ledger, grant } = aLedger([aPool(), aPool({ tool: 'sim' })])
  const etags = async () => ({
    cad: poolEtag((await ledger.pool('cad')) ?? { tool: '', revision: 0 }),
    sim: poolEtag((await ledger.pool('sim')) ?? { tool: '', revision: 0 }),
    all: budgetEtag(await ledger.settingsRevision()),
  })
  const before = await etags()
  await ledger.submit({ kind: 'return', id: (await grant()).id })
  expect(await etags()).toEqual(before)

  const outcome = await ledger.submit(aChange({ total: 9 }))
  const after = await etags()
  expect(outcome).toMatchObject({ kind: 'configured', etag: after.cad })
  expect(after.cad).not.toBe(before.cad)
  expect(after.all).not.toBe(before.all)
  expect(after.sim).toBe(before.sim)
})

test('of two changes that saw the same settings the second is stale and changes nothing', async () => {
  const { ledger } = aLedger()
  const ifMatch = poolEtag(aPool())
  const [first, second] = await Promise.all([
    ledger.submit({ ...aChange({ total: 5 }), ifMatch }),
    ledger.submit({ ...aChange({ total: 6 }), ifMatch }),
  ])
  expect(first.kind).toBe('configured')
  expect(second).toEqual({ kind: 'stale', etag: '"cad-2"' })
  expect(await ledger.pool('cad')).toMatchObject({ total: 5, revision: 2 })
})

test('the validator of all pools goes stale with a change of any of them', async () => {
  const { ledger } = aLedger([aPool(), aPool({ tool: 'sim' })])
  const ifMatch = budgetEtag(await ledger.settingsRevision())
  expect((await ledger.submit({ ...aChange({ tool: 'sim' }), ifMatch })).kind).toBe('configured')
  expect((await ledger.submit({ ...aChange(), ifMatch })).kind).toBe('stale')
})

test('settings that are left out stay as they were; a spend cap of null is no cap', async () => {
  const { ledger } = aLedger([aPool({ leaseTtlSeconds: 60, spendCapCents: 500_00 })])
  await ledger.submit(aChange({ total: 4 }))
  expect(await ledger.pool('cad')).toMatchObject({ total: 4, leaseTtlSeconds: 60, spendCapCents: 500_00 })
  await ledger.submit(aChange({ spendCapCents: null, leaseTtlSeconds: 0 }))
  expect(await ledger.pool('cad')).toMatchObject({ leaseTtlSeconds: 0, spendCapCents: null })
})

test('the answer shows the settings before and after', async () => {
  const { ledger } = aLedger()
  expect(await ledger.submit(aChange({ overagePriceCents: 5 }))).toMatchObject({
    before: { overagePriceCents: 100_00, revision: 1 },
    pool: { overagePriceCents: 5, revision: 2 },
  })
})

test('a total below what is borrowed is refused and changes nothing; a total equal to it is taken', async () => {
  const { ledger, grant } = aLedger()
  await grant()
  await grant()
  expect(await ledger.submit(aChange({ total: 1 }))).toEqual({ kind: 'below_borrowed', borrowed: 2 })
  expect(await ledger.pool('cad')).toMatchObject({ total: 3, revision: 1 })
  expect((await ledger.submit(aChange({ total: 2 }))).kind).toBe('configured')
})

test('lowering the cap below what is held evicts nobody, charges nobody and denies new grants', async () => {
  const { ledger, grant } = aLedger()
  const ids = [await grant(), await grant(), await grant()].map(({ id }) => id)
  await ledger.submit(aChange({ commit: 0, maxOverage: 1 }))
  expect(await ledger.pool('cad')).toMatchObject({ borrowed: 3, overageCostCents: 100_00 })
  expect((await ledger.charges({ limit: 10 })).rows).toHaveLength(1)
  for (const id of ids.slice(1)) {
    expect((await ledger.submit(aBorrow())).kind).toBe('denied')
    await ledger.submit({ kind: 'return', id })
  }
  expect(await ledger.submit(aBorrow())).toMatchObject({ kind: 'denied' })
  await ledger.submit({ kind: 'return', id: ids[0] ?? '' })
  expect(await ledger.submit(aBorrow())).toMatchObject({ kind: 'granted', borrow: { isOverage: true } })
})

test('a new cap counts in the utilisation from the minute of its change on', async () => {
  const { ledger, clock, grant } = aLedger()
  await grant()
  await ledger.submit(aChange({ commit: 1, maxOverage: 0 }))
  clock.advance(2 * MINUTE_MS)
  const span = { from: START, to: START + 2 * MINUTE_MS, stepMs: MINUTE_MS }
  expect(await ledger.usage('cad', span)).toMatchObject([{ utilisation: 1 }, { utilisation: 1 }])
})

test('a change of an unknown tool makes no pool', async () => {
  const { ledger } = aLedger()
  expect(await ledger.submit(aChange({ tool: 'nope' }))).toEqual({ kind: 'unknown_tool' })
  expect(await ledger.pools()).toHaveLength(1)
})
