import type { Borrow } from './ledger.ts'
import { endBorrow, type WorkingSet } from './working-set.ts'

/** Ends every lease that has run out, before anybody is decided. @returns the borrows that ended */
export function expireDue(set: WorkingSet): Borrow[] {
  const due: Borrow[] = []
  for (const borrow of set.borrows.values())
    if (borrow.endReason === null && borrow.expiresAt !== null && borrow.expiresAt <= set.now)
      due.push(borrow)
  for (const borrow of due) endBorrow(set, borrow, 'expired')
  return due
}
