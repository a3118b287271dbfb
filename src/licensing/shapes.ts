/** Rows as the wire shows them: times as RFC 3339, prices as decimals. Pure. */
import { rfc3339 } from '../shared/clock.ts'
import { CURRENCY, fromCents, toCents } from '../shared/money.ts'
import type {
  BorrowReply,
  BudgetReply,
  BudgetRequest,
  ChargesReply,
  DenialsReply,
  HistoryReply,
  OpenBorrow,
  PoolStatus,
  PublicBorrow,
} from './api.ts'
import { poolEtag } from './configure.ts'
import type { Borrow, Charge, Denial, SettingsChange } from './ledger.ts'
import { capOf, freeOf, overageOf, type Pool, spentIn } from './pool.ts'
import type { UsageBucket } from './usage.ts'

const timeOrNull = (at: number | null) => (at === null ? null : rfc3339(at))
const moneyOrNull = (cents: number | null) => (cents === null ? null : fromCents(cents))

/** @param month the current UTC month, `YYYY-MM` */
export const statusShape = (pool: Pool, month: string): PoolStatus => ({
  tool: pool.tool,
  total: pool.total,
  borrowed: pool.borrowed,
  available: Math.max(pool.total - pool.borrowed, 0),
  commit: pool.commit,
  max_overage: pool.maxOverage,
  overage: overageOf(pool),
  in_commit: pool.borrowed <= pool.commit,
  commit_price: fromCents(pool.commitPriceCents),
  overage_price_per_license: fromCents(pool.overagePriceCents),
  current_overage_cost: fromCents(pool.overageCostCents),
  total_cost: fromCents(pool.commitPriceCents + pool.overageCostCents),
  cap: capOf(pool),
  free: freeOf(pool),
  lease_ttl_seconds: pool.leaseTtlSeconds,
  spend_cap: moneyOrNull(pool.spendCapCents),
  month_overage_cost: fromCents(spentIn(pool, month)),
  currency: CURRENCY,
})

export const borrowShape = (borrow: Borrow, charge: Charge | null): BorrowReply => ({
  id: borrow.id,
  tool: borrow.tool,
  user: borrow.user,
  borrowed_at: rfc3339(borrow.borrowedAt),
  expires_at: timeOrNull(borrow.expiresAt),
  is_overage: borrow.isOverage,
  overage_charge: fromCents(charge?.amountCents ?? 0),
})

/** What anybody may know of a borrow: its id is for the borrower. */
export const publicBorrowShape = (borrow: Borrow): PublicBorrow => ({
  tool: borrow.tool,
  user: borrow.user,
  borrowed_at: rfc3339(borrow.borrowedAt),
  expires_at: timeOrNull(borrow.expiresAt),
  is_overage: borrow.isOverage,
})

/** @param mine whether the asking session made it; @param showId whether the asker may end it */
export const openBorrowShape = (borrow: Borrow, mine: boolean, showId: boolean): OpenBorrow => ({
  ...(showId && { id: borrow.id }),
  ...publicBorrowShape(borrow),
  mine,
})

/** @param borrowId null where the asker may not know it */
export const chargeShape = (charge: Charge, borrowId: string | null): ChargesReply['charges'][number] => ({
  id: charge.id,
  tool: charge.tool,
  borrow_id: borrowId,
  user: charge.user,
  charged_at: rfc3339(charge.chargedAt),
  amount: fromCents(charge.amountCents),
})

export const denialShape = ({ tool, user, reason, deniedAt }: Denial): DenialsReply['denials'][number] => ({
  tool,
  user,
  reason,
  denied_at: rfc3339(deniedAt),
})

export const settingsShape = (pool: Pool): BudgetReply['tools'][number] => ({
  tool: pool.tool,
  total: pool.total,
  borrowed: pool.borrowed,
  commit: pool.commit,
  max_overage: pool.maxOverage,
  commit_price: fromCents(pool.commitPriceCents),
  overage_price_per_license: fromCents(pool.overagePriceCents),
  lease_ttl_seconds: pool.leaseTtlSeconds,
  spend_cap: moneyOrNull(pool.spendCapCents),
  cap: capOf(pool),
  etag: poolEtag(pool),
})

export const settingsOf = (request: BudgetRequest): SettingsChange => ({
  tool: request.tool,
  total: request.total,
  commit: request.commit,
  maxOverage: request.max_overage,
  commitPriceCents: toCents(request.commit_price),
  overagePriceCents: toCents(request.overage_price_per_license),
  ...(request.lease_ttl_seconds !== undefined && { leaseTtlSeconds: request.lease_ttl_seconds }),
  ...(request.spend_cap !== undefined && {
    spendCapCents: request.spend_cap === null ? null : toCents(request.spend_cap),
  }),
})

export const bucketShape = (bucket: UsageBucket): HistoryReply['buckets'][number] => ({
  from: rfc3339(bucket.from),
  to: rfc3339(bucket.to),
  utilisation: bucket.utilisation,
  mean_borrowed: bucket.meanBorrowed,
  peak_borrowed: bucket.peakBorrowed,
  borrows: bucket.borrows,
  overage_borrows: bucket.overageBorrows,
  returns: bucket.returns,
  expiries: bucket.expiries,
  revocations: bucket.revocations,
  denials: {
    exhausted: bucket.deniedExhausted,
    max_overage: bucket.deniedMaxOverage,
    spend_cap: bucket.deniedSpendCap,
  },
  overage_cost: fromCents(bucket.overageCents),
})
