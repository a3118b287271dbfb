/** An MQTT broker in this process, for devices that sign in. */
import { createServer, type Server, type Socket } from 'node:net'
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes'
import '../shared/buffer-pool.ts'
import { Failure, StartFailure } from '../shared/errors.ts'
import { limitFrames } from './frame-limit.ts'
import type { Link, Receive } from './link.ts'

/** Why a device was turned away. A closed set: it is a label of a metric. */
export const brokerRefusals = [
  'authentication',
  'publish_denied',
  'subscribe_denied',
  'packet_too_large',
  'connections_max',
  'overloaded',
] as const
export type BrokerRefusal = (typeof brokerRefusals)[number]

/** What a device that was let in may do. */
export interface Rights {
  mayPublish(device: string, topic: string): boolean
  maySubscribe(device: string, filter: string): boolean
}

export interface EmbeddedBrokerOptions<R extends Rights> {
  host: string
  port: number
  /** Take any free port when that one is taken. */
  orAnyPort: boolean
  /** Its user name must be its client id. @returns null: it is not who it says */
  authenticate: (device: string, password: string) => R | null
  receive: Receive
  /** @param device its client id, null before it said one @param rights null: it was not let in */
  refused: (reason: BrokerRefusal, device: string | null, rights: R | null) => void
  packetMaxBytes?: number
  connectionsMax?: number
  /** How long a connection may take to say who it is. */
  connectMs?: number
  /** A device that reads nothing for so long is let go. */
  drainMs?: number
}

const PACKET_MAX_BYTES = 256 * 1024
const CONNECTIONS_MAX = 20_000
const CONNECT_MS = 10_000
const DRAIN_MS = 20_000
const KEEPALIVE_MS = 60_000
/** How long a stop waits for the messages that were taken. */
const STOP_MS = 5000
/** CONNACK codes, MQTT 3.1.1, 3.2.2.3. */
const UNAVAILABLE = 3
const NOT_AUTHORIZED = 5

