/**
 * The rules of one pool: how many seats there are, what the next seat costs, when it is refused.
 * Pure: no I/O, no clock.
 */

/** What an administrator decides about a pool. Prices in cents; `leaseTtlSeconds` 0 means no end. */
export interface PoolSettings {
  tool: string
  total: number
  commit: number
  maxOverage: number
  commitPriceCents: number
  overagePriceCents: number
  leaseTtlSeconds: number
  /** Most overage that one UTC month may cost; null: no cap. */
  spendCapCents: number | null
}

/** A pool as it stands: its settings and what has been borrowed and charged. */
export interface Pool extends PoolSettings {
  borrowed: number
  /** The sum of all charges ever written. */
  overageCostCents: number
  /** The UTC month (`YYYY-MM`) that `spendCents` belongs to. */
  spendMonth: string
  spendCents: number
  /** Counts changes of the settings. */
  revision: number
}

export type Refusal = 'exhausted' | 'max_overage' | 'spend_cap'

export type Admission =
  | { granted: true; isOverage: boolean; chargeCents: number }
  | { granted: false; reason: Refusal }

/** The most seats that can be held: never more than exist, never more than paid for or payable. */
export const capOf = (pool: PoolSettings): number => Math.min(pool.total, pool.commit + pool.maxOverage)

/** Seats that a borrow can still be granted. */
export const freeOf = (pool: Pool): number => Math.max(capOf(pool) - pool.borrowed, 0)

/** Seats held above the commit. */
export const overageOf = (pool: Pool): number => Math.max(pool.borrowed - pool.commit, 0)

/** Overage charged so far in a month, in cents. @param month `YYYY-MM` */
export const spentIn = (pool: Pool, month: string): number =>
  pool.spendMonth === month ? pool.spendCents : 0

/** Decides the next borrow of a pool. @param month the current UTC month, `YYYY-MM` */
export function admit(pool: Pool, month: string): Admission {
  if (pool.borrowed >= pool.total) return { granted: false, reason: 'exhausted' }
  if (pool.borrowed < pool.commit) return { granted: true, isOverage: false, chargeCents: 0 }
  if (pool.borrowed - pool.commit >= pool.maxOverage) return { granted: false, reason: 'max_overage' }
  const chargeCents = pool.overagePriceCents
  if (pool.spendCapCents !== null && spentIn(pool, month) + chargeCents > pool.spendCapCents)
    return { granted: false, reason: 'spend_cap' }
  return { granted: true, isOverage: true, chargeCents }
}

/** The end of a lease that starts or is renewed at `at` (Unix ms); null where leases have no end. */
export const leaseEnd = (pool: PoolSettings, at: number): number | null =>
  pool.leaseTtlSeconds === 0 ? null : at + pool.leaseTtlSeconds * 1000

/** What settings make impossible, in words for the person who saves them. */
export function settingsWarnings(pool: PoolSettings): string[] {
  const warnings: string[] = []
  if (pool.commit > pool.total)
    warnings.push(`${pool.commit - pool.total} prepaid seats exceed the total and can never be borrowed`)
  else if (pool.commit + pool.maxOverage > pool.total)
    warnings.push(
      `the total allows ${pool.total - pool.commit} overage seats, ${pool.maxOverage} are permitted: the total decides`,
    )
  else if (pool.commit + pool.maxOverage < pool.total)
    warnings.push(
      `${pool.total - pool.commit - pool.maxOverage} seats lie beyond commit and overage and can never be borrowed`,
    )
  if (capOf(pool) === 0) warnings.push('no seat can be borrowed with these settings')
  return warnings
}
