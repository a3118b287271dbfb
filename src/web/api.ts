import type {
  BorrowReply,
  BudgetChangedReply,
  BudgetReply,
  BudgetRequest,
  ChargesReply,
  OpenBorrow,
  RenewReply,
  ReturnReply,
} from '../licensing/api.ts'
import { Problem } from './problem.ts'
import { noteServerTime } from './server-clock.ts'

const TIMEOUT_MS = 12_000

interface Options {
  method?: string
  body?: unknown
  headers?: Record<string, string>
}

/** An answer, with what the headers said about it. */
export interface Answer<T> {
  data: T
  headers: Headers
  requestId: string
  status: number
}

/** Calls the server. @throws Problem for every answer that is not 2xx, and when none came (status 0) */
export async function call<T>(
  path: string,
  { method = 'GET', body, headers = {} }: Options = {},
): Promise<Answer<T>> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS)
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: abort.signal,
    })
    const text = await response.text()
    noteServerTime(response.headers.get('Date') ?? '')
    if (!response.ok) throw Problem.from(response, text)
    const requestId = response.headers.get('X-Request-Id') ?? ''
    return { data: JSON.parse(text) as T, headers: response.headers, requestId, status: response.status }
  } catch (error) {
    if (error instanceof Problem) throw error
    throw Problem.noAnswer(abort.signal.aborted)
  } finally {
    clearTimeout(timer)
  }
}

const post = <T>(path: string, body: unknown, headers: Record<string, string> = {}) =>
  call<T>(path, { method: 'POST', body, headers })

/** @param key one per wish of the user; the same again when the answer got lost */
export const borrow = (tool: string, user: string, key: string) =>
  post<BorrowReply>('/licenses/borrow', { tool, user }, { 'Idempotency-Key': key })

/** Gives a seat back. */
export const giveBack = (id: string) => post<ReturnReply>('/licenses/return', { id })

/** Starts the lease anew. */
export const renew = (id: string) => post<RenewReply>('/licenses/renew', { id })

/** Open borrows, newest first. @param user only this user's, or null for everyone's */
export const openBorrows = (user: string | null, limit = 500) =>
  call<OpenBorrow[]>(`/borrows?limit=${limit}${user === null ? '' : `&user=${encodeURIComponent(user)}`}`)

/** The newest overage charges. */
export const charges = (limit: number) => call<ChargesReply>(`/overage-charges?limit=${limit}`)

/** All budgets, each with its etag. */
export const budgets = () => call<BudgetReply>('/config/budget')

/** Saves one budget. @param etag of the settings that were shown; 412 when they have changed since */
export const saveBudget = (budget: BudgetRequest, etag: string) =>
  call<BudgetChangedReply>('/config/budget', { method: 'PUT', body: budget, headers: { 'If-Match': etag } })

/** Whether this browser holds the presenter's cookie. */
export const session = () => call<{ presenter: boolean }>('/session')

/** Trades the presenter's token for a cookie. */
export const signIn = (token: string) => post<{ presenter: boolean }>('/session', { token })

/** What runs here. */
export const version = () => call<{ version: string; commit?: string }>('/version')
