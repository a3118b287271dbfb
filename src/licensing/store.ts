/** Every row that a transaction of the ledger reads and writes, as prepared statements. */
import { and, eq, getTableColumns, isNotNull, isNull, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from '../db/open.ts'
import type { Borrow } from './ledger.ts'
import type { Pool } from './pool.ts'
import { borrows, charges, denials, ledgerState, pools, requestKeys, usageMinutes } from './schema.ts'
import type { UsageMinute } from './usage.ts'
import type { StoredAnswer, WorkingSet } from './working-set.ts'

export interface Store {
  /** The time of the newest transaction and the count of settings changes. */
  state(): { lastAt: number; settingsRevision: number }
  pool(tool: string): Pool | undefined
  pools(): Pool[]
  addPool(pool: Pool): void
  borrow(id: string): Borrow | undefined
  /** Open borrows whose lease has run out. @param now Unix ms */
  dueBorrows(now: number): Borrow[]
  answer(key: string): StoredAnswer | undefined
  usage(tool: string, minute: number): UsageMinute | undefined
  /** Writes what the verbs changed. */
  save(set: WorkingSet): void
  /** Forgets request keys stored before `at`, at most `limit` of them. */
  forgetAnswers(at: number, limit: number): void
}

/** Named parameters for all columns of a table. */
const columnsOf = <T extends SQLiteTable>(table: T) =>
  Object.fromEntries(Object.keys(getTableColumns(table)).map(name => [name, sql.placeholder(name)])) as Record<
    keyof ReturnType<typeof getTableColumns<T>>,
    ReturnType<typeof sql.placeholder>
  >

export function createStore(db: Db): Store {
  const param = (name: string) => sql.placeholder(name) as unknown as SQL
  const state = db.select().from(ledgerState).prepare()
  const pool = db.select().from(pools).where(eq(pools.tool, param('tool'))).prepare()
  const allPools = db.select().from(pools).orderBy(pools.tool).prepare()
  const borrow = db.select().from(borrows).where(eq(borrows.id, param('id'))).prepare()
  const due = db
    .select()
    .from(borrows)
    .where(and(isNull(borrows.endedAt), isNotNull(borrows.expiresAt), lte(borrows.expiresAt, param('now'))))
    .prepare()
  const answer = db.select().from(requestKeys).where(eq(requestKeys.key, param('key'))).prepare()
  const usage = db
    .select()
    .from(usageMinutes)
    .where(and(eq(usageMinutes.tool, param('tool')), eq(usageMinutes.minute, param('minute'))))
    .prepare()

  const addPool = db.insert(pools).values(columnsOf(pools)).prepare()
  const savePool = db
    .update(pools)
    .set(columnsOf(pools) as object)
    .where(eq(pools.tool, param('tool')))
    .prepare()
  const addBorrow = db.insert(borrows).values(columnsOf(borrows)).prepare()
  const endBorrow = db
    .update(borrows)
    .set({ endedAt: param('endedAt'), endReason: param('endReason') })
    .where(eq(borrows.id, param('id')))
    .prepare()
  const renewBorrow = db
    .update(borrows)
    .set({ expiresAt: param('expiresAt') })
    .where(eq(borrows.id, param('id')))
    .prepare()
  const { row: _chargeRow, ...chargeColumns } = columnsOf(charges)
  const addCharge = db.insert(charges).values(chargeColumns).prepare()
  const { row: _denialRow, ...denialColumns } = columnsOf(denials)
  const addDenial = db.insert(denials).values(denialColumns).prepare()
  const addAnswer = db.insert(requestKeys).values(columnsOf(requestKeys)).prepare()
  const saveUsage = db
    .insert(usageMinutes)
    .values(columnsOf(usageMinutes))
    .onConflictDoUpdate({
      target: [usageMinutes.tool, usageMinutes.minute],
      set: columnsOf(usageMinutes) as object,
    })
    .prepare()
  const saveState = db
    .update(ledgerState)
    .set({ lastAt: param('lastAt'), settingsRevision: param('settingsRevision') })
    .prepare()
  const forget = db
    .delete(requestKeys)
    .where(
      sql`${requestKeys.key} IN (${db
        .select({ key: requestKeys.key })
        .from(requestKeys)
        .where(lt(requestKeys.storedAt, param('at')))
        .limit(param('limit') as never)})`,
    )
    .prepare()

  return {
    state: () => state.get() ?? { lastAt: 0, settingsRevision: 0 },
    pool: tool => pool.get({ tool }),
    pools: () => allPools.all(),
    addPool: row => void addPool.run({ ...row }),
    borrow: id => borrow.get({ id }),
    dueBorrows: now => due.all({ now }),
    answer(key) {
      const row = answer.get({ key })
      return row && { key, request: row.request, answer: JSON.parse(row.answer) }
    },
    usage: (tool, minute) => usage.get({ tool, minute }),
    save(set) {
      const { granted, ended, renewed } = set.writes
      // A borrow that was granted here is inserted as it is now, even where it ended again meanwhile.
      for (const row of granted) addBorrow.run({ ...row })
      for (const { id, endedAt, endReason } of ended) endBorrow.run({ id, endedAt, endReason })
      for (const { id, expiresAt } of renewed) renewBorrow.run({ id, expiresAt })
      for (const row of set.writes.charges) addCharge.run({ ...row })
      for (const row of set.writes.denials) addDenial.run({ ...row })
      for (const { key, request, answer } of set.writes.answers)
        addAnswer.run({ key, request, answer: JSON.stringify(answer), storedAt: set.now })
      for (const row of set.touched) {
        savePool.run({ ...row })
        saveUsage.run({ ...set.usage.get(row.tool) })
      }
      saveState.run({ lastAt: set.now, settingsRevision: set.settingsRevision })
    },
    forgetAnswers: (at, limit) => void forget.run({ at, limit }),
  }
}
