/** An ingestion's way to a broker that somebody else runs: in a process of its own, beside others of its kind. */
import { estatePassword, sharedFilters } from '../../machine/credentials.ts'
import { createBrokerClient } from '../../mqtt/broker-client.ts'
import type { Link, Receive } from '../../mqtt/link.ts'
import { Failure } from '../../shared/errors.ts'

export interface IngestLinkOptions {
  url: string
  /**
   * Which of several: 1 to 16 letters, digits. Its name stays its own over restarts: the broker keeps for it what it
   * had not acknowledged, and gives that to nobody else. null: the only one.
   */
  name: string | null
  /** The fleet's. */
  key: string
  /** For a broker with accounts of its own. */
  account?: { user: string; password: string }
  receive: Receive
  wait: (ms: number) => Promise<void>
  listening?: () => void
  changed: (connected: boolean, why: string) => void
}

export function createIngestLink(options: IngestLinkOptions): Link {
  const { url, name, key, account, receive, wait, listening, changed } = options
  const clientId = name === null ? 'estate-ingest' : `estate-ingest-${name}`
  return createBrokerClient({
    url,
    user: account?.user ?? clientId,
    password: account?.password ?? estatePassword(key, clientId),
    clientId,
    filters: () => sharedFilters(key),
    receive: patient(receive, wait),
    ...(listening && { listening }),
    changed,
  })
}

const AGAIN_MS = 1000

/**
 * For messages of another broker, which sends one again on the next connection only: one that was refused for the
 * moment would take a place among those under way until then. The broker bounds how many wait here
 * (`max_inflight_messages`).
 */
export const patient =
  (receive: Receive, wait: (ms: number) => Promise<void>): Receive =>
  async message => {
    for (;;)
      try {
        return await receive(message)
      } catch (error) {
        if (!(error instanceof Failure) || error.reason !== 'overloaded') throw error
        await wait(AGAIN_MS)
      }
  }
