/** Every query that only reads: pools, borrows, charges, denials, the past. */
import { and, count, desc, eq, gte, isNull, lt } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { sharedRead } from '../db/shared-read.ts'
import { MINUTE_MS } from '../shared/clock.ts'
import type { Ledger, Page } from './ledger.ts'
import { borrows, charges, denials, ledgerState, pools, usageMinutes } from './schema.ts'
import { usageBuckets } from './usage.ts'

export type Reports = Pick<
  Ledger,
  'pools' | 'pool' | 'settingsRevision' | 'openBorrows' | 'charges' | 'denials' | 'usage'
>

export function createReports(db: Db): Reports {
  const allPools = db.select().from(pools).orderBy(pools.tool).prepare()
  const state = db.select().from(ledgerState).prepare()
  return {
    pools: sharedRead(() => allPools.all()),
    pool: async tool => db.select().from(pools).where(eq(pools.tool, tool)).get(),
    settingsRevision: async () => state.get()?.settingsRevision ?? 0,
    async openBorrows({ user, limit, offset }) {
      const where = and(isNull(borrows.endedAt), user === undefined ? undefined : eq(borrows.user, user))
      const newestFirst = desc(borrows.row)
      const rows = db
        .select()
        .from(borrows)
        .where(where)
        .orderBy(newestFirst)
        .limit(limit)
        .offset(offset)
        .all()
      const total = db.select({ count: count() }).from(borrows).where(where).get()?.count ?? 0
      return { rows, total }
    },
    async charges({ tool, limit, before }) {
      const where = and(
        tool === undefined ? undefined : eq(charges.tool, tool),
        before === undefined ? undefined : lt(charges.row, before),
      )
      const rows = db
        .select({
          row: charges.row,
          charge: charges,
          borrow: { id: borrows.id, session: borrows.session, endedAt: borrows.endedAt },
        })
        .from(charges)
        .innerJoin(borrows, eq(borrows.row, charges.borrowRow))
        .where(where)
        .orderBy(desc(charges.row))
        .limit(limit + 1)
        .all()
      return pageOf(rows, limit)
    },
    async denials({ tool, limit, before }) {
      const where = and(
        tool === undefined ? undefined : eq(denials.tool, tool),
        before === undefined ? undefined : lt(denials.row, before),
      )
      return pageOf(
        db
          .select()
          .from(denials)
          .where(where)
          .orderBy(desc(denials.row))
          .limit(limit + 1)
          .all(),
        limit,
      )
    },
    async usage(tool, { from, to, stepMs }) {
      const ofTool = eq(usageMinutes.tool, tool)
      const first = from / MINUTE_MS
      const before = db
        .select()
        .from(usageMinutes)
        .where(and(ofTool, lt(usageMinutes.minute, first)))
        .orderBy(desc(usageMinutes.minute))
        .limit(1)
        .get()
      const minutes = db
        .select()
        .from(usageMinutes)
        .where(
          and(ofTool, gte(usageMinutes.minute, first), lt(usageMinutes.minute, Math.ceil(to / MINUTE_MS))),
        )
        .orderBy(usageMinutes.minute)
        .all()
      return usageBuckets(before, minutes, from, to, stepMs)
    },
  }
}

/** @param rows one more than `limit` where there are more */
function pageOf<T extends { row: number }>(rows: T[], limit: number): Page<T> {
  if (rows.length <= limit) return { rows, next: null }
  const page = rows.slice(0, limit)
  return { rows: page, next: page.at(-1)?.row ?? null }
}
