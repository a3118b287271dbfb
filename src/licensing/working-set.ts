/**
 * What one transaction works on: the rows its commands need, as plain values that the verbs change,
 * and the rows to write when they are done. No I/O: a store fills it before and writes it after.
 */
import { monthOf } from '../shared/clock.ts'
import type { DenialReason, EndReason } from './api.ts'
import type { Borrow, BorrowAnswer, Charge, Denial } from './ledger.ts'
import { capOf, type Pool } from './pool.ts'
import { minuteOf, openMinute, recordLevel, type UsageMinute } from './usage.ts'

export interface StoredAnswer {
  key: string
  request: string
  answer: BorrowAnswer
}

export interface Writes {
  granted: Borrow[]
  ended: Borrow[]
  renewed: Borrow[]
  charges: Charge[]
  denials: Denial[]
  answers: StoredAnswer[]
}

export interface WorkingSet {
  /** The time of the transaction, Unix ms. */
  now: number
  /** Its UTC month, `YYYY-MM`. */
  month: string
  /** The newest row of any borrow. */
  lastRow: number
  pools: Map<string, Pool>
  borrows: Map<string, Borrow>
  answers: Map<string, StoredAnswer>
  usage: Map<string, UsageMinute>
  /** Changes with every change of any pool's settings. */
  settingsRevision: number
  touched: Set<Pool>
  writes: Writes
}

export interface Loaded {
  now: number
  lastRow: number
  pools: Iterable<Pool>
  borrows: Iterable<Borrow>
  answers: Iterable<StoredAnswer>
  /** The rows of the current minute. */
  usage: Iterable<UsageMinute>
  settingsRevision: number
}

export function workingSet(loaded: Loaded): WorkingSet {
  return {
    now: loaded.now,
    month: monthOf(loaded.now),
    lastRow: loaded.lastRow,
    pools: new Map(Array.from(loaded.pools, pool => [pool.tool, pool])),
    borrows: new Map(Array.from(loaded.borrows, borrow => [borrow.id, borrow])),
    answers: new Map(Array.from(loaded.answers, answer => [answer.key, answer])),
    usage: new Map(Array.from(loaded.usage, usage => [usage.tool, usage])),
    settingsRevision: loaded.settingsRevision,
    touched: new Set(),
    writes: { granted: [], ended: [], renewed: [], charges: [], denials: [], answers: [] },
  }
}

/** The current minute of a pool, opened at the level it has now. */
export function usageNow(set: WorkingSet, pool: Pool): UsageMinute {
  let usage = set.usage.get(pool.tool)
  if (!usage) {
    usage = openMinute(pool.tool, minuteOf(set.now), pool.borrowed, capOf(pool))
    set.usage.set(pool.tool, usage)
  }
  set.touched.add(pool)
  return usage
}

/** Takes a seat of a pool or gives one back, and keeps the minute's record of it. */
export function moveSeats(set: WorkingSet, pool: Pool, by: 1 | -1): UsageMinute {
  const usage = usageNow(set, pool)
  pool.borrowed += by
  recordLevel(usage, pool.borrowed, set.now)
  return usage
}

const endCounters = { returned: 'returns', expired: 'expiries', revoked: 'revocations' } as const

/** Ends an open borrow once: the seat comes back, the row keeps when and why. */
export function endBorrow(set: WorkingSet, borrow: Borrow, reason: EndReason): void {
  const pool = set.pools.get(borrow.tool)
  if (!pool) throw new Error(`borrow ${borrow.id} belongs to no pool`)
  borrow.endedAt = set.now
  borrow.endReason = reason
  moveSeats(set, pool, -1)[endCounters[reason]]++
  set.writes.ended.push(borrow)
}

const denialCounters = {
  exhausted: 'deniedExhausted',
  max_overage: 'deniedMaxOverage',
  spend_cap: 'deniedSpendCap',
} as const

/** Keeps a refused borrow as a row, and in the pool's minute where there is a pool. */
export function recordDenial(
  set: WorkingSet,
  request: { tool: string; user: string },
  denied: { reason: 'unknown_tool' } | { reason: Exclude<DenialReason, 'unknown_tool'>; pool: Pool },
): void {
  const { tool, user } = request
  set.writes.denials.push({ tool, user, reason: denied.reason, deniedAt: set.now })
  if (denied.reason !== 'unknown_tool') usageNow(set, denied.pool)[denialCounters[denied.reason]]++
}
