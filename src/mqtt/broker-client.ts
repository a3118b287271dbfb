/** The server's connection to a broker that somebody else runs. */
import { connect, type IPublishPacket, type MqttClient } from 'mqtt'
import '../shared/buffer-pool.ts'
import { Failure } from '../shared/errors.ts'
import { holdAcknowledgements } from './held-acknowledgements.ts'
import type { Link, Receive } from './link.ts'

export interface BrokerClientOptions {
  url: string
  user: string | null
  password: string | null
  /** The broker keeps messages for this name while the server is away. */
  clientId: string
  /** What to listen to: asked for at the start. */
  filters: () => readonly string[]
  receive: Receive
  /** Told when the broker has taken the subscriptions. */
  listening?: () => void
  /** Told when the connection comes and goes. */
  changed: (connected: boolean, why: string) => void
}

const RECONNECT_MS = 1000
const KEEPALIVE_SECONDS = 30
const STOP_MS = 2000

/** Connects in the background, again and again: a broker that is away stops nobody from starting. */
export function createBrokerClient(options: BrokerClientOptions): Link {
  const { url, user, password, clientId, filters, receive, listening, changed } = options
  let client: MqttClient | undefined
  let why = 'not tried yet'
  let told: boolean | null = null

  /** Once for a series of attempts: a broker that is away needs no line a second. */
  function tell(connected: boolean, reason: string) {
    if (connected === told) return
    told = connected
    changed(connected, reason)
  }

  return {
    kind: 'remote',
    connections: null,
    port: null,
    url,
    get connected() {
      return client?.connected ?? false
    },
    async start() {
      const listensTo = [...filters()]
      client = connect(url, {
        clientId,
        clean: false,
        reconnectPeriod: RECONNECT_MS,
        connectTimeout: 5000,
        keepalive: KEEPALIVE_SECONDS,
        resubscribe: false,
        queueQoSZero: false,
        ...(user !== null && { username: user }),
        ...(password !== null && { password }),
      })
      const made = client
      holdAcknowledgements(made, ({ topic, payload, retain }: IPublishPacket) =>
        receive({ topic, payload: Buffer.from(payload), retain: retain ?? false }),
      )
      made.on('error', error => {
        why = error.message
      })
      made.on('connect', () => {
        why = 'the connection was closed'
        tell(true, '')
        made.subscribe(listensTo, { qos: 1 }, (error, granted) => {
          const denied = granted?.find(({ qos }) => qos > 2)
          if (error || denied) tell(false, error?.message ?? `may not listen to ${denied?.topic}`)
          else listening?.()
        })
      })
      made.on('close', () => tell(false, why))
    },
    async publish(topic, payload) {
      if (!client?.connected) throw new Failure('broker_away', `The broker is away (${why}).`)
      await client.publishAsync(topic, payload, { qos: 1 })
    },
    async stop() {
      if (!client) return
      const ending = client
      // That it goes now is no news.
      told = false
      const ended = ending.endAsync(!ending.connected)
      const late = new Promise<void>(resolve => setTimeout(resolve, STOP_MS).unref())
      await Promise.race([ended, late.then(() => ending.endAsync(true))])
    },
  }
}
