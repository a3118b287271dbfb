import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import { type KillableServer, startServer } from '../support/killable-server.ts'
import { brokenInvariants } from '../support/ledger-invariants.ts'
import { TOKEN, temporaryFolder } from '../support/world.ts'
import { Acknowledgements, type Promised, TOOL } from './acknowledgements.ts'

const ROUNDS = 50
const CLIENTS = 6
const CAP = 50
const SEED = 20260302

const settings = {
  tool: TOOL,
  total: 60,
  commit: 30,
  max_overage: 20,
  commit_price: 1000,
  overage_price_per_license: 99.99,
}

/** Licenses only, so that fifty starts are quick. */
const quiet = { FLEET_VEHICLES: '0', ESTATE_SERVERS: '0', ESTATE_HOST: 'off' }

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Borrows, renews and returns over one connection until the server is gone. */
async function client(
  server: KillableServer,
  book: Acknowledgements,
  name: string,
  held: Promised[],
  chance: () => number,
) {
  for (let step = 0; ; step++) {
    const oldest = held[0]
    try {
      if (!oldest || chance() < 0.55) {
        const borrow = await book.borrow(server, `${name}-${step}`)
        if (borrow) held.push(borrow)
        else await giveBackOldest()
      } else if (chance() < 0.3) await book.renew(server, oldest)
      else await giveBackOldest()
    } catch (error) {
      // A broken connection has a code; an answer that is not as it must be has none.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error
      return
    }
  }

  async function giveBackOldest() {
    const borrow = held.shift()
    if (borrow) await book.giveBack(server, borrow)
  }
}

test('what was acknowledged survives kill -9, fifty times in the middle of load', async () => {
  const path = join(temporaryFolder(), 'licenses.db')
  const book = new Acknowledgements()
  const chance = seeded(SEED)
  let lostAnswers = 0
  let server = await startServer(path, quiet)
  const { status } = await server.send('PUT', '/config/budget', settings, {
    authorization: `Bearer ${TOKEN}`,
  })
  expect(status).toBe(200)

  for (let round = 0; round < ROUNDS; round++) {
    const shares = Array.from({ length: CLIENTS }, (_, index) =>
      book.held().filter((_, place) => place % CLIENTS === index),
    )
    const clients = shares.map((held, index) => client(server, book, `${round}-${index}`, held, chance))
    await wait(50 + chance() * 200)
    await server.kill()
    await Promise.all(clients)
    lostAnswers += book.unanswered.size

    server = await startServer(path, quiet)
    expect([...brokenInvariants(path), ...book.broken(path)], `round ${round}, seed ${SEED}`).toEqual([])
    await book.askAgain(server)
    expect(book.broken(path), `round ${round}, seed ${SEED}, asked again`).toEqual([])
    const pool = await server.send('GET', `/licenses/${TOOL}/status`)
    expect(pool.body).toMatchObject({ borrowed: book.held().length })
  }
  await server.kill()

  expect(peakOf(path)).toBe(CAP)
  expect(book.denials).toBeGreaterThan(ROUNDS)
  expect(book.borrows.size).toBeGreaterThan(ROUNDS * CLIENTS)
  expect(lostAnswers).toBeGreaterThan(ROUNDS / 5)
}, 180_000)

function peakOf(path: string): unknown {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare('SELECT max(peak) FROM usage_minutes').pluck().get()
  } finally {
    database.close()
  }
}
