import { describe, expect, test } from 'vitest'
import { builtLedger } from '../support/built.ts'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { aBorrow, aLedger, aPool, tally } from './factories.ts'

const ten = aPool({ total: 12, commit: 6, maxOverage: 4 })
const everybody = Array.from({ length: 2000 }, (_, index) => aBorrow({ user: `user ${index}` }))

describe.each([
  ['inline', {}],
  ['with its writer thread', { make: builtLedger, inline: false }],
])('a ledger %s', (_title, options) => {
  test('grants exactly ten of two thousand borrows that arrive at once, four of them as overage', async () => {
    const { ledger, path } = aLedger([ten], options)
    const outcomes = await Promise.all(everybody.map(ledger.submit))
    expect(tally(outcomes)).toEqual({ granted: 10, denied: 1990 })
    const granted = outcomes.filter(outcome => outcome.kind === 'granted')
    expect(granted.filter(({ charge }) => charge !== null)).toHaveLength(4)
    expect(await ledger.pool('cad')).toMatchObject({ borrowed: 10, overageCostCents: 400_00 })
    expect((await ledger.denials({ limit: 5000 })).rows).toHaveLength(1990)
    assertInvariants(path)
  })

  test('never lets more than ten hold a seat while hundreds borrow, hold and return', async () => {
    const { ledger, path } = aLedger([ten], options)
    let held = 0
    let peak = 0
    async function keepBorrowing(command: ReturnType<typeof aBorrow>) {
      for (let attempt = 0; attempt < 8; attempt++) {
        const outcome = await ledger.submit(command)
        if (outcome.kind !== 'granted') continue
        peak = Math.max(peak, ++held)
        await ledger.submit({ kind: 'renew', id: outcome.borrow.id })
        held--
        await ledger.submit({ kind: 'return', id: outcome.borrow.id })
      }
    }
    await Promise.all(everybody.slice(0, 300).map(keepBorrowing))
    expect(peak).toBe(10)
    expect(await ledger.pool('cad')).toMatchObject({ borrowed: 0 })
    expect((await ledger.charges({ limit: 5000 })).rows.length).toBeGreaterThan(4)
    assertInvariants(path)
  })
})

test('the writer thread runs from TypeScript sources too, as in development on Node 20', async () => {
  const { grant } = aLedger([ten], { inline: false })
  expect(await grant()).toMatchObject({ tool: 'cad' })
})
