/**
 * Live topics by server-sent events: each frame is made once for everybody and written straight to the
 * sockets. A frame is the whole state of its topic, so a client that missed some has lost nothing.
 */
import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Clock } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import { newSecret } from '../shared/id.ts'
import type { Random } from '../shared/random.ts'
import { type AppContext, headerOf } from './context.ts'
import { createFrames, type Frame, type Topic } from './event-frames.ts'
import { respond, stamp } from './reply.ts'
import { type Channel, inSlices, type Pace, paces, type StreamClient, writeTo } from './stream-client.ts'
import { createPollers } from './stream-pollers.ts'

export type { Topic } from './event-frames.ts'

export interface EventStreams {
  /** Opens a stream of topics. @param pace how often a topic is sent at most, in ms @throws Failure `overloaded` */
  open(c: AppContext, topics: readonly string[], pace?: Pace): Promise<Response>
  /**
   * The newest frames, for clients that poll.
   * @param visitor whose page asks, to be counted among those present; left out: no page, nobody is counted
   */
  snapshot(topics: readonly string[], visitor?: string): Promise<Record<string, unknown>>
  readonly names: readonly string[]
  readonly clients: number
  /** How many open streams follow a topic. */
  followers(topic: string): number
  /** Who is there for a topic: open streams, and whose pages polled it in the last ten seconds. */
  presence(topic: string): { streaming: number; polling: number }
  /** Says goodbye to everybody and stops. */
  close(): void
}

export interface StreamObserver {
  sent(frames: number): void
  dropped(): void
  failed(error: unknown): void
}

const TICK_MS = 250
/** A tick may come a little early; a frame that is due in so little is due. */
const EARLY_MS = 50
const HEARTBEAT_MS = 15_000
const CLIENTS_MAX = 10_000

const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
}

export interface EventStreamsOptions {
  topics: Record<string, Topic>
  clock: Clock
  random: Random
  observer: StreamObserver
}

