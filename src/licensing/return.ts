import type { Command, ReturnOutcome } from './ledger.ts'
import { endBorrow, type WorkingSet } from './working-set.ts'

/** Gives a seat back. Returning what has ended changes nothing and says so. */
export function returnBorrow(set: WorkingSet, command: Extract<Command, { kind: 'return' }>): ReturnOutcome {
  const borrow = set.borrows.get(command.id)
  if (!borrow) return { kind: 'unknown_borrow' }
  if (borrow.endReason !== null) return { kind: 'already_returned', tool: borrow.tool }
  endBorrow(set, borrow, 'returned')
  return { kind: 'returned', borrow }
}
