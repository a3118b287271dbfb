/** What clients of a server were promised: every answer they got, every question still open. */
import { Database } from '../../src/db/driver.ts'
import type { Answer, KillableServer } from '../support/killable-server.ts'

export interface Promised {
  id: string
  isOverage: boolean
  cents: number | null
  expiresAt: number
  state: 'held' | 'return asked' | 'returned'
}

interface Row {
  id: string
  is_overage: 0 | 1
  expires_at: number
  end_reason: string | null
  cents: number | null
}

export const TOOL = 'cad_tool'

export class Acknowledgements {
  readonly borrows = new Map<string, Promised>()
  /** Keys of borrows that were asked for and not answered. */
  readonly unanswered = new Set<string>()
  denials = 0

  /** Borrows that were granted and not asked back, oldest first. */
  held = () => [...this.borrows.values()].filter(({ state }) => state === 'held')

  async borrow(server: KillableServer, key: string): Promise<Promised | null> {
    this.unanswered.add(key)
    const answer = await server.send(
      'POST',
      '/licenses/borrow',
      { tool: TOOL, user: key },
      { 'idempotency-key': key },
    )
    this.unanswered.delete(key)
    if (answer.status === 409) {
      if (!answer.headers['idempotency-replayed']) this.denials++
      return null
    }
    const { id, is_overage, overage_charge, expires_at } = expectStatus(answer, 200)
    const borrow: Promised = {
      id: id as string,
      isOverage: is_overage as boolean,
      cents: is_overage ? Math.round((overage_charge as number) * 100) : null,
      expiresAt: Date.parse(expires_at as string),
      state: 'held',
    }
    if (this.borrows.has(borrow.id)) throw new Error(`the seat ${borrow.id} was granted twice`)
    this.borrows.set(borrow.id, borrow)
    return borrow
  }

  async giveBack(server: KillableServer, borrow: Promised): Promise<void> {
    borrow.state = 'return asked'
    expectStatus(await server.send('POST', '/licenses/return', { id: borrow.id }), 200)
    borrow.state = 'returned'
  }

  async renew(server: KillableServer, borrow: Promised): Promise<void> {
    const { expires_at } = expectStatus(await server.send('POST', '/licenses/renew', { id: borrow.id }), 200)
    borrow.expiresAt = Date.parse(expires_at as string)
  }

  /** What a client does after a crash: it asks again what was not answered. */
  async askAgain(server: KillableServer): Promise<void> {
    for (const key of this.unanswered) await this.borrow(server, key)
    for (const borrow of this.borrows.values())
      if (borrow.state === 'return asked') await this.giveBack(server, borrow)
  }

  /** Promises that the file does not keep. Empty: all are kept. */
  broken(path: string): string[] {
    const database = new Database(path, { readonly: true })
    const rows = database
      .prepare<[string], Row>(
        `SELECT b.id, is_overage, expires_at, end_reason, amount_cents AS cents FROM borrows b
         LEFT JOIN charges c ON c.borrow_row = b.row WHERE b.tool = ?`,
      )
      .all(TOOL)
    const denials = database
      .prepare('SELECT count(*) FROM denials WHERE tool = ?')
      .pluck()
      .get(TOOL) as number
    database.close()
    const found = new Map(rows.map(row => [row.id, row]))
    const broken = [...this.borrows.values()].flatMap(borrow => {
      const row = found.get(borrow.id)
      found.delete(borrow.id)
      return breaches(borrow, row).map(breach => `${borrow.id} ${breach}`)
    })
    // A borrow whose answer was lost is whole or absent; no other unknown one may be there.
    if (found.size > this.unanswered.size)
      broken.push(`${found.size} borrows nobody was told of, ${this.unanswered.size} answers were lost`)
    if (denials < this.denials) broken.push(`${this.denials} denials were told, ${denials} are kept`)
    return broken
  }
}

function breaches(borrow: Promised, row: Row | undefined): string[] {
  if (!row) return ['was granted and is gone']
  const found = []
  if (row.is_overage !== Number(borrow.isOverage) || row.cents !== borrow.cents)
    found.push(`was charged ${borrow.cents}, kept is ${row.cents}`)
  if (borrow.state === 'returned' && row.end_reason !== 'returned') found.push('was returned and is open')
  if (borrow.state === 'held' && row.end_reason !== null) found.push(`is held and ended as ${row.end_reason}`)
  if (row.expires_at < borrow.expiresAt)
    found.push(`was renewed to ${borrow.expiresAt}, kept is ${row.expires_at}`)
  return found
}

function expectStatus({ status, body }: Answer, expected: number): Record<string, unknown> {
  if (status !== expected)
    throw new Error(`answered ${status} instead of ${expected}: ${JSON.stringify(body)}`)
  return body
}
