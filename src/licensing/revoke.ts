import type { Command, RevokeOutcome } from './ledger.ts'
import { endBorrow, type WorkingSet } from './working-set.ts'

/** Takes a seat back from its holder. */
export function revoke(set: WorkingSet, command: Extract<Command, { kind: 'revoke' }>): RevokeOutcome {
  const borrow = set.borrows.get(command.id)
  if (!borrow) return { kind: 'unknown_borrow' }
  if (borrow.endReason !== null) return { kind: 'ended', tool: borrow.tool, reason: borrow.endReason }
  endBorrow(set, borrow, 'revoked')
  return { kind: 'revoked', borrow }
}
