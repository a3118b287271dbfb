/** The checker of ledgers, checked: it is silent about a sound file and names each rule that is broken. */

import { expect, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import { assertInvariants, brokenInvariants } from '../support/ledger-invariants.ts'
import { aBorrow, aLedger, aPool } from './factories.ts'

/** A closed file in which everything has happened once. */
async function aBusyFile(): Promise<string> {
  const { ledger, clock, path, grant } = aLedger([aPool({ leaseTtlSeconds: 3600 })])
  const ids = [await grant(), await grant({ user: 'bob' }), await grant()].map(({ id }) => id)
  await ledger.submit(aBorrow())
  await ledger.submit(aBorrow({ tool: 'nope' }))
  clock.advance(70_000)
  await ledger.submit({ kind: 'return', id: ids[0] ?? '' })
  await ledger.submit({ kind: 'revoke', id: ids[1] ?? '' })
  await grant({ user: 'carol', requestKey: { key: 'k', request: 'r' } })
  clock.advance(3600_000 - 70_000)
  await ledger.submit({ kind: 'sweep' })
  await ledger.close()
  return path
}

function tamper(path: string, sql: string): void {
  const database = new Database(path)
  database.pragma('foreign_keys = OFF')
  database.pragma('ignore_check_constraints = ON')
  database.exec(`DROP TRIGGER charges_never_change; DROP TRIGGER charges_never_go; ${sql}`)
  database.close()
}

test('a sound file breaks no rule', async () => {
  const path = await aBusyFile()
  expect(brokenInvariants(path)).toEqual([])
  assertInvariants(path)
})

const first = 'id = (SELECT min(id) FROM borrows)'
const paid = 'row = (SELECT borrow_row FROM charges)'

test.each([
  ['borrowed is the count of open borrows', 'UPDATE pools SET borrowed = borrowed + 1'],
  ['never more is borrowed than exists', 'UPDATE pools SET total = 0'],
  ['no minute of an unchanged pool peaked above its cap', 'UPDATE usage_minutes SET peak = 4'],
  ['every overage borrow has exactly one charge', `DELETE FROM charges`],
  ['every overage borrow has exactly one charge', `UPDATE borrows SET is_overage = 0 WHERE ${paid}`],
  [
    'every overage borrow has exactly one charge',
    `INSERT INTO charges SELECT 9, 'x', tool, borrow_row, user, charged_at, 0 FROM charges`,
  ],
  ['a charge belongs to its borrow', `UPDATE charges SET user = 'eve'`],
  ['a charge belongs to its borrow', `UPDATE charges SET charged_at = charged_at + 1`],
  ['a charge belongs to its borrow', `UPDATE charges SET borrow_row = 99`],
  ['no charge is negative', 'UPDATE charges SET amount_cents = -1'],
  ['the overage cost is the sum', 'UPDATE charges SET amount_cents = amount_cents + 1'],
  ['the spend of the month is the sum', 'UPDATE pools SET spend_cents = 0'],
  ['no charge is of a later month', `UPDATE pools SET spend_month = '2026-02'`],
  ['a borrow that ended has a reason', `UPDATE borrows SET end_reason = NULL WHERE ${first}`],
  ['a borrow that ended has a reason', `UPDATE borrows SET end_reason = 'lost' WHERE ${first}`],
  ['a borrow that ended has a reason', `UPDATE borrows SET ended_at = borrowed_at - 1 WHERE ${first}`],
  ['no lease outlives the last transaction', 'UPDATE borrows SET expires_at = 1'],
  [
    'an expired borrow had a lease that was over',
    `UPDATE borrows SET expires_at = NULL WHERE end_reason = 'expired'`,
  ],
  ['nothing is later than the last transaction', 'UPDATE ledger_state SET last_at = 1'],
  ['a denial has a reason', `UPDATE denials SET reason = 'mood'`],
  ['a denial has a reason', `UPDATE denials SET tool = 'cad'`],
  ['the minutes count what the rows say', `DELETE FROM borrows WHERE ${first}`],
  ['the minutes count what the rows say', `DELETE FROM denials WHERE tool = 'cad'`],
  ['the minutes count what the rows say', `UPDATE borrows SET end_reason = 'revoked'`],
  ['a borrow is recorded in a minute', 'DELETE FROM usage_minutes'],
  ['each minute closes where the next one opens', 'UPDATE usage_minutes SET closing = closing + 1'],
  ['the seat-milliseconds of the minutes', 'UPDATE usage_minutes SET seat_ms = seat_ms + 1'],
  [
    'a granted answer that is kept names a borrow',
    `UPDATE request_keys SET answer = json_set(answer, '$.borrow.id', 'x')`,
  ],
  ['every reference holds', `UPDATE borrows SET tool = 'gone' WHERE ${first}`],
])('“%s” is noticed broken by %s', async (rule, sql) => {
  const path = await aBusyFile()
  tamper(path, sql)
  expect(brokenInvariants(path).join('\n')).toContain(rule)
  expect(() => assertInvariants(path)).toThrow(rule)
})
