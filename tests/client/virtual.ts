/** A client of a whole server in this process, over a network that fails as a test wants, in a time that the test owns. */
import { setImmediate as turn } from 'node:timers/promises'
import { type ClientOptions, createClient, type Fetch, type Surroundings } from '../../src/client/index.ts'
import type { FakeClock } from '../support/fake-clock.ts'
import type { World } from '../support/world.ts'

export const SERVER = 'http://twinloop.test'

/** A request on its way, and how it gets there. */
export type Fault = (send: () => Promise<Response>, init: RequestInit) => Promise<Response>

/** What the network does to the next requests, in their order; to all that follow: nothing. */
export interface Network {
  fetch: Fetch
  faults: Fault[]
  /** What was asked, as `METHOD /path`. */
  asked: string[]
  /** The headers of each. */
  headers: Record<string, string>[]
}

export function networkOf(world: World): Network {
  const network: Network = {
    faults: [],
    asked: [],
    headers: [],
    fetch(url, init) {
      const path = url.slice(SERVER.length)
      network.asked.push(`${init.method ?? 'GET'} ${path}`)
      network.headers.push({ ...(init.headers as Record<string, string>) })
      const send = async () => world.app.app.request(path, { ...init, signal: null })
      return network.faults.shift()?.(send, init) ?? send()
    },
  }
  return network
}

/** The server decides, and nobody hears what. */
export const answerLost: Fault = async send => {
  await send()
  throw new TypeError('the connection broke')
}
/** The server hears nothing. */
export const requestLost: Fault = async () => {
  throw new TypeError('no connection')
}
export const answered =
  (status: number, headers: Record<string, string> = {}, body = 'not today'): Fault =>
  async () =>
    new Response(body, { status, headers })
/** Nothing comes before the attempt is given up. */
export const silence: Fault = (_send, { signal }) =>
  new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))

export interface VirtualTime extends Pick<Surroundings, 'now' | 'sleep' | 'random'> {
  /** The waits that somebody waited for, in ms. */
  waits: number[]
  /** Lets time pass, in which whatever is due happens in its order. */
  pass(ms: number): Promise<void>
}

/** Waits that a call makes are over at once, and the time has passed; those in the background wait for `pass`. */
export function virtualTime(clock: FakeClock, chance = 0.5): VirtualTime {
  const timers = new Set<{ at: number; ring: () => void }>()
  const settle = async () => {
    for (let round = 0; round < 10; round++) await turn()
  }
  const waits: number[] = []
  return {
    now: clock.now,
    random: () => chance,
    waits,
    async sleep(ms, { signal, background } = {}) {
      if (signal?.aborted) return
      if (!background) {
        waits.push(ms)
        clock.advance(ms)
        await turn()
        return
      }
      await new Promise<void>(resolve => {
        const ring = () => {
          timers.delete(timer)
          signal?.removeEventListener('abort', ring)
          resolve()
        }
        const timer = { at: clock.now() + ms, ring }
        timers.add(timer)
        signal?.addEventListener('abort', ring)
      })
    },
    async pass(ms) {
      const until = clock.now() + ms
      for (;;) {
        await settle()
        const [next] = [...timers].sort((a, b) => a.at - b.at)
        if (!next || next.at > until) break
        clock.advance(Math.max(0, next.at - clock.now()))
        next.ring()
      }
      clock.advance(Math.max(0, until - clock.now()))
      await settle()
    },
  }
}

/** All three together. */
export function virtualClient(world: World, options: Partial<ClientOptions> = {}) {
  const network = networkOf(world)
  const time = virtualTime(world.clock)
  const { now, sleep, random } = time
  const client = createClient({ url: SERVER, fetch: network.fetch, now, sleep, random, ...options })
  return { client, network, time }
}
