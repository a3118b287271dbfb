/** A real borrow by a probe user, given back whatever happens. */
import { type Answer, type Ask, jsonOf, said } from './ask.ts'

export type BorrowProbe =
  | { is: 'worked'; tool: string; ms: number }
  /** Every seat that costs nothing is held: that is no fault of the release. */
  | { is: 'no seat' }
  | { is: 'failed'; why: string }

interface Pool {
  tool: string
  borrowed: number
  commit: number
  free: number
}

export const PROBE_USER = 'deploy-gate'
const TRIES = 3

const post = (ask: Ask, path: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

/** Asks again while there is no answer or a 5xx. @returns all answers, the last one last */
async function persist(request: () => Promise<Answer>): Promise<[Answer, ...Answer[]]> {
  const answers: [Answer, ...Answer[]] = [await request()]
  while (isBad(answers.at(-1)) && answers.length < TRIES) answers.push(await request())
  return answers
}

const isBad = (answer?: Answer) => !answer || answer.status === 0 || answer.status >= 500

/**
 * Borrows a seat within the commit, so that it costs nothing, and returns it. A borrow without an answer may have been
 * granted: it is asked again with the same key, so that its seat is known and comes back.
 * @param key of the borrow, another one each time
 */
export async function borrowAndReturn(ask: Ask, key: string): Promise<BorrowProbe> {
  const status = await ask('/licenses/status')
  const pools = jsonOf<Pool[]>(status)
  if (!pools) return { is: 'failed', why: `/licenses/status: ${said(status)}` }
  const pool = pools.find(({ borrowed, commit, free }) => free > 0 && borrowed < commit)
  if (!pool) return { is: 'no seat' }

  const { tool } = pool
  const body = { tool, user: PROBE_USER }
  const borrows = await persist(() => post(ask, '/licenses/borrow', body, { 'idempotency-key': key }))
  const [first] = borrows
  const borrow = borrows.at(-1) ?? first
  if (borrow.status === 409 && !isBad(first)) return { is: 'no seat' }
  const id = jsonOf<{ id?: string }>({ ...borrow, status: borrow.status === 201 ? 200 : borrow.status })?.id
  if (!id) return { is: 'failed', why: `a borrow of ${tool}: ${said(borrow)}` }

  const returns = await persist(() => post(ask, '/licenses/return', { id }))
  const last = returns.at(-1) ?? returns[0]
  if (last.status !== 200)
    return { is: 'failed', why: `the return of a borrowed ${tool}: ${said(last)}; its seat is still held` }
  const bad = [first, ...returns].find(isBad)
  if (bad) return { is: 'failed', why: `a borrow and return of ${tool}: ${said(bad)} at first` }
  return { is: 'worked', tool, ms: first.ms + last.ms }
}
