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
import type { AppContext } from './context.ts'
import { stamp } from './reply.ts'

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

interface Client {
  response: ServerResponse
  topics: ReadonlySet<string>
  /** Monotonic ms since when nothing could be written; null: all is well. */
  stalledSince: number | null
}

interface Frame {
  seq: number
  body: string
  /** The state without its time, to see whether it changed. */
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
  let heartbeatAt = clock.monotonic()

  const timer = setInterval(() => void tick(), TICK_MS).unref()
  const retryMs = () => 1000 + Math.floor(random.next() * 4000)

  /** Makes the frame of a topic anew if it is due. @returns the frame, and whether it says something new */
  async function refresh(
    name: string,
    topic: Topic,
    force = false,
  ): Promise<{ frame: Frame; isNew: boolean }> {
    const known = frames.get(name)
    const now = clock.monotonic()
    if (known && !force && now - known.madeAt < topic.everyMs) return { frame: known, isNew: false }
    const produced = await topic.produce()
    const state = JSON.stringify(produced)
    if (known?.state === state) {
      known.madeAt = now
      return { frame: known, isNew: false }
    }
    const body = JSON.stringify({ ...produced, at: rfc3339(clock.now()) })
    const frame = { seq: ++seq, body, state, madeAt: now }
    frames.set(name, frame)
    return { frame, isNew: true }
  }

  async function tick() {
    if (ticking || clients.size === 0) return
    ticking = true
    try {
      for (const [name, topic] of Object.entries(topics)) {
        if (!isWanted(name)) continue
        const { frame, isNew } = await refresh(name, topic)
        if (isNew) broadcast(message(name, frame), client => client.topics.has(name))
      }
      if (clock.monotonic() - heartbeatAt >= HEARTBEAT_MS) {
        heartbeatAt = clock.monotonic()
        broadcast(Buffer.from('event: heartbeat\ndata: {}\n\n'), () => true)
      }
    } catch (error) {
      observer.failed(error)
    } finally {
      ticking = false
    }
  }

  const isWanted = (name: string) => {
    for (const client of clients) if (client.topics.has(name)) return true
    return false
  }

  const message = (name: string, { seq, body }: Frame) =>
    Buffer.from(`event: ${name}\nid: ${boot}-${seq}\ndata: ${body}\n\n`)

  function broadcast(buffer: Buffer, isFor: (client: Client) => boolean) {
    let sent = 0
    for (const client of clients) if (isFor(client) && write(client, buffer)) sent++
    observer.sent(sent)
  }

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
        return topic && [name, JSON.parse((await refresh(name, topic)).frame.body)]
      })
      return Object.fromEntries((await Promise.all(entries)).filter(entry => entry !== undefined))
    },
    async open(c, names) {
      const response = c.env.outgoing as ServerResponse | undefined
      if (!response) throw new Failure('not_found', 'Streams need a connection of their own.')
      if (clients.size >= CLIENTS_MAX)
        throw new Failure('overloaded', 'Too many streams are open; poll instead.')
      const seen = c.req.header('last-event-id')
      const seenSeq = seen?.startsWith(`${boot}-`) ? Number(seen.slice(boot.length + 1)) : 0
      const missed: Buffer[] = []
      for (const name of names) {
        const topic = topics[name]
        const { frame } = topic ? await refresh(name, topic, true) : { frame: undefined }
        if (frame && !(frame.seq <= seenSeq)) missed.push(message(name, frame))
      }
      c.get('facts').stamped = true
      response.writeHead(200, {
        ...stamp(c.get('facts')),
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-cache, no-transform',
        'X-Accel-Buffering': 'no',
        Connection: 'keep-alive',
      })
      response.write(`retry: ${retryMs()}\n\n`)
      for (const buffer of missed) response.write(buffer)
      const client: Client = { response, topics: new Set(names), stalledSince: null }
      clients.add(client)
      response.once('close', () => clients.delete(client))
      return RESPONSE_ALREADY_SENT
    },
    close() {
      clearInterval(timer)
      for (const { response } of clients)
        response.end(`event: bye\ndata: ${JSON.stringify({ retry_ms: retryMs() })}\n\n`)
      clients.clear()
    },
  }
}
