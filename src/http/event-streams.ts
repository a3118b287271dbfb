/**
 * Live topics by server-sent events: each frame is made once for everybody and written straight to the
 * sockets. A frame is the whole state of its topic, so a client that missed some has lost nothing.
 */
import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Clock } from '../shared/clock.ts'
import { rfc3339 } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import { newSecret } from '../shared/id.ts'
import type { Random } from '../shared/random.ts'
import { type AppContext, headerOf } from './context.ts'
import { respond, stamp } from './reply.ts'

export interface Topic {
  /** How often it may be sent, in ms. A frame that says nothing new is not sent. */
  everyMs: number
  produce: () => Promise<object>
}

export interface EventStreams {
  /** Opens a stream of topics. @throws Failure `overloaded` */
  open(c: AppContext, topics: readonly string[]): Promise<Response>
  /** The newest frames, for clients that poll. */
  snapshot(topics: readonly string[]): Promise<Record<string, unknown>>
  readonly names: readonly string[]
  readonly clients: number
  /** Says goodbye to everybody and stops. */
  close(): void
}

export interface StreamObserver {
  sent(frames: number): void
  dropped(): void
  failed(error: unknown): void
}

const TICK_MS = 250
const HEARTBEAT_MS = 15_000
const CLIENTS_MAX = 10_000
const UNREAD_MAX_BYTES = 256 * 1024
const STALLED_MAX_MS = 30_000

const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
}

interface Client {
  response: ServerResponse
  /** The topics it follows, each with the newest frame it was sent. */
  sent: Map<string, number>
  /** Monotonic ms since when nothing could be written; null: all is well. */
  stalledSince: number | null
}

interface Frame {
  seq: number
  /** What was produced, as text; its time is added when it is sent. */
  state: string
  madeAt: number
}

export interface EventStreamsOptions {
  topics: Record<string, Topic>
  clock: Clock
  random: Random
  observer: StreamObserver
}

export function createEventStreams({ topics, clock, random, observer }: EventStreamsOptions): EventStreams {
  const boot = newSecret().slice(0, 8)
  const clients = new Set<Client>()
  const frames = new Map<string, Frame>()
  let seq = 0
  let ticking = false
  let closed = false
  let heartbeatAt = clock.monotonic()

  const timer = setInterval(() => void tick(), TICK_MS).unref()
  const retryMs = () => 1000 + Math.floor(random.next() * 4000)

  /** The newest frame of a topic, made anew if it is due. */
  async function refresh(name: string, { everyMs, produce }: Topic, force = false): Promise<Frame> {
    const known = frames.get(name)
    const now = clock.monotonic()
    if (known && !force && now - known.madeAt < everyMs) return known
    const produced = await produce()
    const state = JSON.stringify(produced)
    if (known?.state === state) {
      known.madeAt = now
      return known
    }
    const frame = { seq: ++seq, state, madeAt: now }
    frames.set(name, frame)
    return frame
  }

  async function tick() {
    if (ticking || clients.size === 0) return
    ticking = true
    try {
      for (const [name, topic] of Object.entries(topics)) {
        const followers = Array.from(clients).filter(({ sent }) => sent.has(name))
        if (followers.length > 0) send(followers, name, await refresh(name, topic))
      }
      if (clock.monotonic() - heartbeatAt >= HEARTBEAT_MS) {
        heartbeatAt = clock.monotonic()
        const beat = Buffer.from('event: heartbeat\ndata: {}\n\n')
        for (const client of clients) write(client, beat)
      }
    } catch (error) {
      observer.failed(error)
    } finally {
      ticking = false
    }
  }

  /** Sends a frame to those who have not had it yet, also to one that was not reading when it was new. */
  function send(followers: readonly Client[], name: string, frame: Frame) {
    const behind = followers.filter(({ sent }) => sent.get(name) !== frame.seq)
    if (behind.length === 0) return
    const buffer = message(name, frame)
    const reached = behind.filter(client => write(client, buffer))
    for (const { sent } of reached) sent.set(name, frame.seq)
    observer.sent(reached.length)
  }

  /** The frame as it is sent now: it is true at this moment, however long nothing has changed. */
  const bodyOf = ({ state }: Frame) => JSON.stringify({ ...JSON.parse(state), at: rfc3339(clock.now()) })

  const message = (name: string, frame: Frame) =>
    Buffer.from(`event: ${name}\nid: ${boot}-${frame.seq}\ndata: ${bodyOf(frame)}\n\n`)

  /** A client that has not read the last frame misses this one; one that never reads is let go. */
  function write(client: Client, buffer: Buffer): boolean {
    const { response } = client
    if (response.writableNeedDrain) {
      client.stalledSince ??= clock.monotonic()
      const stalledMs = clock.monotonic() - client.stalledSince
      if (response.writableLength > UNREAD_MAX_BYTES || stalledMs > STALLED_MAX_MS) {
        clients.delete(client)
        response.destroy()
        observer.dropped()
      }
      return false
    }
    client.stalledSince = null
    response.write(buffer)
    return true
  }

  return {
    names: Object.keys(topics),
    get clients() {
      return clients.size
    },
    async snapshot(names) {
      const entries = names.map(async name => {
        const topic = topics[name]
        return topic && [name, JSON.parse(bodyOf(await refresh(name, topic)))]
      })
      return Object.fromEntries((await Promise.all(entries)).filter(entry => entry !== undefined))
    },
    async open(c, names) {
      if (closed) throw new Failure('stopping', 'The server is stopping.')
      if (c.req.method === 'HEAD') return respond(c, '', { headers: streamHeaders })
      const response = c.env?.outgoing as ServerResponse | undefined
      if (!response) throw new Failure('not_found', 'Streams need a connection of their own.')
      if (clients.size >= CLIENTS_MAX)
        throw new Failure('overloaded', 'Too many streams are open; poll instead.')
      const seen = headerOf(c, 'last-event-id')
      const seenSeq = seen?.startsWith(`${boot}-`) ? Number(seen.slice(boot.length + 1)) : 0
      const missed: string[] = []
      const sent = new Map<string, number>()
      for (const name of names) {
        const topic = topics[name]
        if (!topic) continue
        const frame = await refresh(name, topic, true)
        sent.set(name, frame.seq)
        if (!(frame.seq <= seenSeq)) missed.push(message(name, frame).toString())
      }
      const facts = c.get('facts')
      facts.stamped = true
      response.writeHead(200, { ...stamp(facts), ...streamHeaders, Connection: 'keep-alive' })
      response.write(`retry: ${retryMs()}\n\n${missed.join('')}`)
      const client: Client = { response, sent, stalledSince: null }
      clients.add(client)
      response.once('close', () => clients.delete(client))
      return RESPONSE_ALREADY_SENT
    },
    close() {
      closed = true
      clearInterval(timer)
      for (const { response } of clients)
        response.end(`event: bye\ndata: ${JSON.stringify({ retry_ms: retryMs() })}\n\n`)
      clients.clear()
    },
  }
}
