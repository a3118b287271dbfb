/** The generator's way to a broker, by MQTT 3.1.1. */
import { connect } from 'mqtt'
import '../../shared/buffer-pool.ts'
import type { Publish } from './sender.ts'

export interface PublisherOptions {
  /** `mqtt://localhost:1883` */
  url: string
  user: string
  password: string
  /** At the broker one connection has this name. */
  clientId: string
}

export interface Publisher {
  /** QoS 1. Rejects when there is no connection within OPENS_MS; one that is lost meanwhile is waited for. */
  publish: Publish
  readonly connected: boolean
  stop(): Promise<void>
}

const RECONNECT_MS = 1000
const CONNECT_MS = 5000
/** A start, or a broker that starts anew, is no trouble. */
const OPENS_MS = 5000
const KEEPALIVE_S = 30
const STOP_MS = 2000

/** Connects in the background, again and again. */
export function mqttPublisher({ url, user, password, clientId }: PublisherOptions): Publisher {
  let why = 'not connected yet'
  let opening: Promise<void> | null = null
  const client = connect(url, {
    clientId,
    username: user,
    password,
    protocolVersion: 4,
    clean: true,
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_MS,
    reconnectPeriod: RECONNECT_MS,
    // A password that is not taken yet may be taken later: the server may be starting anew.
    reconnectOnConnackError: true,
    queueQoSZero: false,
    log: () => {},
  })
  client.on('error', error => {
    why = error.message
  })
  client.on('connect', () => {
    why = 'the connection was closed'
  })
  /** One wait for all who want to publish. */
  const opened = () =>
    new Promise<void>((resolve, reject) => {
      const settle = (end: () => void) => () => {
        opening = null
        clearTimeout(timer)
        client.removeListener('connect', onOpen)
        end()
      }
      const onOpen = settle(resolve)
      const timer = setTimeout(
        settle(() => reject(new Error(why))),
        OPENS_MS,
      )
      client.once('connect', onOpen)
    })

  return {
    get connected() {
      return client.connected
    },
    async publish(topic, payload) {
      if (!client.connected) {
        opening ??= opened()
        await opening
      }
      await client.publishAsync(topic, payload, { qos: 1 })
    },
    async stop() {
      // With something unacknowledged the client would wait for it, for ever.
      const ended = client.endAsync(Object.keys(client.outgoing).length > 0)
      const late = new Promise<void>(resolve => setTimeout(resolve, STOP_MS).unref())
      await Promise.race([ended, late.then(() => client.endAsync(true))])
    },
  }
}
