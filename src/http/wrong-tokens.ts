/** Whoever tries tokens out gets few tries: a guess costs a network what only time gives back. */
import type { Clock } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import { type AppContext, headerOf } from './context.ts'
import { networkOf } from './network.ts'
import { tokenBuckets } from './token-buckets.ts'

/** Wrong tokens that a network may send at once: as many as the watch over the vehicle API takes for a trial of tokens. */
export const WRONG_TOKENS_MAX = 100
const PER_SECOND = 0.2

/** Whether the request names a token: in a header, in the address, or to sign in. A cookie's value cannot be guessed. */
const carriesToken = (c: AppContext): boolean =>
  headerOf(c, 'authorization') !== undefined ||
  (c.req.method === 'POST' ? c.req.path === '/session' : c.req.query('token') !== undefined)

/**
 * Lets a request through unless its network has sent too many wrong tokens; a right one among them is refused too,
 * or the answer would tell.
 */
export function limitWrongTokens(clock: Clock) {
  const networks = tokenBuckets({ perSecond: PER_SECOND, burst: WRONG_TOKENS_MAX, clock })
  return async (c: AppContext, next: () => Promise<void>): Promise<void> => {
    if (!carriesToken(c)) return next()
    const network = networkOf(c.get('facts').address)
    const waitMs = networks.wait(network)
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000)
      throw new Failure('rate_limited', `Too many wrong tokens came from there; try again in ${seconds} s.`, {
        retry_after_seconds: seconds,
      })
    }
    await next()
    if (c.res.status === 401) networks.take(network)
  }
}
