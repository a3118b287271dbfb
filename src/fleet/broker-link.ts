import { createBrokerClient } from '../mqtt/broker-client.ts'
import { createEmbeddedBroker } from '../mqtt/embedded-broker.ts'
import type { Link, Receive } from '../mqtt/link.ts'
import { sameSecret } from '../shared/id.ts'
import { devicePassword, SERVER_NAME, serverPassword } from '../vehicle/credentials.ts'
import { mayPublish, maySubscribe, uplinkFilters, VEHICLE_ID } from '../vehicle/topics.ts'
import type { FleetEvents } from './events.ts'

/** Which broker, and where. */
export type BrokerSettings =
  | { kind: 'embedded'; host: string; port: number; orAnyPort: boolean }
  /** Without a user the server signs in as it is called in `mosquitto/acl`, with a password from the key. */
  | { kind: 'remote'; url: string; user: string | null; password: string | null }
  /** No broker at all: what carries the messages is handed in. @param receive takes what vehicles say */
  | { kind: 'given'; link: (receive: Receive) => Link }

/** Where a vehicle on this machine connects; empty: nowhere. @param port that the embedded broker listens on */
export function urlHere(settings: BrokerSettings, port: number | null): string {
  if (settings.kind === 'remote') return settings.url
  if (settings.kind === 'given') return ''
  const { host } = settings
  if (host === '0.0.0.0' || host === '::') return `mqtt://127.0.0.1:${port}`
  return `mqtt://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The broker that was chosen, with the fleet's rules: each vehicle signs in and speaks for itself only. */
export function brokerLink(
  settings: BrokerSettings,
  key: string,
  receive: Receive,
  events: Pick<FleetEvents, 'refused' | 'brokerChanged'>,
): Link {
  if (settings.kind === 'given') return settings.link(receive)
  if (settings.kind === 'remote')
    return createBrokerClient({
      url: settings.url,
      user: settings.user ?? SERVER_NAME,
      password: settings.user === null ? serverPassword(key) : settings.password,
      clientId: SERVER_NAME,
      filters: uplinkFilters,
      receive,
      changed: events.brokerChanged,
    })
  return createEmbeddedBroker({
    ...settings,
    devices: {
      authenticate: (device, password) =>
        VEHICLE_ID.test(device) && sameSecret(password, devicePassword(key, device)),
      mayPublish,
      maySubscribe,
    },
    receive,
    refused: events.refused,
  })
}
