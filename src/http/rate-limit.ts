import { isIP } from 'node:net'
import type { MiddlewareHandler } from 'hono'
import type { Clock } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import type { AppContext, AppEnv } from './context.ts'

export interface RateLimitOptions {
  /** Requests a second for one session; 0: no limits. */
  perSecond: number
  clock: Clock
  sessionOf: (c: AppContext) => string | null
  /** Whether requests from this machine itself count too, as they do behind a local proxy. */
  countLoopback: boolean
}

const BURST_SECONDS = 5
/** A whole audience may share one address, so an address may do as much as this many sessions. */
const SESSIONS_PER_ADDRESS = 200
const CLIENTS_MAX = 20_000

/** Limits each browser session, and far above that each address (for clients without a session). */
export function rateLimit({
  perSecond,
  clock,
  sessionOf,
  countLoopback,
}: RateLimitOptions): MiddlewareHandler<AppEnv> {
  if (perSecond === 0) return (_c, next) => next()
  const sessions = tokenBuckets(perSecond, clock)
  const addresses = tokenBuckets(perSecond * SESSIONS_PER_ADDRESS, clock)
  return (c, next) => {
    const { address } = c.get('facts')
    if (!countLoopback && isLoopback(address)) return next()
    const session = sessionOf(c)
    // The session first: what it is refused takes nothing from the others at its address.
    const waitMs = (session === null ? 0 : sessions.take(session)) || addresses.take(networkOf(address))
    if (waitMs === 0) return next()
    const seconds = Math.ceil(waitMs / 1000)
    throw new Failure('rate_limited', `Too many requests; try again in ${seconds} s.`, {
      retry_after_seconds: seconds,
    })
  }
}

/** Bounded token buckets: the clients heard of longest ago are forgotten first. */
function tokenBuckets(perSecond: number, clock: Clock) {
  const burst = perSecond * BURST_SECONDS
  const clients = new Map<string, { tokens: number; at: number }>()
  return {
    /** Takes one token. @returns 0, or the ms until there is one */
    take(client: string): number {
      const at = clock.monotonic()
      const known = clients.get(client)
      const bucket = known ?? { tokens: burst, at }
      bucket.tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * perSecond)
      bucket.at = at
      if (known) clients.delete(client)
      else if (clients.size >= CLIENTS_MAX)
        for (const oldest of clients.keys()) {
          clients.delete(oldest)
          break
        }
      clients.set(client, bucket)
      if (bucket.tokens < 1) return ((1 - bucket.tokens) / perSecond) * 1000
      bucket.tokens--
      return 0
    },
  }
}

/** Whether it is this machine itself. */
export const isLoopback = (address: string) => address === '::1' || /^(::ffff:)?127\./.test(address)

/** One IPv6 customer has a whole /64: the first four of eight groups, with what `::` stands for filled in. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6 || address.startsWith('::ffff:')) return address
  const [head = '', tail] = address.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(zeros).fill('0'), ...groups(tail ?? '')]
  return all
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')
}
