/** One test for each defect that the original had in what is now the ledger. */
import { expect, test } from 'vitest'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { aBorrow, aChange, aLedger, aPool, tally } from './factories.ts'

test('the borrow race: of many who see the last seat free at once, one gets it', async () => {
  const { ledger, grant, path } = aLedger()
  await grant()
  await grant()
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => ledger.submit(aBorrow())))
  expect(tally(outcomes)).toEqual({ granted: 1, denied: 49 })
  expect(await ledger.pool('cad')).toMatchObject({ borrowed: 3 })
  assertInvariants(path)
})

test('the double return: eight returns of one borrow at once give back one seat', async () => {
  const { ledger, grant, path } = aLedger()
  const { id } = await grant()
  await grant({ user: 'bob' })
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => ledger.submit({ kind: 'return', id })))
  expect(outcomes.map(({ kind }) => kind)).toEqual(['returned', ...Array(7).fill('already_returned')])
  expect(await ledger.pool('cad')).toMatchObject({ borrowed: 1 })
  expect(await ledger.submit({ kind: 'return', id })).toEqual({ kind: 'already_returned', tool: 'cad' })
  expect(await ledger.pool('cad')).toMatchObject({ borrowed: 1 })
  assertInvariants(path)
})

test('history rewritten by a price change: what was charged stays what it was', async () => {
  const { ledger, grant, path } = aLedger([aPool({ total: 9, commit: 0, maxOverage: 9 })])
  const { id } = await grant()
  await ledger.submit(aChange({ total: 9, commit: 0, maxOverage: 9, overagePriceCents: 250_00 }))
  expect(await ledger.pool('cad')).toMatchObject({ overageCostCents: 100_00 })
  await grant()
  await ledger.submit({ kind: 'return', id })
  await ledger.submit(aChange({ total: 9, commit: 9, maxOverage: 0, overagePriceCents: 0 }))
  expect(await ledger.pool('cad')).toMatchObject({ borrowed: 1, overageCostCents: 350_00 })
  expect((await ledger.charges({ limit: 9 })).rows.map(({ charge }) => charge.amountCents)).toEqual([
    250_00, 100_00,
  ])
  assertInvariants(path)
})

test('free overage without a record: a price of zero writes a charge of zero', async () => {
  const { ledger, path } = aLedger([aPool({ commit: 0, overagePriceCents: 0 })])
  const outcome = await ledger.submit(aBorrow())
  expect(outcome).toMatchObject({ kind: 'granted', borrow: { isOverage: true }, charge: { amountCents: 0 } })
  expect((await ledger.charges({ limit: 9 })).rows).toMatchObject([
    { charge: { user: 'alice', amountCents: 0 } },
  ])
  assertInvariants(path)
})

test('commit and overage beyond the total: the cap is the smaller of both, whichever it is', async () => {
  const many = (tool: string) => Array.from({ length: 20 }, () => aBorrow({ tool }))
  const { ledger, path } = aLedger([
    aPool({ tool: 'few', total: 3, commit: 4, maxOverage: 9 }),
    aPool({ tool: 'many', total: 15, commit: 4, maxOverage: 2 }),
  ])
  expect(tally(await Promise.all(many('few').map(ledger.submit)))).toEqual({ granted: 3, denied: 17 })
  expect(tally(await Promise.all(many('many').map(ledger.submit)))).toEqual({ granted: 6, denied: 14 })
  expect((await ledger.charges({ limit: 9 })).rows).toHaveLength(2)
  assertInvariants(path)
})
