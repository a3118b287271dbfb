/**
 * One message for everybody by WebSocket: made once, sent when it has changed, and now and then when it has not.
 * Each message is the whole state, so a client that missed some has lost nothing. What clients say is ignored.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '../shared/clock.ts'
import { addressBehind } from './forwarded.ts'
import { isLoopback, networkOf } from './network.ts'
import { isOtherOrigin } from './same-site.ts'
import type { Upgrades } from './server.ts'
import { inSlices } from './stream-client.ts'
import { refuseUpgrade } from './upgrade.ts'
import { createMessages, type Message } from './websocket-messages.ts'

/** Why a connection ended. A closed set: it may be a label of a metric. */
export const closeReasons = ['left', 'slow', 'silent', 'flood', 'stopping'] as const
export type CloseReason = (typeof closeReasons)[number]

export interface WebSocketObserver {
  opened(): void
  /** Refused before it was open: there are too many, or too many from its address. */
  refused(): void
  closed(reason: CloseReason): void
  sent(messages: number): void
  failed(error: unknown): void
}

export interface WebSocketOptions {
  /** The only address that speaks WebSocket. */
  path: string
  /** What everybody is sent. Messages that differ in their time only are the same. */
  produce: () => Promise<{ timestamp: string }>
  clock: Clock
  observer: WebSocketObserver
  trustedProxies: number
  limits?: Partial<WebSocketLimits>
}

export interface WebSocketLimits {
  connections: number
  /** From one address (an audience may share one), so that nobody takes all. This machine itself is not limited. */
  perAddress: number
  /** The least time between two messages, in ms. */
  everyMs: number
  /** The most time between two messages, in ms. */
  atLeastEveryMs: number
  /** Who has not answered a ping when the next is due is let go, in ms. */
  pingEveryMs: number
  unreadBytes: number
  /** Of what a client says between two pings. */
  clientMessages: number
}

export const websocketLimits: WebSocketLimits = {
  connections: 2000,
  perAddress: 1000,
  everyMs: 2000,
  atLeastEveryMs: 30_000,
  pingEveryMs: 30_000,
  unreadBytes: 256 * 1024,
  clientMessages: 100,
}

export interface WebSocketFeed extends Upgrades {
  readonly active: number
  readonly max: number
}

interface Client {
  socket: WebSocket
  network: string | null
  /** The number of the newest message that it was sent. */
  seq: number
  /** Monotonic ms. */
  sentAt: number
  isAlive: boolean
  said: number
}

const CLIENT_MESSAGE_MAX_BYTES = 1024
const GOODBYE_MS = 1000
/** A tick may come a little early. */
const EARLY_MS = 50

export function createWebSocketFeed(options: WebSocketOptions): WebSocketFeed {
  const { path, produce, clock, observer, trustedProxies } = options
  const limits = { ...websocketLimits, ...options.limits }
  const serverOptions = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: CLIENT_MESSAGE_MAX_BYTES,
    // Who does not answer a goodbye is let go.
    closeTimeout: GOODBYE_MS,
  }
  const server = new WebSocketServer(serverOptions)
  const clients = new Set<Client>()
  const networks = new Map<string, number>()
  const messages = createMessages(produce, clock, limits)
  let isTicking = false
  let isClosed = false

  const ticks = setInterval(() => void tick(), limits.everyMs).unref()
  const pings = setInterval(() => void ping(), limits.pingEveryMs).unref()

  async function tick() {
    if (isTicking || clients.size === 0) return
    isTicking = true
    try {
      const message = await messages.newest()
      let sent = 0
      await inSlices(clients, client => {
        const isDue = clock.monotonic() - client.sentAt >= limits.everyMs - EARLY_MS
        if (isDue && send(client, message)) sent++
      })
      if (sent > 0) observer.sent(sent)
    } catch (error) {
      observer.failed(error)
    } finally {
      isTicking = false
    }
  }

  function send(client: Client, message: Message): boolean {
    const { socket } = client
    if (client.seq >= message.seq || socket.readyState !== socket.OPEN) return false
    if (socket.bufferedAmount > limits.unreadBytes) {
      leave(client, 'slow')
      return false
    }
    client.seq = message.seq
    client.sentAt = clock.monotonic()
    socket.send(message.data, { binary: false })
    return true
  }

  /** A connection that is gone without a word is noticed by nothing else. */
  const ping = () =>
    inSlices(clients, client => {
      if (!client.isAlive) return leave(client, 'silent')
      client.isAlive = false
      client.said = 0
      client.socket.ping()
    })

  function leave(client: Client, reason: CloseReason) {
    forget(client, reason)
    client.socket.terminate()
  }

  function forget(client: Client, reason: CloseReason) {
    if (!clients.delete(client)) return
    const { network } = client
    if (network !== null) {
      const left = (networks.get(network) ?? 1) - 1
      if (left === 0) networks.delete(network)
      else networks.set(network, left)
    }
    observer.closed(reason)
  }

  function networkOfRequest(request: IncomingMessage): string | null {
    const peer = request.socket.remoteAddress ?? ''
    const forwarded = request.headers['x-forwarded-for']
    const address = addressBehind(peer, [forwarded].flat().join(',') || undefined, trustedProxies)
    return trustedProxies === 0 && isLoopback(address) ? null : networkOf(address)
  }

  function isFromOtherSite({ headers }: IncomingMessage): boolean {
    const { origin } = headers
    return origin !== undefined && isOtherOrigin(origin, name => [headers[name]].flat()[0])
  }

  function welcome(socket: WebSocket, network: string | null) {
    const client: Client = { socket, network, seq: 0, sentAt: 0, isAlive: true, said: 0 }
    clients.add(client)
    if (network !== null) networks.set(network, (networks.get(network) ?? 0) + 1)
    observer.opened()
    socket.on('pong', () => {
      client.isAlive = true
    })
    socket.on('message', () => {
      if (++client.said > limits.clientMessages) leave(client, 'flood')
    })
    // What a client sends that is not WebSocket, or too long, closes it; `close` follows.
    socket.on('error', () => {})
    socket.on('close', () => forget(client, isClosed ? 'stopping' : 'left'))
    messages.newest().then(
      message => void (send(client, message) && observer.sent(1)),
      error => observer.failed(error),
    )
  }

  return {
    get active() {
      return clients.size
    },
    max: limits.connections,
    upgrade(request, socket: Duplex, head) {
      if (request.url?.split('?')[0] !== path) return refuseUpgrade(socket, '404 Not Found')
      // What is said here is for everybody, but not for another site's page in a browser of this network.
      if (isFromOtherSite(request)) return refuseUpgrade(socket, '403 Forbidden')
      const network = networkOfRequest(request)
      const fromThere = network === null ? 0 : (networks.get(network) ?? 0)
      if (isClosed || clients.size >= limits.connections || fromThere >= limits.perAddress) {
        observer.refused()
        return refuseUpgrade(socket, '503 Service Unavailable')
      }
      server.handleUpgrade(request, socket, head, opened => welcome(opened, network))
    },
    async close() {
      if (isClosed) return
      isClosed = true
      clearInterval(ticks)
      clearInterval(pings)
      const open = [...clients]
      if (open.length === 0) return
      const gone = open.map(({ socket }) => new Promise(resolve => socket.once('close', resolve)))
      for (const { socket } of open) socket.close(1001, 'The server is stopping')
      await Promise.all(gone)
    },
  }
}
