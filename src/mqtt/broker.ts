/** The server's one broker, for all who talk over it. */
import { createBrokerClient } from './broker-client.ts'
import { type BrokerRefusal, createEmbeddedBroker } from './embedded-broker.ts'
import type { Link, Message, Receive } from './link.ts'

/** Who talks over the broker, and by which rules. Each has devices and topics of its own. */
export interface Party {
  readonly name: string
  /** What the server listens to, at another broker. */
  readonly filters: readonly string[]
  /** Whether what comes on this topic is for this party. */
  owns(topic: string): boolean
  /** Whether this is a device of the party: from then on it has the party's rights, and no other's. */
  authenticate(device: string, password: string): boolean
  mayPublish(device: string, topic: string): boolean
  maySubscribe(device: string, filter: string): boolean
  receive: Receive
  /** Told of the party's devices; the first party is told of those that are nobody's. */
  refused(reason: BrokerRefusal, device: string | null): void
  /** Told when the connection to another broker comes and goes. */
  changed(connected: boolean, why: string): void
}

/** Which broker, and where. */
export type BrokerSettings =
  | { kind: 'embedded'; host: string; port: number; orAnyPort: boolean }
  /** Without a user the server signs in with its own account. */
  | { kind: 'remote'; url: string; user: string | null; password: string | null }

/**
 * The broker that was chosen. A topic that no party owns goes to the first of them.
 * @param account how the server signs in at another broker, and under which name that keeps its messages
 * @param parties asked for from the start on: nobody joins later
 */
export function createBroker(
  settings: BrokerSettings,
  account: { name: string; password: string },
  parties: () => readonly [Party, ...Party[]],
): Link {
  function receive(message: Message): Promise<void> {
    const all = parties()
    return (all.find(party => party.owns(message.topic)) ?? all[0]).receive(message)
  }
  if (settings.kind === 'remote')
    return createBrokerClient({
      url: settings.url,
      user: settings.user ?? account.name,
      password: settings.user === null ? account.password : settings.password,
      clientId: account.name,
      filters: () => parties().flatMap(({ filters }) => filters),
      receive,
      changed(connected, why) {
        for (const party of parties()) party.changed(connected, why)
      },
    })
  return createEmbeddedBroker<Party>({
    ...settings,
    authenticate: (device, password) => parties().find(party => party.authenticate(device, password)) ?? null,
    receive,
    refused: (reason, device, party) => (party ?? parties()[0]).refused(reason, device),
  })
}
