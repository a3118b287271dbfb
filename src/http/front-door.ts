/** The first middleware: who asks, under which id, and how it ended. */
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Clock } from '../shared/clock.ts'
import { newSecret } from '../shared/id.ts'
import { type AppContext, type AppEnv, headerOf, type RequestFacts } from './context.ts'
import { addressBehind, isHttpsBehind } from './forwarded.ts'
import { stamp } from './reply.ts'

/** Told of each request once it is answered. `route` is the pattern that matched, never the caller's path. */
export type RequestReporter = (
  facts: RequestFacts,
  answer: { method: string; route: string; status: number; durationMs: number; error: Error | undefined },
) => void

export interface FrontDoorOptions {
  clock: Clock
  /** How many proxies in front add to X-Forwarded-For. */
  trustedProxies: number
  /** Whether visitors come by https where no proxy tells. */
  secure?: boolean
  report: RequestReporter
}

const GIVEN_ID = /^[\w.:-]{1,64}$/
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}$/

export function frontDoor({
  clock,
  trustedProxies,
  secure = false,
  report,
}: FrontDoorOptions): MiddlewareHandler<AppEnv> {
  const boot = newSecret().slice(0, 8)
  let count = 0
  const nextId = () => `${boot}-${(++count).toString(36)}`

  return async (c, next) => {
    const startedAt = clock.monotonic()
    const given = headerOf(c, 'x-request-id')
    const requestId = given !== undefined && GIVEN_ID.test(given) ? given : nextId()
    const facts: RequestFacts = {
      requestId,
      traceId: headerOf(c, 'traceparent')?.match(TRACEPARENT)?.[1],
      startedAt,
      address: addressOf(c, trustedProxies),
      secure: isHttpsBehind(headerOf(c, 'x-forwarded-proto'), trustedProxies) ?? secure,
      route: null,
      stamped: false,
    }
    c.set('facts', facts)
    await next()
    if (!facts.stamped)
      for (const [name, value] of Object.entries(stamp(facts)))
        if (!c.res.headers.has(name)) c.res.headers.set(name, value)
    report(facts, {
      method: c.req.method,
      route: facts.route ?? routePath(c, -1),
      status: c.res.status,
      durationMs: clock.monotonic() - startedAt,
      error: c.error,
    })
  }
}

/** The peer's address, or the one that the outermost trusted proxy saw. */
function addressOf(c: AppContext, trustedProxies: number): string {
  const peer = c.env?.incoming?.socket?.remoteAddress ?? '127.0.0.1'
  return addressBehind(peer, headerOf(c, 'x-forwarded-for'), trustedProxies)
}
