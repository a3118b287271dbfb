import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/db/open.ts'
import { ledgerDecider } from '../../src/licensing/transaction.ts'
import { START } from '../support/fake-clock.ts'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { aBorrow, aChange, aDatabase, aLedger, aPool, tally } from './factories.ts'

const tenSeats = aPool({ total: 10, commit: 5, maxOverage: 5 })

/** A database in which a borrow by `poison` breaks the transaction, as a fault of ours would. */
function aPoisonedDatabase() {
  const path = aDatabase([tenSeats])
  const db = openDatabase({ path, busyTimeoutMs: 1000 })
  onTestFinished(() => void db.$client.close())
  db.$client.exec(`CREATE TRIGGER poison BEFORE INSERT ON borrows WHEN NEW.user = 'poison'
    BEGIN SELECT RAISE(ABORT, 'poisoned'); END`)
  return { path, db }
}

test('one command that breaks does not take the others of its group down', async () => {
  const { path } = aPoisonedDatabase()
  const { ledger } = aLedger([], { path })
  const users = ['alice', 'poison', 'bob', 'poison', 'carol']
  const outcomes = await Promise.allSettled(users.map(user => ledger.submit(aBorrow({ user }))))
  expect(outcomes).toMatchObject([
    { status: 'fulfilled', value: { kind: 'granted', borrow: { user: 'alice' } } },
    { status: 'rejected', reason: { message: 'poisoned' } },
    { status: 'fulfilled', value: { kind: 'granted', borrow: { user: 'bob' } } },
    { status: 'rejected', reason: { message: 'poisoned' } },
    { status: 'fulfilled', value: { kind: 'granted', borrow: { user: 'carol' } } },
  ])
  expect(await ledger.pool('cad')).toMatchObject({ borrowed: 3 })
  assertInvariants(path)
})

test('leases that ran out are told once, also when the group had to be decided one by one', async () => {
  const { path } = aPoisonedDatabase()
  const { ledger, clock, expired, grant } = aLedger([], { path })
  const { id } = await grant()
  clock.advance(1)
  await ledger.submit(aChange({ total: 10, commit: 5, maxOverage: 5, leaseTtlSeconds: 60 }))
  await ledger.submit({ kind: 'renew', id })
  clock.advance(60_000)
  await Promise.allSettled(['poison', 'bob'].map(user => ledger.submit(aBorrow({ user }))))
  expect(expired.map(borrow => borrow.id)).toEqual([id])
})

test('a group in which nothing can be written is refused as a whole, not one by one', () => {
  const { path, db } = aPoisonedDatabase()
  db.$client.pragma('query_only = ON')
  const commands = ['alice', 'bob'].map(user => aBorrow({ user }))
  expect(() => ledgerDecider(db)({ commands, at: START })).toThrow(/readonly/)
  db.$client.pragma('query_only = OFF')
  assertInvariants(path)
})

test('a group that finds the disk full leaves nothing behind and is decided when there is room', () => {
  const path = aDatabase([tenSeats])
  const db = openDatabase({ path, busyTimeoutMs: 1000 })
  onTestFinished(() => void db.$client.close())
  const decide = ledgerDecider(db)
  const pages = db.$client.pragma('max_page_count', { simple: true })
  db.$client.pragma(`max_page_count = ${db.$client.pragma('page_count', { simple: true })}`)
  const group = { commands: [aBorrow(), aBorrow({ user: 'x'.repeat(100_000) })], at: START }
  expect(() => decide(group)).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }))
  expect(db.$client.prepare('SELECT count(*) FROM borrows').pluck().get()).toBe(0)
  assertInvariants(path)
  db.$client.pragma(`max_page_count = ${pages}`)
  expect(tally(decide(group).outcomes)).toEqual({ granted: 2 })
  assertInvariants(path)
})

test('a group larger than one transaction takes is decided in several, with the same outcomes', async () => {
  const { ledger, path } = aLedger([tenSeats])
  const outcomes = await Promise.all(Array.from({ length: 1500 }, () => ledger.submit(aBorrow())))
  expect(tally(outcomes)).toEqual({ granted: 10, denied: 1490 })
  expect(outcomes.slice(0, 10).every(({ kind }) => kind === 'granted')).toBe(true)
  assertInvariants(path)
})

test('time never goes back from one transaction to the next', async () => {
  const { ledger, clock, grant, path } = aLedger()
  const first = await grant()
  clock.set(START - 3600_000)
  const second = await grant()
  expect(second.borrowedAt).toBe(first.borrowedAt)
  await ledger.submit({ kind: 'return', id: first.id })
  assertInvariants(path)
})
