import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'

/** What the front door finds out about a request, once, for everybody behind it. */
export interface RequestFacts {
  requestId: string
  /** From a `traceparent` header (W3C Trace Context), if there is one. */
  traceId: string | undefined
  /** Monotonic ms. */
  startedAt: number
  /** The address of the client, as far as the trusted proxies tell. */
  address: string
  /** Whether the client came by https, as far as the trusted proxies and the settings tell. */
  secure: boolean
  /** The pattern of the operation that took it; null until one does. */
  route: string | null
  /** Whether the answer already carries the headers that every answer has. */
  stamped: boolean
}

export type AppEnv = { Bindings: Partial<HttpBindings>; Variables: { facts: RequestFacts } }
export type AppContext = Context<AppEnv>
export type App = Hono<AppEnv>

/** A request header, by its name in lower case; from Node's own parsed ones where there are, which is quicker. */
export function headerOf(c: AppContext, name: string): string | undefined {
  const incoming = c.env?.incoming
  if (!incoming) return c.req.header(name)
  const value = incoming.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}
