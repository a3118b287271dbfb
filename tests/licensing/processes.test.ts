/** A second process on the same file is not forbidden: it is correct. Every decision reads inside its transaction. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { aBorrow, aDatabase, aPool, openLedger } from './factories.ts'

interface Said {
  event: string
  id: string
  isOverage: boolean
  cents: number | null
  replayed: boolean
}

const ROUNDS = 200
const script = fileURLToPath(new URL('../support/borrower.mjs', import.meta.url))

/** Runs a borrower to its end. @returns what it was told */
function borrower(path: string, name: string, rounds: number, shared: string[]): Promise<Said[]> {
  const child = spawn(process.execPath, [script, path, name, String(rounds)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(shared))
  let text = ''
  child.stdout.setEncoding('utf8').on('data', part => {
    text += part
  })
  return new Promise((resolve, reject) =>
    child.on('close', code =>
      code === 0
        ? resolve(
            text
              .trim()
              .split('\n')
              .map(line => JSON.parse(line)),
          )
        : reject(new Error(`${name} ended with ${code}`)),
    ),
  )
}

test('three processes that borrow and return on one file never pass the cap and agree with its rows', async () => {
  const path = aDatabase([aPool({ total: 30, commit: 3, maxOverage: 5 })])
  const first = openLedger({ path, clock: systemClock })
  const early = await Promise.all(Array.from({ length: 8 }, () => first.submit(aBorrow({ user: 'early' }))))
  await first.close()
  const shared = early.flatMap(outcome => (outcome.kind === 'granted' ? [outcome.borrow.id] : []))
  expect(shared).toHaveLength(8)

  const said = (
    await Promise.all(['one', 'two', 'three'].map(name => borrower(path, name, ROUNDS, shared)))
  ).flat()
  assertInvariants(path)

  const granted = said.filter(({ event, replayed }) => event === 'granted' && !replayed)
  const returned = said.filter(({ event }) => event === 'returned').map(({ id }) => id)
  expect(said.filter(({ event }) => event === 'denied').length).toBeGreaterThan(0)
  expect(granted.length).toBeGreaterThan(8)
  expect(new Set(granted.map(({ id }) => id)).size).toBe(granted.length)
  // A key that several processes sent was answered by one and the same borrow.
  const replayed = said.filter(row => row.replayed)
  expect(replayed.length).toBeGreaterThan(0)
  for (const { id } of replayed) expect(granted.some(row => row.id === id)).toBe(true)
  // Every seat came back once, whoever asked: three asked for each of the early ones.
  expect(new Set(returned).size).toBe(returned.length)
  const toldOf = (id: string) => said.flatMap(row => (row.id === id ? [row.event] : [])).toSorted()
  for (const id of shared) expect(toldOf(id)).toEqual(['already_returned', 'already_returned', 'returned'])

  const told = granted.map(({ id, isOverage, cents }) => [id, +isOverage, cents, +returned.includes(id)])
  const { kept, open, keys } = rowsOf(path)
  expect(kept.toSorted()).toEqual(told.toSorted())
  expect(open).toBe(granted.length + shared.length - returned.length)
  expect(keys).toBe(ROUNDS / 5)
})

function rowsOf(path: string) {
  const database = new Database(path, { readonly: true })
  try {
    const one = (sql: string) => database.prepare(sql).pluck().get()
    const kept = database
      .prepare(
        `SELECT b.id, is_overage, amount_cents, ended_at IS NOT NULL FROM borrows b
         LEFT JOIN charges c ON c.borrow_row = b.row WHERE b.user <> 'early'`,
      )
      .raw()
      .all()
    return { kept, open: one('SELECT borrowed FROM pools'), keys: one('SELECT count(*) FROM request_keys') }
  } finally {
    database.close()
  }
}