export function createEmbeddedBroker<R extends Rights>(options: EmbeddedBrokerOptions<R>): Link {
  const { host, port, orAnyPort, authenticate, receive, refused } = options
  const { packetMaxBytes = PACKET_MAX_BYTES, connectionsMax = CONNECTIONS_MAX } = options
  const { connectMs = CONNECT_MS, drainMs = DRAIN_MS } = options
  const rightsOf = new WeakMap<Client, R>()
  let listening: { broker: Aedes; server: Server } | undefined
  let taking = true
  let underWay = 0
  let idle: (() => void) | undefined

  function refuse(reason: BrokerRefusal, client: Client | null): Error {
    refused(reason, client?.id ?? null, (client && rightsOf.get(client)) ?? null)
    return new Error(reason)
  }

  const handlers = {
    preConnect(
      _client: Client,
      packet: { clean?: boolean },
      done: (error: Error | null, ok: boolean) => void,
    ) {
      // No session outlives its connection: what a device should know, the server says again.
      packet.clean = true
      done(null, true)
    },
    authenticate(
      client: Client,
      username: Readonly<string | undefined>,
      password: Readonly<Buffer | undefined>,
      done: (error: AuthenticateError | null, success: boolean | null) => void,
    ) {
      if (!taking) return done(Object.assign(new Error('stopping'), { returnCode: UNAVAILABLE }), false)
      const rights = username === client.id ? authenticate(client.id, password?.toString() ?? '') : null
      if (!rights)
        return done(Object.assign(refuse('authentication', client), { returnCode: NOT_AUTHORIZED }), false)
      rightsOf.set(client, rights)
      done(null, true)
    },
    /** The broker acknowledges when this is done: after the commit. Last wills come here too. */
    authorizePublish(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void) {
      if (!client || !rightsOf.get(client)?.mayPublish(client.id, packet.topic))
        return done(refuse('publish_denied', client))
      // A message that comes while the server stops is not taken: its sender will send it again.
      if (!taking) return
      // Nobody but the server hears devices, and it keeps what they said: the broker need not keep it too.
      packet.retain = false
      const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload)
      underWay++
      receive({ topic: packet.topic, payload, retain: false })
        .then(
          () => done(null),
          () => done(refuse('overloaded', client)),
        )
        .finally(() => {
          underWay--
          if (underWay === 0) idle?.()
        })
    },
    /** What a device does not read is not kept for it: what matters, the server says again. */
    authorizeForward: (client: Client, packet: PublishPacket) =>
      (client.conn as Socket).writableNeedDrain ? null : packet,
    authorizeSubscribe(
      client: Client | null,
      subscription: { topic: string; qos: 0 | 1 | 2 },
      done: (error: Error | null, subscription?: { topic: string; qos: 0 | 1 | 2 } | null) => void,
    ) {
      if (client && rightsOf.get(client)?.maySubscribe(client.id, subscription.topic))
        return done(null, subscription)
      refuse('subscribe_denied', client)
      // Answered with 0x80, as the protocol has it; the connection stays.
      done(null, null)
    },
  }

  function accept(broker: Aedes, socket: Socket) {
    socket.setNoDelay(true)
    // A peer that vanished without a word is noticed, whatever keep-alive it asked for.
    socket.setKeepAlive(true, KEEPALIVE_MS)
    const client = broker.handle(socket)
    limitFrames(socket, client, packetMaxBytes, () => void refuse('packet_too_large', client))
  }

  function portTaken(): number | null {
    const address = listening?.server.address()
    return typeof address === 'object' && address !== null ? address.port : null
  }

  return {
    kind: 'embedded',
    get connected() {
      return listening !== undefined
    },
    get connections() {
      return listening?.broker.connectedClients ?? 0
    },
    get port() {
      return portTaken()
    },
    get url() {
      const taken = portTaken()
      return taken === null ? '' : urlHere(host, taken)
    },
    async start() {
      const broker = await Aedes.createBroker({
        ...(handlers as object),
        connectTimeout: connectMs,
        drainTimeout: drainMs,
        // Without end: a bound is shared by all, so a hundred messages that one device does not read would hold up
        // the others', and what queues behind the bound is taken off by recursion, which ends the process.
        concurrency: 0,
        maxClientsIdLength: 64,
        maxTopicLevels: 8,
      })
      // What goes wrong between a device and the broker ends its connection; there is nothing to add.
      for (const event of ['clientError', 'connectionError', 'error'] as const)
        broker.on(event as 'clientError', () => {})
      const server = createServer(socket => accept(broker, socket))
      // Whoever has not said who it is counts too.
      server.maxConnections = connectionsMax
      server.on('drop', () => void refuse('connections_max', null))
      try {
        await listenOn(server, port, host).catch(error => {
          if (!orAnyPort || error.code !== 'EADDRINUSE') throw error
          return listenOn(server, 0, host)
        })
      } catch (error) {
        await closed(broker)
        throw startFailure(error as NodeJS.ErrnoException, port, host)
      }
      listening = { broker, server }
    },
    async publish(topic, payload) {
      const { broker } = listening ?? {}
      if (!broker) throw new Failure('broker_away', 'The MQTT broker does not run.')
      await new Promise<void>((resolve, reject) => {
        broker.publish(
          { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false },
          (error?: Error) => (error ? reject(error) : resolve()),
        )
      })
    },
    async stop() {
      taking = false
      if (!listening) return
      const { broker, server } = listening
      listening = undefined
      server.close()
      if (underWay > 0) {
        const late = setTimeout(() => idle?.(), STOP_MS).unref()
        await new Promise<void>(resolve => {
          idle = resolve
        })
        clearTimeout(late)
      }
      await closed(broker)
    },
  }
}

/** The address of this machine at which what listens on `host` is reached from here. */
function urlHere(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `mqtt://127.0.0.1:${port}`
  return `mqtt://${host.includes(':') ? `[${host}]` : host}:${port}`
}

const closed = (broker: Aedes) => new Promise<void>(resolve => broker.close(() => resolve()))

const listenOn = (server: Server, port: number, host: string) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: 4096 }, () => {
      server.off('error', reject)
      resolve()
    })
  })

function startFailure(error: NodeJS.ErrnoException, port: number, host: string): unknown {
  if (error.code === 'EADDRINUSE')
    return new StartFailure(`The MQTT port ${port} is in use`, 'choose another with MQTT_PORT, or 0 for any')
  if (error.code === 'EACCES')
    return new StartFailure(`The MQTT port ${port} may not be used`, 'choose one above 1023 with MQTT_PORT')
  if (error.code === 'EADDRNOTAVAIL')
    return new StartFailure(`This machine has no address ${host}`, 'choose another with HOST')
  return error
}
