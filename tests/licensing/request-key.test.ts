import { expect, test } from 'vitest'
import { requestKeyOf } from '../../src/licensing/request-key.ts'
import { Failure } from '../../src/shared/errors.ts'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { aBorrow, aLedger, aPool, tally } from './factories.ts'

const HOUR = 3600_000
const keyed = (header: string, user = 'alice', session: string | null = null) =>
  aBorrow({ user, session, requestKey: requestKeyOf(header, session, ['borrow', 'cad', user]) })

test('no header is no key', () => expect(requestKeyOf(undefined, null, ['borrow'])).toBeNull())

test.each(['a', '~!"#', 'x'.repeat(255)])('%j is a key', header =>
  expect(requestKeyOf(header, null, ['borrow'])).not.toBeNull(),
)

test.each(['', ' ', 'a b', 'x'.repeat(256), 'é', '\t', 'a\n'])('%j is no key and is refused', header =>
  expect(() => requestKeyOf(header, null, ['borrow'])).toThrow(Failure),
)

test('sessions do not share keys, and no session can name the key of another', () => {
  const key = (header: string, session: string | null) => requestKeyOf(header, session, [])?.key
  expect(key('k', 'one')).not.toBe(key('k', 'two'))
  expect(key('k', 'one')).not.toBe(key('k', null))
  expect(key('k', 'one')).toBe(key('k', 'one'))
})

test('the fingerprint tells fields apart, however they are cut', () => {
  const request = (...fields: string[]) => requestKeyOf('k', null, fields)?.request
  expect(request('borrow', 'ab', 'c')).not.toBe(request('borrow', 'a', 'bc'))
  expect(request('borrow', 'a', 'b')).toBe(request('borrow', 'a', 'b'))
})

test('a repeated request gets the same answer and takes no second seat', async () => {
  const { ledger, path } = aLedger()
  const first = await ledger.submit(keyed('k'))
  const second = await ledger.submit(keyed('k'))
  expect(first).toMatchObject({ kind: 'granted', replayed: false })
  expect(second).toEqual({ ...first, replayed: true })
  expect(await ledger.pool('cad')).toMatchObject({ borrowed: 1 })
  assertInvariants(path)
})

test('of many at once with one key one is granted, the others are told the same', async () => {
  const { ledger } = aLedger([aPool({ total: 50, commit: 0, maxOverage: 50 })])
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => ledger.submit(keyed('k'))))
  expect(new Set(outcomes.map(outcome => outcome.kind === 'granted' && outcome.borrow.id)).size).toBe(1)
  expect(outcomes.filter(outcome => outcome.kind === 'granted' && !outcome.replayed)).toHaveLength(1)
  expect(await ledger.pool('cad')).toMatchObject({ borrowed: 1, overageCostCents: 100_00 })
})

test('a key that asks for something else is refused and changes nothing', async () => {
  const { ledger } = aLedger()
  const [first, other] = await Promise.all([ledger.submit(keyed('k')), ledger.submit(keyed('k', 'bob'))])
  expect(tally([first, other])).toEqual({ granted: 1, key_reused: 1 })
  expect(await ledger.pool('cad')).toMatchObject({ borrowed: 1 })
})

test('a refusal is repeated too, as one denial, even when a seat is free again', async () => {
  const { ledger, grant } = aLedger([aPool({ total: 1, commit: 1 })])
  const { id } = await grant()
  const refused = await ledger.submit(keyed('k'))
  await ledger.submit({ kind: 'return', id })
  expect(await ledger.submit(keyed('k'))).toEqual({ ...refused, replayed: true })
  expect((await ledger.denials({ limit: 9 })).rows).toHaveLength(1)
})

test('the answer stays as it was given when the borrow is renewed or ends', async () => {
  const { ledger, clock } = aLedger([aPool({ leaseTtlSeconds: 60 })])
  const first = await ledger.submit(keyed('k'))
  if (first.kind !== 'granted') throw new Error('not granted')
  const given = structuredClone(first)
  clock.advance(1000)
  await ledger.submit({ kind: 'renew', id: first.borrow.id })
  await ledger.submit({ kind: 'return', id: first.borrow.id })
  expect(await ledger.submit(keyed('k'))).toEqual({ ...given, replayed: true })
})

test('a key is kept for 24 hours', async () => {
  const { ledger, clock } = aLedger()
  await ledger.submit(keyed('k'))
  clock.advance(24 * HOUR)
  await ledger.submit({ kind: 'sweep' })
  expect(await ledger.submit(keyed('k'))).toMatchObject({ replayed: true })
  clock.advance(1)
  await ledger.submit({ kind: 'sweep' })
  expect(await ledger.submit(keyed('k'))).toMatchObject({ kind: 'granted', replayed: false })
})
