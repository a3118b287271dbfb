/** Every row that a transaction of the ledger reads and writes, as prepared statements. */
import {
  and,
  eq,
  getTableColumns,
  isNotNull,
  isNull,
  lt,
  lte,
  max,
  Param,
  type Placeholder,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from '../db/open.ts'
import { rowOf } from '../shared/id.ts'
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
  /** The newest row of any borrow; 0: there is none. */
  lastRow(): number
  /** Open borrows whose lease has run out. @param now Unix ms */
  dueBorrows(now: number): Borrow[]
  answer(key: string): StoredAnswer | undefined
  usage(tool: string, minute: number): UsageMinute | undefined
  /** Writes what the verbs changed. */
  save(set: WorkingSet): void
  /** Forgets request keys stored before `at`, at most `limit` of them. */
  forgetAnswers(at: number, limit: number): void
}

/**
 * A statement that drizzle wrote, run by SQLite's own prepared statement: the many small writes of a
 * group pay nothing for the way the text came about.
 */
function writer(db: Db, query: { toSQL(): { sql: string; params: unknown[] } }): (row: object) => void {
  const { sql: text, params } = query.toSQL()
  const statement = db.$client.prepare(text)
  const names = params.map(param => ((param instanceof Param ? param.value : param) as Placeholder).name)
  const values: unknown[] = new Array(names.length)
  return row => {
    for (let index = 0; index < names.length; index++) {
      const value = row[names[index] as keyof typeof row] as unknown
      values[index] = typeof value === 'boolean' ? Number(value) : value
    }
    statement.run(values)
  }
}

/** Named parameters for all columns of a table. */
const columnsOf = <T extends SQLiteTable>(table: T) =>
  Object.fromEntries(
    Object.keys(getTableColumns(table)).map(name => [name, sql.placeholder(name)]),
  ) as Record<keyof ReturnType<typeof getTableColumns<T>>, ReturnType<typeof sql.placeholder>>

export function createStore(db: Db): Store {
  const param = (name: string) => sql.placeholder(name) as unknown as SQL
  const state = db.select().from(ledgerState).prepare()
  const pool = db
    .select()
    .from(pools)
    .where(eq(pools.tool, param('tool')))
    .prepare()
  const allPools = db.select().from(pools).orderBy(pools.tool).prepare()
  const borrow = db
    .select()
    .from(borrows)
    .where(eq(borrows.row, param('row')))
    .prepare()
  const lastRow = db
    .select({ row: max(borrows.row) })
    .from(borrows)
    .prepare()
  const due = db
    .select()
    .from(borrows)
    .where(and(isNull(borrows.endedAt), isNotNull(borrows.expiresAt), lte(borrows.expiresAt, param('now'))))
    .prepare()
  const answer = db
    .select()
    .from(requestKeys)
    .where(eq(requestKeys.key, param('key')))
    .prepare()
  const usage = db
    .select()
    .from(usageMinutes)
    .where(and(eq(usageMinutes.tool, param('tool')), eq(usageMinutes.minute, param('minute'))))
    .prepare()

  const addPool = writer(db, db.insert(pools).values(columnsOf(pools)))
  // Without the key: to set it, even to what it is, makes SQLite look for every row that refers to it.
  const { tool: _key, ...poolColumns } = columnsOf(pools)
  const savePool = writer(
    db,
    db
      .update(pools)
      .set(poolColumns as object)
      .where(eq(pools.tool, param('tool'))),
  )
  const addBorrow = writer(db, db.insert(borrows).values(columnsOf(borrows)))
  const endBorrow = writer(
    db,
    db
      .update(borrows)
      .set({ endedAt: param('endedAt'), endReason: param('endReason') })
      .where(eq(borrows.row, param('row'))),
  )
  const renewBorrow = writer(
    db,
    db
      .update(borrows)
      .set({ expiresAt: param('expiresAt') })
      .where(eq(borrows.row, param('row'))),
  )
  const { row: _chargeRow, ...chargeColumns } = columnsOf(charges)
  const addCharge = writer(db, db.insert(charges).values(chargeColumns))
  const { row: _denialRow, ...denialColumns } = columnsOf(denials)
  const addDenial = writer(db, db.insert(denials).values(denialColumns))
  const addAnswer = writer(db, db.insert(requestKeys).values(columnsOf(requestKeys)))
  const saveUsage = writer(
    db,
    db
      .insert(usageMinutes)
      .values(columnsOf(usageMinutes))
      .onConflictDoUpdate({
        target: [usageMinutes.tool, usageMinutes.minute],
        set: columnsOf(usageMinutes) as object,
      }),
  )
  const saveState = writer(
    db,
    db.update(ledgerState).set({ lastAt: param('lastAt'), settingsRevision: param('settingsRevision') }),
  )
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
    addPool,
    borrow(id) {
      const row = rowOf(id)
      const found = row === null ? undefined : borrow.get({ row })
      return found?.id === id ? found : undefined
    },
    lastRow: () => lastRow.get()?.row ?? 0,
    dueBorrows: now => due.all({ now }),
    answer(key) {
      const row = answer.get({ key })
      return row && { key, request: row.request, answer: JSON.parse(row.answer) }
    },
    usage: (tool, minute) => usage.get({ tool, minute }),
    save(set) {
      const { granted, ended, renewed } = set.writes
      // A borrow that was granted here is inserted as it is now, even where it ended again meanwhile.
      for (const row of granted) addBorrow(row)
      for (const row of ended) endBorrow(row)
      for (const row of renewed) renewBorrow(row)
      for (const row of set.writes.charges) addCharge(row)
      for (const row of set.writes.denials) addDenial(row)
      for (const { key, request, answer } of set.writes.answers)
        addAnswer({ key, request, answer: JSON.stringify(answer), storedAt: set.now })
      for (const row of set.touched) {
        savePool(row)
        saveUsage(set.usage.get(row.tool) as UsageMinute)
      }
      saveState({ lastAt: set.now, settingsRevision: set.settingsRevision })
    },
    forgetAnswers: (at, limit) => void forget.run({ at, limit }),
  }
}

/** The time of the newest transaction, Unix ms: no later one may be before it. */
export const newestTime = (db: Db): number => createStore(db).state().lastAt
