import type { Command, ConfigureOutcome } from './ledger.ts'
import { capOf, type Pool } from './pool.ts'
import { usageNow, type WorkingSet } from './working-set.ts'

/** The validator of one pool's settings, for `If-Match`. */
export const poolEtag = (pool: Pick<Pool, 'tool' | 'revision'>): string => `"${pool.tool}-${pool.revision}"`

/** The validator of all pools' settings together. */
export const budgetEtag = (settingsRevision: number): string => `"budget-${settingsRevision}"`

/** Whether an `If-Match` header names one of these validators. No header and `*` name them all. */
export function etagMatches(ifMatch: string | null, current: readonly string[]): boolean {
  if (ifMatch === null || ifMatch.trim() === '*') return true
  return ifMatch.split(',').some(tag => current.includes(tag.trim()))
}

/**
 * Changes the settings of a pool. Nobody is evicted and no charge is touched: only borrows decided
 * from now on see the new numbers.
 */
export function configure(
  set: WorkingSet,
  command: Extract<Command, { kind: 'configure' }>,
): ConfigureOutcome {
  const pool = set.pools.get(command.settings.tool)
  if (!pool) return { kind: 'unknown_tool' }
  const etag = poolEtag(pool)
  if (!etagMatches(command.ifMatch, [etag, budgetEtag(set.settingsRevision)])) return { kind: 'stale', etag }
  if (command.settings.total < pool.borrowed) return { kind: 'below_borrowed', borrowed: pool.borrowed }
  const before = { ...pool }
  Object.assign(pool, command.settings)
  pool.revision++
  set.settingsRevision++
  usageNow(set, pool).cap = capOf(pool)
  return { kind: 'configured', before, pool: { ...pool }, etag: poolEtag(pool) }
}
