/** What everybody who does something to the server is handed. */
import { setMaxListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { type Dice, dice } from '../../tests/support/hostile-requests.ts'
import type { Client } from './client.ts'
import type { Soaked } from './server.ts'

export interface Room {
  server: Soaked
  client: Client
  /** Chance of their own for each by its name: the same for the same seed. */
  diceOf(name: string): Dice
  /** Counts what was done, for the report. */
  did(what: string): void
  readonly deeds: ReadonlyMap<string, number>
  /** Goes on until the load is over. */
  readonly isOpen: boolean
  /** Resolves when the load is over. */
  readonly closed: Promise<void>
  /** Sleeps; sooner when the load is over. */
  rest(ms: number): Promise<void>
  /** No more load. */
  close(): void
}

export function createRoom(server: Soaked, client: Client, seed: number): Room {
  const deeds = new Map<string, number>()
  const over = new AbortController()
  // Hundreds sleep on it at the same time.
  setMaxListeners(0, over.signal)
  return {
    server,
    client,
    diceOf: name => dice([...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, seed)),
    did: what => void deeds.set(what, (deeds.get(what) ?? 0) + 1),
    deeds,
    get isOpen() {
      return !over.signal.aborted && server.death === null
    },
    closed: new Promise(resolve => over.signal.addEventListener('abort', () => resolve())),
    rest: ms => wait(ms, undefined, { signal: over.signal }).catch(() => {}),
    close: () => over.abort(),
  }
}
