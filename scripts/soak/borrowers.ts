/** People and programs that borrow, renew, give back and lose the line; and a presenter who changes the budgets under them. */
import { TOKEN } from '../bench/server.ts'
import type { Book } from './book.ts'
import type { Answer, Asking } from './client.ts'
import type { Room } from './room.ts'

/** Its settings are never changed, so no minute of it may peak above its cap. */
const UNCHANGED = 'simulation'
const CHANGED = ['cad_tool', 'analysis'] as const
const LEASE_SECONDS = 45
const TRIES = 200

export const presenting = { authorization: `Bearer ${TOKEN}` }

const settingsOf = (tool: string, total: number, commit: number, max_overage: number, price: number) => ({
  tool,
  total,
  commit,
  max_overage,
  commit_price: 1000,
  overage_price_per_license: price,
  lease_ttl_seconds: LEASE_SECONDS,
  spend_cap: null,
})

export interface Borrowing {
  /** Resolves when all have stopped, after the load is over. */
  done: Promise<void>
  /** The most seats that a tool could grant so far. */
  capMax: ReadonlyMap<string, number>
}

/** Opens the pools, then lets so many borrow until the load is over. */
export async function startBorrowers(room: Room, book: Book, count: number): Promise<Borrowing> {
  const capMax = new Map<string, number>()
  const present = async (total: number, commit: number, overage: number, tool: string, price: number) => {
    // Before it is asked: an answer may be lost.
    capMax.set(tool, Math.max(capMax.get(tool) ?? 0, Math.min(total, commit + overage)))
    const body = settingsOf(tool, total, commit, overage, price)
    return room.client.ask('PUT', '/config/budget', { headers: presenting, body })
  }
  for (const tool of CHANGED) await present(20, 8, 8, tool, 99.99)

  async function changeBudgets() {
    const d = room.diceOf('budgets')
    while (room.isOpen) {
      await room.rest(1000 + d.roll(4000))
      await room.server.ready()
      const total = 6 + d.roll(25)
      const answer = await present(total, d.roll(total), d.roll(12), d.pick(CHANGED), d.pick([0, 99.99, 250]))
      room.did(answer?.status === 200 ? 'budgets changed' : 'budget changes refused')
    }
  }
  const all = Array.from({ length: count }, (_, index) => borrower(room, book, index))
  return { capMax, done: Promise.all([...all, changeBudgets()]).then(() => {}) }
}

async function borrower(room: Room, book: Book, number: number): Promise<void> {
  const d = room.diceOf(`borrower ${number}`)
  const session = number % 2 ? { cookie: `twinloop_session=soak-session-${number}-xxxxxxxx` } : {}
  for (let step = 0; room.isOpen; step++) {
    const tool = d.once(5) ? UNCHANGED : d.pick(CHANGED)
    await oneBorrow(`soak-${number}-${step}`, tool)
    await room.rest(d.roll(150))
  }

  async function oneBorrow(key: string, tool: string) {
    const id = await borrow(key, tool)
    if (id === null) return
    await room.rest(d.roll(d.once(10) ? 8000 : 400))
    if (d.once(5)) {
      const answer = await untilAnswered('/licenses/renew', { body: { id } })
      if (answer?.status === 200) book.renewed(key, answer.body.expires_at)
      room.did('renewals')
    }
    // The unchanged pool's lease is two hours: who forgot its seats would close it.
    if (tool !== UNCHANGED && d.once(25)) return room.did('seats forgotten')
    const isRevoked = d.once(12)
    const path = isRevoked ? '/licenses/revoke' : '/licenses/return'
    const answer = await untilAnswered(path, { body: { id }, ...(isRevoked && { headers: presenting }) })
    // "already_returned" may be its own, of which the answer was lost, or a lease that ran out.
    if (answer?.status === 200 && answer.body.status === 'ok')
      book.ended(key, isRevoked ? 'revoked' : 'returned')
    room.did(isRevoked ? 'revocations' : 'returns')
  }

  /** @returns the id of the seat; null: there is none, or nobody knows */
  async function borrow(key: string, tool: string): Promise<string | null> {
    const asking = { body: { tool, user: key }, headers: { 'idempotency-key': key, ...session } }
    book.asked(key)
    if (d.once(15)) {
      await room.client.ask('POST', '/licenses/borrow', { ...asking, hangUpAfter: d.roll(8) })
      room.did('clients that hung up')
      if (tool !== UNCHANGED && d.once(3)) return null
    }
    const first = await borrowOnce()
    // The same key again, though it was answered: the same answer.
    if (first !== null && d.once(10)) await borrowOnce()
    return first

    async function borrowOnce() {
      const answer = await untilAnswered('/licenses/borrow', asking)
      if (answer?.status === 200) {
        book.granted(key, answer.body)
        room.did('borrows granted')
        return String(answer.body.id)
      }
      if (answer?.status === 409) {
        book.denied(key)
        room.did('borrows denied')
      }
      return null
    }
  }

  /** Asks again, over a restart too, until there is an answer that says something. */
  async function untilAnswered(path: string, asking: Asking): Promise<Answer | null> {
    for (let tries = 0; tries < TRIES && room.server.death === null; tries++) {
      await room.server.ready()
      const answer = await room.client.ask('POST', path, asking)
      if (answer && answer.status !== 429 && answer.status < 500) return answer
      room.did('retries')
      await new Promise(resolve => setTimeout(resolve, 50 + d.roll(200)))
    }
    return null
  }
}
