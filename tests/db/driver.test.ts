import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'

const require = createRequire(import.meta.url)
const name = Number(process.versions.napi) >= 10 ? 'better-sqlite3' : 'better-sqlite3-12'

test('the driver is the one that this Node takes', () => {
  expect(Database).toBe(require(name))
  expect(new Database(':memory:').prepare('SELECT 1').pluck().get()).toBe(1)
})

const spends = `
  const database = require(${JSON.stringify(require.resolve(name))})(':memory:')
  const spend = () => { for (let one = 0; one < 2000; one++) database.prepare('SELECT ' + one).get() }
  for (let later = 0; later < 200; later += 20) setTimeout(spend, later)
`

test('statements that nobody keeps end neither a thread nor the process', () => {
  const thread = `new (require('node:worker_threads').Worker)(${JSON.stringify(spends)}, { eval: true })\n`
  // A small heap is swept often.
  const { status, signal, stderr } = spawnSync(process.execPath, ['--max-semi-space-size=1', '-'], {
    input: `${spends}\n${thread.repeat(4)}`,
    encoding: 'utf8',
  })
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' })
})