export function createEventStreams({ topics, clock, random, observer }: EventStreamsOptions): EventStreams {
  const boot = newSecret().slice(0, 8)
  const clients = new Set<StreamClient>()
  const channels = new Map<string, Channel>()
  const frames = createFrames(topics, clock, boot)
  const pollers = createPollers(clock)
  let ticking = false
  let closed = false
  let heartbeatAt = clock.monotonic()

  const timer = setInterval(() => void tick(), TICK_MS).unref()
  const retryMs = () => 1000 + Math.floor(random.next() * 4000)

  function channelOf(topic: string, pace: Pace): Channel {
    const everyMs = Math.max(topics[topic]?.everyMs ?? 0, pace)
    const key = `${topic} ${everyMs}`
    const known = channels.get(key)
    if (known) return known
    const channel: Channel = {
      topic,
      everyMs,
      followers: new Map(),
      behind: new Set(),
      frame: null,
      askedAt: clock.monotonic(),
    }
    channels.set(key, channel)
    return channel
  }

  async function tick() {
    if (ticking || clients.size === 0) return
    ticking = true
    try {
      for (const channel of channels.values()) await serve(channel)
      if (clock.monotonic() - heartbeatAt >= HEARTBEAT_MS) {
        heartbeatAt = clock.monotonic()
        const beat = Buffer.from('event: heartbeat\ndata: {}\n\n')
        await inSlices(clients, client => void write(client, beat))
      }
    } finally {
      ticking = false
    }
  }

  /** Makes nothing for nobody: a topic is produced only when somebody follows it and it is due. */
  async function serve(channel: Channel) {
    if (channel.followers.size === 0) return
    try {
      const now = clock.monotonic()
      if (now - channel.askedAt >= channel.everyMs - EARLY_MS) {
        channel.askedAt = now
        const frame = await frames.newest(channel.topic)
        if (frame !== channel.frame) {
          channel.frame = frame
          channel.behind.clear()
          return await send(channel, frame, channel.followers.keys())
        }
      }
      if (channel.frame && channel.behind.size > 0) await send(channel, channel.frame, channel.behind)
    } catch (error) {
      observer.failed(error)
    }
  }

  /** Who is not reading now gets it, or what is newer by then, when it reads on. */
  async function send(channel: Channel, frame: Frame, to: Iterable<StreamClient>) {
    const { topic, followers, behind } = channel
    const buffer = frames.message(topic, frame)
    let reached = 0
    await inSlices(to, client => {
      const has = followers.get(client)
      const isSent = has !== undefined && has < frame.seq && write(client, buffer)
      if (isSent) {
        followers.set(client, frame.seq)
        reached++
      }
      if (isSent || (has ?? 0) >= frame.seq) behind.delete(client)
      else if (followers.has(client)) behind.add(client)
    })
    if (reached > 0) observer.sent(reached)
  }

  /** A client that has not read the last frame misses this one; one that never reads is let go. */
  function write(client: StreamClient, buffer: Buffer): boolean {
    const result = writeTo(client, buffer, clock)
    if (result === 'stalled') {
      forget(client)
      client.response.destroy()
      observer.dropped()
    }
    return result === 'written'
  }

  function forget(client: StreamClient) {
    clients.delete(client)
    for (const { followers, behind } of client.channels) {
      followers.delete(client)
      behind.delete(client)
    }
  }

  function followers(topic: string): number {
    let count = 0
    for (const channel of channels.values()) if (channel.topic === topic) count += channel.followers.size
    return count
  }

  return {
    names: Object.keys(topics),
    get clients() {
      return clients.size
    },
    followers,
    presence: topic => ({ streaming: followers(topic), polling: pollers.count(topic) }),
    async snapshot(names, visitor) {
      const entries = names.map(async name => {
        if (visitor !== undefined) pollers.note(name, visitor)
        return [name, frames.body(await frames.newest(name))]
      })
      return Object.fromEntries(await Promise.all(entries))
    },
    async open(c, names, pace = paces[0]) {
      if (closed) throw new Failure('stopping', 'The server is stopping.')
      if (c.req.method === 'HEAD') return respond(c, '', { headers: streamHeaders })
      const response = c.env?.outgoing as ServerResponse | undefined
      if (!response) throw new Failure('not_found', 'Streams need a connection of their own.')
      if (clients.size >= CLIENTS_MAX)
        throw new Failure('overloaded', 'Too many streams are open; poll instead.')
      const seen = headerOf(c, 'last-event-id')
      const seenSeq = seen?.startsWith(`${boot}-`) ? Number(seen.slice(boot.length + 1)) : 0
      const state = await Promise.all(
        names.map(async name => ({ name, frame: await frames.fresh(name), channel: channelOf(name, pace) })),
      )
      if (closed) throw new Failure('stopping', 'The server is stopping.')
      if (response.destroyed) return RESPONSE_ALREADY_SENT
      const missed = state.filter(({ frame }) => !(frame.seq <= seenSeq))
      const facts = c.get('facts')
      facts.stamped = true
      response.writeHead(200, { ...stamp(facts), ...streamHeaders, Connection: 'keep-alive' })
      response.write(`retry: ${retryMs()}\n\n`)
      for (const { name, frame } of missed) response.write(frames.message(name, frame))
      const client: StreamClient = {
        response,
        channels: state.map(({ channel }) => channel),
        stalledSince: null,
      }
      clients.add(client)
      for (const { channel, frame } of state) {
        channel.followers.set(client, frame.seq)
        // The others had a newer one while this client was waiting for its other topics.
        if (channel.frame && channel.frame.seq > frame.seq) channel.behind.add(client)
      }
      response.once('close', () => forget(client))
      return RESPONSE_ALREADY_SENT
    },
    close() {
      closed = true
      clearInterval(timer)
      for (const client of clients) {
        forget(client)
        client.response.end(`event: bye\ndata: ${JSON.stringify({ retry_ms: retryMs() })}\n\n`)
      }
    },
  }
}
