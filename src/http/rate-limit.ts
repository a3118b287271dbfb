import type { MiddlewareHandler } from 'hono'
import type { Clock } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import type { AppContext, AppEnv } from './context.ts'
import { isLoopback, networkOf } from './network.ts'
import { tokenBuckets } from './token-buckets.ts'
import { limitWrongTokens } from './wrong-tokens.ts'

export interface RateLimitOptions {
  /** Requests a second for one session; 0: no limits, but for wrong tokens. */
  perSecond: number
  clock: Clock
  sessionOf: (c: AppContext) => string | null
  /** Whether requests from this machine itself count too, as they do behind a local proxy. */
  countLoopback: boolean
}

const BURST_SECONDS = 5
/** A whole audience may share one address, so an address may do as much as this many sessions. */
const SESSIONS_PER_ADDRESS = 200

/** Limits each browser session, far above that each address (for clients without a session), and wrong tokens. */
export function rateLimit({
  perSecond,
  clock,
  sessionOf,
  countLoopback,
}: RateLimitOptions): MiddlewareHandler<AppEnv> {
  const bucketsOf = (rate: number) => tokenBuckets({ perSecond: rate, burst: rate * BURST_SECONDS, clock })
  const sessions = bucketsOf(perSecond)
  const addresses = bucketsOf(perSecond * SESSIONS_PER_ADDRESS)
  const guarded = limitWrongTokens(clock)
  return (c, next) => {
    const { address } = c.get('facts')
    if (!countLoopback && isLoopback(address)) return next()
    if (perSecond === 0) return guarded(c, next)
    const session = sessionOf(c)
    // The session first: what it is refused takes nothing from the others at its address.
    const waitMs = (session === null ? 0 : sessions.take(session)) || addresses.take(networkOf(address))
    if (waitMs === 0) return guarded(c, next)
    const seconds = Math.ceil(waitMs / 1000)
    throw new Failure('rate_limited', `Too many requests; try again in ${seconds} s.`, {
      retry_after_seconds: seconds,
    })
  }
}
