import { Denied, RequestFailed } from './errors.ts'
import { type Answer, connect } from './request.ts'
import { backoffMs, type RetryPolicy, retryPreset } from './retry.ts'
import { holdSeat, renewBorrow, returnBorrow, type Seat } from './seat.ts'
import { type Surroundings, surroundings as usual } from './surroundings.ts'
import type {
  BorrowReply,
  DenialReason,
  OpenBorrow,
  PoolStatus,
  PoolsFrame,
  RenewReply,
  ReturnReply,
} from './types.ts'
import { type WatchOptions, watchPools } from './watch.ts'

export interface ClientOptions extends Partial<Surroundings> {
  /** The server's address, like `http://localhost:8000`. */
  url: string
  /** The presenter's token: `borrows` then tells every id, and `revoke` is allowed. */
  token?: string | undefined
  /** How long one attempt may take, in ms [10000]. */
  timeoutMs?: number
  /** When requests are sent again [6 attempts within 30 s, after 200 ms, 400 ms, … up to 5 s, half of it chance]. */
  retry?: Partial<RetryPolicy>
}

export interface Wish {
  tool: string
  /** Who borrows. */
  user: string
  /** How long to wait for a seat when none is free, in ms [0]. */
  waitMs?: number
  /** Whether the seat renews its lease by itself [true]. */
  renew?: boolean
  /** Names this wish: the same key gets the same seat for 24 hours [a new one]. */
  key?: string
  /** Gives up. A seat that is granted meanwhile is given back in the background. */
  signal?: AbortSignal | undefined
}

/** A license server, from outside. Every call rejects with `Unreachable` or `RequestFailed` where it says nothing else. */
export interface Client {
  /** Takes one seat, however often the network makes it ask. @throws Denied */
  borrow(wish: Wish): Promise<Seat>
  /** Does something while a seat is held; it is given back whatever way that ends. @throws Denied, and what `work` throws */
  withSeat<T>(wish: Wish, work: (seat: Seat) => T | Promise<T>): Promise<T>
  /** Starts the lease of a borrow anew. @throws LeaseLost */
  renew(id: string): Promise<RenewReply>
  /** Gives a seat back by its id. */
  return(id: string): Promise<ReturnReply>
  /** Takes a seat back from its holder. For the presenter. */
  revoke(id: string): Promise<ReturnReply>
  /** All pools by tool. */
  status(): Promise<PoolStatus[]>
  /** One pool. */
  status(tool: string): Promise<PoolStatus>
  /** Open borrows, newest first. */
  borrows(query?: { user?: string; limit?: number; offset?: number }): Promise<OpenBorrow[]>
  /** The pools, now and whenever they change, until its signal aborts. Outages are bridged once it was connected. */
  watch(options?: WatchOptions): AsyncIterable<PoolsFrame>
}

const denialReasons: readonly string[] = [
  'exhausted',
  'max_overage',
  'spend_cap',
  'unknown_tool',
] satisfies DenialReason[]
/** What the return of somebody's seat can change. */
const passingReasons: readonly string[] = ['exhausted', 'max_overage'] satisfies DenialReason[]
const looks = { firstMs: 1000, longestMs: 5000 }

/** @throws TypeError when `url` is no http address */
export function createClient({ url, token, timeoutMs = 10_000, retry, ...given }: ClientOptions): Client {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new TypeError(`${url} is no http address`)
  const surroundings = { ...usual, ...given }
  const policy = { ...retryPreset, ...retry }
  const connection = connect({ url: url.replace(/\/+$/, ''), token, timeoutMs, policy, surroundings })
  const { now, sleep, random, newKey } = surroundings

  /** Asks once, under one key. */
  async function take({ tool, user, renew = true, signal }: Wish, key: string): Promise<Seat> {
    signal?.throwIfAborted()
    const taken = connection
      .request<BorrowReply>('/licenses/borrow', { method: 'POST', body: { tool, user }, key })
      .then(answer => holdSeat(connection, answer, renew))
    try {
      return await unlessAborted(taken, signal)
    } catch (error) {
      // Whether the server has granted a seat is known when the answer is here, so that is waited for, and given back.
      if (signal?.aborted) void taken.then(seat => seat.return()).catch(() => {})
      if (error instanceof RequestFailed && denialReasons.includes(error.code))
        throw new Denied(error.code as DenialReason, tool, error.message, error.requestId)
      throw error
    }
  }

  /** Looks, which denies nobody anything, until a seat is free. @returns whether it is in time */
  async function untilFree(tool: string, deadline: number, signal: AbortSignal | undefined) {
    for (let look = 1; now() < deadline; look++) {
      const waitMs = backoffMs(looks, look, random())
      await sleep(Math.min(waitMs, deadline - now()), { signal })
      signal?.throwIfAborted()
      if ((await status(tool, signal)).free > 0) return true
    }
    return false
  }

  async function borrow(wish: Wish): Promise<Seat> {
    const deadline = now() + (wish.waitMs ?? 0)
    for (let key = wish.key ?? newKey(); ; key = newKey()) {
      try {
        return await take(wish, key)
      } catch (error) {
        if (!(error instanceof Denied) || !passingReasons.includes(error.reason)) throw error
        if (!(await untilFree(wish.tool, deadline, wish.signal))) throw error
      }
    }
  }

  async function withSeat<T>(wish: Wish, work: (seat: Seat) => T | Promise<T>): Promise<T> {
    const seat = await borrow(wish)
    let result: T
    try {
      result = await work(seat)
    } catch (error) {
      // What went wrong first is what the caller has to know.
      await seat.return().catch(() => {})
      throw error
    }
    await seat.return()
    return result
  }

  const dataOf = async <T>(answer: Promise<Answer<T>>): Promise<T> => (await answer).data
  const status = (tool: string, signal?: AbortSignal) =>
    dataOf(connection.request<PoolStatus>(`/licenses/${encodeURIComponent(tool)}/status`, { signal }))
  const statuses = () => dataOf(connection.request<PoolStatus[]>('/licenses/status'))

  return {
    borrow,
    withSeat,
    renew: id => dataOf(renewBorrow(connection, { id })),
    return: id => dataOf(returnBorrow(connection, id)),
    revoke: id =>
      dataOf(connection.request<ReturnReply>('/licenses/revoke', { method: 'POST', body: { id } })),
    status: ((tool?: string) => (tool === undefined ? statuses() : status(tool))) as Client['status'],
    borrows: (query = {}) => {
      const text = new URLSearchParams()
      for (const [name, value] of Object.entries(query))
        if (value !== undefined) text.set(name, String(value))
      return dataOf(connection.request<OpenBorrow[]>(`/borrows?${text}`))
    },
    watch: options => watchPools(connection, options),
  }
}

/** The work's result, or the signal's reason where that is first. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason)
    if (signal.aborted) aborted()
    signal.addEventListener('abort', aborted)
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted))
  })
}
