import { getTableName, is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import { migrate } from '../../src/db/migrate.ts'
import { licensingMigrations } from '../../src/licensing/migrations.ts'
import * as schema from '../../src/licensing/schema.ts'

const tables = Object.values(schema).filter(value => is(value, SQLiteTable))

function aMigratedConnection() {
  const connection = new Database(':memory:')
  onTestFinished(() => void connection.close())
  migrate(connection, licensingMigrations)
  return connection
}

interface Column {
  name: string
  type: string
  notnull: 0 | 1
  pk: number
}

describe.each(tables.map(table => [getTableName(table), table] as const))('the table %s', (name, table) => {
  test('has the columns that the schema says: name, type, null, key', () => {
    const { columns, primaryKeys } = getTableConfig(table)
    const keys = primaryKeys.flatMap(key => key.columns.map(column => column.name))
    const real = aMigratedConnection()
      .prepare<[string], Column>('SELECT * FROM pragma_table_info(?)')
      .all(name)
    const isKey = (column: { name: string; primary: boolean }) => column.primary || keys.includes(column.name)
    expect(real.map(column => ({ name: column.name, type: column.type, key: column.pk > 0 }))).toEqual(
      columns.map(column => ({
        name: column.name,
        type: column.getSQLType().toUpperCase(),
        key: isKey(column),
      })),
    )
    // A key needs no NOT NULL of its own.
    const optional = (all: { name: string; may: boolean }[]) =>
      all.filter(({ may }) => may).map(column => column.name)
    expect(optional(real.map(column => ({ name: column.name, may: !column.notnull && !column.pk })))).toEqual(
      optional(columns.map(column => ({ name: column.name, may: !column.notNull && !isKey(column) }))),
    )
  })

  test('has the indexes that the schema names', () => {
    const named = getTableConfig(table).indexes.map(index => index.config.name)
    const real = aMigratedConnection()
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`)
      .pluck()
      .all(name) as string[]
    expect(real).toEqual(expect.arrayContaining(named))
  })
})

test('every table of the file is in the schema', () => {
  const real = aMigratedConnection()
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'twinloop_migrations'`)
    .pluck()
    .all() as string[]
  expect(real.toSorted()).toEqual(tables.map(table => getTableName(table)).toSorted())
})

describe('the file itself refuses', () => {
  const pool = `INSERT INTO pools VALUES ('cad', 3, 2, 1, 0, 0, 0, NULL, 0, 0, '', 0, 1);`
  const borrow = `INSERT INTO borrows VALUES (7, 'b', 'cad', 'alice', NULL, 1, NULL, 1, NULL, NULL);`
  const charge = `INSERT INTO charges VALUES (1, 'c', 'cad', 7, 'alice', 1, 5);`
  test.each([
    ['a charge that is changed', 'UPDATE charges SET amount_cents = 0', /append-only/],
    ['a charge that is deleted', 'DELETE FROM charges', /append-only/],
    ['more borrowed than exists', 'UPDATE pools SET borrowed = 4', /CHECK/],
    ['less than nothing borrowed', 'UPDATE pools SET borrowed = -1', /CHECK/],
    ['an end without a reason', 'UPDATE borrows SET ended_at = 2', /CHECK/],
    ['a charge for no borrow', `INSERT INTO charges VALUES (2, 'd', 'cad', 8, 'bob', 1, 5)`, /FOREIGN KEY/],
    ['a borrow that is deleted while a charge names it', `DELETE FROM borrows`, /FOREIGN KEY/],
    ['a price that is no whole number', `UPDATE pools SET overage_price_cents = 0.5`, /REAL/],
  ])('%s', (_title, statement, reason) => {
    const connection = aMigratedConnection()
    connection.exec(pool + borrow + charge)
    expect(() => connection.exec(statement)).toThrow(reason)
  })
})
