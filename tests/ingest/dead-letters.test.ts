import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase, prepareDatabase } from '../../src/db/open.ts'
import { deadLetterSchema, deadLetterSql } from '../../src/ingest/dead-letter-schema.ts'
import { createDeadLetterStore } from '../../src/ingest/dead-letter-store.ts'
import { START } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/world.ts'

function aStore(options?: { keepMax: number }) {
  const database = { path: join(temporaryFolder(), 'letters.db'), busyTimeoutMs: 100 }
  prepareDatabase(database, [{ feature: 'letters', steps: [deadLetterSql('letters')] }], () => {})
  const db = openDatabase(database)
  onTestFinished(() => void db.$client.close())
  return createDeadLetterStore(db, deadLetterSchema('letters'), options)
}
const aLetter = (changes: object = {}) => ({
  receivedAt: START,
  topic: 'fleet/vehicle_1/dtc',
  reason: 'invalid',
  detail: 'dtcs: too many',
  payload: '{}',
  ...changes,
})

test('what was set aside is listed, the newest first, page by page', () => {
  const store = aStore()
  for (const detail of ['a', 'b', 'c', 'd']) store.add(aLetter({ detail }))
  const { rows, next } = store.list({ limit: 3 })
  expect(rows.map(({ detail }) => detail)).toEqual(['d', 'c', 'b'])
  expect(rows[0]).toEqual({ id: 4, ...aLetter({ detail: 'd' }) })
  expect(next).toBe(2)
  expect(store.list({ limit: 3, before: 2 })).toEqual({
    rows: [{ id: 1, ...aLetter({ detail: 'a' }) }],
    next: null,
  })
  expect(store.list({ limit: 4 }).next).toBeNull()
})

test('one reason can be asked for', () => {
  const store = aStore()
  for (const reason of ['invalid', 'fault', 'invalid']) store.add(aLetter({ reason }))
  expect(store.list({ reason: 'invalid', limit: 1 })).toMatchObject({ rows: [{ id: 3 }], next: 3 })
  expect(store.list({ reason: 'invalid', limit: 1, before: 3 })).toMatchObject({
    rows: [{ id: 1 }],
    next: null,
  })
  expect(store.list({ reason: 'too_old', limit: 5 })).toEqual({ rows: [], next: null })
})

test('the newest are kept, and of each no more than its beginning', () => {
  const store = aStore({ keepMax: 2 })
  for (let count = 0; count < 5; count++)
    store.add(aLetter({ topic: 't'.repeat(300), payload: 'p'.repeat(5000) }))
  const { rows } = store.list({ limit: 10 })
  expect(rows.map(({ id }) => id)).toEqual([5, 4])
  expect(rows[0]).toMatchObject({ topic: 't'.repeat(200), payload: 'p'.repeat(2000) })
})
