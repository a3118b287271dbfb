/** One request: sent until there is an answer that stands, or until it has been tried long enough. */
import { RequestFailed, type TwinloopError, Unreachable } from './errors.ts'
import { isPassing, nextWaitMs, type RetryPolicy, retryAfterMs } from './retry.ts'
import type { Surroundings } from './surroundings.ts'

export interface RequestOptions {
  method?: 'GET' | 'POST'
  body?: unknown
  /** An idempotency key: the server decides requests with the same one once. */
  key?: string
  /** Gives up when it aborts. @throws its reason */
  signal?: AbortSignal | undefined
  /** Stays within this time (ms) where it is shorter than the policy's. */
  totalMs?: number
}

export interface Answer<T> {
  data: T
  /** Unix ms: when the first attempt was sent. What the server decided was decided later than that. */
  firstSentAt: number
}

export interface Connection {
  /** @throws Unreachable, RequestFailed */
  request<T>(path: string, options?: RequestOptions): Promise<Answer<T>>
  /** The whole address of a path. */
  urlOf(path: string): string
  /** The headers that every request carries. */
  headers: Record<string, string>
  policy: RetryPolicy
  surroundings: Surroundings
}

export interface ConnectionOptions {
  /** Without a slash at its end. */
  url: string
  token: string | undefined
  /** Of one attempt, in ms. */
  timeoutMs: number
  policy: RetryPolicy
  surroundings: Surroundings
}

type Outcome<T> = { data: T } | { error: TwinloopError; passing: boolean; askedMs: number | null }

export function connect({ url, token, timeoutMs, policy, surroundings }: ConnectionOptions): Connection {
  const { now, sleep, random } = surroundings
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  const urlOf = (path: string) => `${url}${path}`

  async function request<T>(path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    const { signal, totalMs = policy.totalMs } = options
    const bounds = { ...policy, totalMs: Math.min(policy.totalMs, totalMs) }
    const firstSentAt = now()
    for (let sent = 1; ; sent++) {
      signal?.throwIfAborted()
      const leftMs = Math.max(1, bounds.totalMs - (now() - firstSentAt))
      const outcome = await attempt<T>(path, options, Math.min(timeoutMs, leftMs), sent)
      if ('data' in outcome) return { data: outcome.data, firstSentAt }
      const passedMs = now() - firstSentAt
      const waitMs = outcome.passing
        ? nextWaitMs(bounds, { sent, passedMs, askedMs: outcome.askedMs, chance: random() })
        : null
      if (waitMs === null) throw outcome.error
      await sleep(waitMs, { signal })
    }
  }

  async function attempt<T>(
    path: string,
    { method = 'GET', body, key, signal }: RequestOptions,
    limitMs: number,
    sent: number,
  ): Promise<Outcome<T>> {
    try {
      const { response, text } = await limited(limitMs, signal, async limit => {
        const response = await surroundings.fetch(urlOf(path), {
          method,
          headers: {
            ...headers,
            ...(body !== undefined && { 'Content-Type': 'application/json' }),
            ...(key !== undefined && { 'Idempotency-Key': key }),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          signal: limit,
        })
        return { response, text: await response.text() }
      })
      if (response.ok) return parsed<T>(response, text, key)
      return {
        error: failureOf(response, text, key),
        passing: isPassing(response.status),
        askedMs: retryAfterMs(response.headers.get('Retry-After'), now()),
      }
    } catch (error) {
      signal?.throwIfAborted()
      return { error: new Unreachable(url, sent, key ?? null, error), passing: true, askedMs: null }
    }
  }

  return { request, urlOf, headers, policy, surroundings }
}

function parsed<T>(response: Response, text: string, key: string | undefined): Outcome<T> {
  const data = jsonOf(text)
  if (data !== undefined) return { data: data as T }
  const problem = { reason: 'not_json', detail: 'The answer is not JSON: is there a Twinloop server?' }
  const error = new RequestFailed(response.status, problem, response.headers.get('X-Request-Id'), key)
  return { error, passing: false, askedMs: null }
}

/** The error that an answer stands for. Where it is a proxy's page, say, the status is all there is. */
export function failureOf(response: Response, text: string, key?: string): RequestFailed {
  const problem = jsonOf(text)
  const members = typeof problem === 'object' && problem !== null && !Array.isArray(problem) ? problem : {}
  return new RequestFailed(response.status, { ...members }, response.headers.get('X-Request-Id'), key)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Does something that is over when its time is, or when `outer` aborts, whether it listens or not. */
function limited<T>(
  limitMs: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController()
  return new Promise<T>((resolve, reject) => {
    const end = (reason: unknown) => {
      limit.abort(reason)
      reject(reason)
    }
    const ended = () => end(outer?.reason)
    const timer = setTimeout(() => end(new Error(`no answer within ${Math.round(limitMs)} ms`)), limitMs)
    outer?.addEventListener('abort', ended)
    work(limit.signal)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer)
        outer?.removeEventListener('abort', ended)
      })
  })
}
