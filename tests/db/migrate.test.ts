import { expect, onTestFinished, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import { migrate } from '../../src/db/migrate.ts'

function aConnection() {
  const connection = new Database(':memory:')
  onTestFinished(() => void connection.close())
  const done = () =>
    connection.prepare('SELECT feature, step FROM twinloop_migrations ORDER BY feature, step').raw().all()
  return { connection, done }
}

const one = 'CREATE TABLE log (line TEXT); INSERT INTO log VALUES (1)'
const two = 'INSERT INTO log VALUES (2)'

test('each step runs once, in order, also when a later version brings more', () => {
  const { connection, done } = aConnection()
  migrate(connection, { feature: 'a', steps: [one] })
  migrate(connection, { feature: 'a', steps: [one] })
  migrate(connection, { feature: 'a', steps: [one, two] })
  migrate(connection, { feature: 'a', steps: [one, two] })
  expect(connection.prepare('SELECT line FROM log').pluck().all()).toEqual(['1', '2'])
  expect(done()).toEqual([
    ['a', 1],
    ['a', 2],
  ])
})

test('features count their steps apart', () => {
  const { connection, done } = aConnection()
  migrate(connection, { feature: 'a', steps: ['CREATE TABLE a (x INT)'] })
  migrate(connection, { feature: 'b', steps: ['CREATE TABLE b (x INT)', 'CREATE TABLE c (x INT)'] })
  expect(done()).toEqual([
    ['a', 1],
    ['b', 1],
    ['b', 2],
  ])
})

test('a step that fails leaves the file as it was, the steps before it included', () => {
  const { connection } = aConnection()
  expect(() => migrate(connection, { feature: 'a', steps: [one, 'INSERT INTO nowhere VALUES (1)'] })).toThrow(
    /nowhere/,
  )
  expect(connection.prepare('SELECT name FROM sqlite_schema').all()).toEqual([])
  migrate(connection, { feature: 'a', steps: [one, two] })
})
