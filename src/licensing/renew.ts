import type { Command, RenewOutcome } from './ledger.ts'
import { leaseEnd } from './pool.ts'
import type { WorkingSet } from './working-set.ts'

/** Starts the lease of an open borrow anew, by the lease time that its pool has now. */
export function renew(set: WorkingSet, command: Extract<Command, { kind: 'renew' }>): RenewOutcome {
  const borrow = set.borrows.get(command.id)
  const pool = borrow && set.pools.get(borrow.tool)
  if (!borrow || !pool) return { kind: 'unknown_borrow' }
  if (borrow.endReason !== null) return { kind: 'ended', tool: borrow.tool, reason: borrow.endReason }
  borrow.expiresAt = leaseEnd(pool, set.now)
  set.writes.renewed.push(borrow)
  return { kind: 'renewed', borrow }
}
