import { firstRowAt, newId, newIdOf } from '../shared/id.ts'
import type { BorrowAnswer, BorrowOutcome, Command } from './ledger.ts'
import { admit, leaseEnd, spentIn } from './pool.ts'
import { moveSeats, recordDenial, usageNow, type WorkingSet } from './working-set.ts'

type BorrowCommand = Extract<Command, { kind: 'borrow' }>

/** Grants one seat or says why not. The same request key gets the same answer and no second seat. */
export function borrow(set: WorkingSet, command: BorrowCommand): BorrowOutcome {
  const { requestKey } = command
  if (!requestKey) return { ...decide(set, command), replayed: false }
  const known = set.answers.get(requestKey.key)
  if (known)
    return known.request === requestKey.request ? { ...known.answer, replayed: true } : { kind: 'key_reused' }
  const answer = decide(set, command)
  // A copy: the borrow may still end in this transaction, the answer that was given must not change.
  const stored = { ...requestKey, answer: structuredClone(answer) }
  set.answers.set(requestKey.key, stored)
  set.writes.answers.push(stored)
  return { ...answer, replayed: false }
}

function decide(set: WorkingSet, { tool, user, session }: BorrowCommand): BorrowAnswer {
  const pool = set.pools.get(tool)
  if (!pool) {
    recordDenial(set, { tool, user }, { reason: 'unknown_tool' })
    return { kind: 'unknown_tool', tool }
  }
  const admission = admit(pool, set.month)
  if (!admission.granted) {
    recordDenial(set, { tool, user }, { reason: admission.reason, pool })
    const { borrowed, commit, maxOverage, total } = pool
    return { kind: 'denied', tool, reason: admission.reason, pool: { borrowed, commit, maxOverage, total } }
  }
  const { isOverage, chargeCents: amountCents } = admission
  set.lastRow = Math.max(set.lastRow + 1, firstRowAt(set.now))
  const granted = {
    row: set.lastRow,
    id: newIdOf(set.lastRow),
    tool,
    user,
    session,
    borrowedAt: set.now,
    expiresAt: leaseEnd(pool, set.now),
    isOverage,
    endedAt: null,
    endReason: null,
  }
  moveSeats(set, pool, 1).borrows++
  set.borrows.set(granted.id, granted)
  set.writes.granted.push(granted)
  if (!isOverage) return { kind: 'granted', borrow: granted, charge: null }

  const charge = { id: newId(), tool, borrowRow: granted.row, user, chargedAt: set.now, amountCents }
  set.writes.charges.push(charge)
  pool.overageCostCents += amountCents
  pool.spendCents = spentIn(pool, set.month) + amountCents
  pool.spendMonth = set.month
  const usage = usageNow(set, pool)
  usage.overageBorrows++
  usage.overageCents += amountCents
  return { kind: 'granted', borrow: granted, charge }
}
