/** The pools, live: server-sent events by `fetch`, connected anew for as long as somebody reads. */
import { RequestFailed, Unreachable } from './errors.ts'
import { createEventParser } from './event-parser.ts'
import { type Connection, failureOf } from './request.ts'
import { backoffMs, isPassing } from './retry.ts'
import type { PoolsFrame } from './types.ts'

export interface WatchOptions {
  /** Ends it, without an error. */
  signal?: AbortSignal | undefined
  /** How often a change is told at most, in ms [as often as there is one, at most four times a second]. */
  everyMs?: 250 | 1000
  /** Told when the connection is lost (with the reason), and when it is back. */
  onConnection?: (state: 'live' | 'reconnecting', error?: unknown) => void
}

/** A heartbeat comes every 15 s: who is silent for longer is not there. */
const SILENCE_MS = 35_000
const pauses = { firstMs: 1000, longestMs: 30_000 }

/** @throws Unreachable, RequestFailed: where it has never been connected, and where the server refuses it for good */
export async function* watchPools(
  connection: Connection,
  { signal, everyMs, onConnection }: WatchOptions = {},
): AsyncGenerator<PoolsFrame, void, undefined> {
  const { policy, surroundings } = connection
  const { sleep, random } = surroundings
  const path = `/stream?topics=pools${everyMs === undefined ? '' : `&every=${everyMs}`}`
  let failures = 0
  let wasLive = false
  let lastId: string | null = null

  while (!signal?.aborted) {
    let byeMs: number | null = null
    try {
      for await (const { event, id, data } of streamOf(connection, path, lastId, signal)) {
        if (failures > 0 || !wasLive) onConnection?.('live')
        failures = 0
        wasLive = true
        lastId = id ?? lastId
        if (event === 'pools') yield JSON.parse(data) as PoolsFrame
        else if (event === 'bye') byeMs = Number(JSON.parse(data).retry_ms) || null
      }
      throw new Error('the server ended the stream')
    } catch (error) {
      if (signal?.aborted) return
      failures++
      const isFinal = error instanceof RequestFailed && !isPassing(error.status)
      if (isFinal || (!wasLive && failures >= policy.attempts)) throw told(error, connection, failures)
      if (wasLive) onConnection?.('reconnecting', error)
    }
    await sleep(byeMs ?? backoffMs(wasLive ? pauses : policy, failures, random()), { signal })
  }
}

const told = (error: unknown, connection: Connection, attempts: number) =>
  error instanceof RequestFailed ? error : new Unreachable(connection.urlOf(''), attempts, null, error)

/** The messages of one connection. It ends when the server ends it, and throws when it breaks or falls silent. */
async function* streamOf(
  { surroundings, urlOf, headers }: Connection,
  path: string,
  lastId: string | null,
  signal: AbortSignal | undefined,
) {
  const broken = new AbortController()
  const end = () => broken.abort(signal?.reason)
  signal?.addEventListener('abort', end)
  const silent = () => broken.abort(new Error(`nothing came for ${SILENCE_MS / 1000} s`))
  let timer = setTimeout(silent, SILENCE_MS)
  try {
    const response = await surroundings.fetch(urlOf(path), {
      headers: {
        ...headers,
        Accept: 'text/event-stream',
        ...(lastId !== null && { 'Last-Event-ID': lastId }),
      },
      signal: broken.signal,
    })
    if (!response.ok) throw failureOf(response, await response.text())
    const reader = response.body?.getReader()
    if (!reader) return
    const parse = createEventParser()
    const decoder = new TextDecoder()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      clearTimeout(timer)
      timer = setTimeout(silent, SILENCE_MS)
      yield* parse(decoder.decode(value, { stream: true }))
    }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
    broken.abort()
  }
}
