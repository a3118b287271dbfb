/**
 * A process that borrows and returns on a ledger's file for itself, beside others that do the same.
 * Arguments: the file, a number that tells it apart, how many rounds. On standard input: ids that all
 * processes return at once. On standard output: every outcome, one line of JSON each.
 */
import { readFileSync } from 'node:fs'

const { sqliteLedger } = await import('../../dist/licensing/sqlite-ledger.js')

const [path, name, rounds] = process.argv.slice(2)
const shared = JSON.parse(readFileSync(0, 'utf8'))
const ledger = sqliteLedger({
  database: { path, busyTimeoutMs: 20_000 },
  clock: { now: Date.now, monotonic: () => performance.now() },
  onExpired: () => {},
})
const say = (event, details) => process.stdout.write(`${JSON.stringify({ event, ...details })}\n`)

async function giveBack(id) {
  const { kind } = await ledger.submit({ kind: 'return', id })
  say(kind, { id })
}

async function borrow(round) {
  const key = `shared round ${round}`
  const requestKey = round % 5 === 0 ? { key, request: key } : null
  const outcome = await ledger.submit({ kind: 'borrow', tool: 'cad', user: name, session: null, requestKey })
  if (outcome.kind !== 'granted') return say(outcome.kind, { reason: outcome.reason })
  const { borrow, charge, replayed } = outcome
  say('granted', { id: borrow.id, isOverage: borrow.isOverage, cents: charge?.amountCents ?? null, replayed })
  if (round % 7 !== 0) await giveBack(borrow.id)
}

await Promise.all(shared.map(giveBack))
for (let round = 0; round < Number(rounds); round += 4)
  await Promise.all([0, 1, 2, 3].map(offset => borrow(round + offset)))
await ledger.close()
