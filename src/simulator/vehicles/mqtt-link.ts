/** The link of a vehicle by MQTT 3.1.1. */
import { connect, type ErrorWithReasonCode } from 'mqtt'
import '../../shared/buffer-pool.ts'
import type { Connect, LinkEnd } from './link.ts'

/** The broker misses a vehicle after one and a half of it; outages are noticed long before. */
const KEEPALIVE_S = 120
const CONNECT_MS = 30_000
/** CONNACK: bad user name or password, not authorized. */
const refusals: readonly unknown[] = [4, 5]

/**
 * Each link is one connection and keeps nothing for the next: what was not acknowledged is kept by the vehicle, which
 * sends the same bytes again. So the client's own reconnecting, resubscribing and queueing are off.
 * @param url `mqtt://localhost:1883`
 */
export const mqttConnect =
  (url: string): Connect =>
  ({ vehicle, password, will, onOpen, onMessage, onEnd }) => {
    let end: LinkEnd = { kind: 'lost', message: 'the connection was closed' }
    let ended = false
    const client = connect(url, {
      clientId: vehicle,
      username: vehicle,
      password,
      protocolVersion: 4,
      clean: true,
      keepalive: KEEPALIVE_S,
      reschedulePings: false,
      timerVariant: 'native',
      connectTimeout: CONNECT_MS,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: will.retain },
      log: () => {},
    })
    client.on('connect', onOpen)
    client.on('message', (topic, payload) => onMessage(topic, payload.toString()))
    client.on('error', error => {
      const refused = refusals.includes((error as ErrorWithReasonCode).code)
      end = { kind: refused ? 'refused' : 'lost', message: error.message }
    })
    client.on('close', () => {
      if (ended) return
      ended = true
      onEnd(end)
    })
    return {
      publish: ({ topic, payload, retain }, acknowledged) =>
        void client.publish(topic, payload, { qos: 1, retain }, error => {
          if (!error) acknowledged()
        }),
      subscribe: (topics, subscribed) =>
        void client.subscribe([...topics], { qos: 1 }, error => {
          if (error) client.stream.destroy()
          else subscribed()
        }),
      // With something unacknowledged the client would wait for it, for ever.
      close: () => void client.end(Object.keys(client.outgoing).length > 0),
      destroy: () => void client.end(true),
    }
  }
