/** What the server says about itself: version, metrics, health, its API, who is asking. */
import { Hono } from 'hono'
import { z } from 'zod'
import type { Metrics } from '../observability/metrics.ts'
import { Failure } from '../shared/errors.ts'
import { headerOf } from './context.ts'
import type { EventStreams } from './event-streams.ts'
import { openApiDocument } from './openapi.ts'
import { type Operations, operation } from './operation.ts'
import { reply, respond, SECURITY } from './reply.ts'
import type { Sessions } from './session.ts'
import { type Pace, paces } from './stream-client.ts'

const tag = 'service'

const versionOperation = operation({
  method: 'get',
  path: '/version',
  tag,
  summary: 'Which version runs',
  reply: {
    description: 'Version and commit',
    schema: z.object({ version: z.string(), commit: z.string(), env: z.string(), service: z.string() }),
  },
})

const healthOperation = operation({
  method: 'get',
  path: '/healthz',
  tag,
  summary: 'Whether the process answers',
  reply: { description: 'It does', schema: z.object({ status: z.literal('ok') }) },
})

const readyOperation = operation({
  method: 'get',
  path: '/readyz',
  tag,
  summary: 'Whether borrows can be decided now',
  description: 'Writes to the database to find out.',
  reply: { description: 'They can', schema: z.object({ status: z.literal('ok') }) },
  refusals: ['storage_full', 'storage_locked', 'storage_read_only', 'storage_missing', 'storage_failed'],
})

const metricsOperation = operation({
  method: 'get',
  path: '/metrics',
  tag,
  summary: 'Metrics in the Prometheus text format',
  reply: { description: 'All metrics', schema: z.string(), type: 'text/plain' },
})

const openApiOperation = operation({
  method: 'get',
  path: '/openapi.json',
  tag,
  summary: 'This document',
  reply: { description: 'OpenAPI 3.1', schema: z.looseObject({}) },
})

const sessionReply = z.object({ presenter: z.boolean() })

const sessionOperation = operation({
  method: 'get',
  path: '/session',
  tag,
  summary: 'What this browser may do',
  reply: { description: 'Whether it is the presenter’s', schema: sessionReply },
})

const signInOperation = operation({
  method: 'post',
  path: '/session',
  tag,
  summary: 'Make this browser the presenter’s',
  body: z.object({ token: z.string().min(1).max(200) }),
  reply: { description: 'It is, by a cookie', schema: sessionReply },
  refusals: ['unauthorized'],
})

const topicsQuery = z.object({
  topics: z
    .string()
    .max(200)
    .default('pools')
    .transform(text => [...new Set(text.split(','))])
    .meta({
      description:
        'Names of topics with commas between them: pools, activity, alerts, fleet, campaigns, delivery, race, rehearsal, stage, room',
    }),
})

const streamQuery = topicsQuery.extend({
  every: z
    .enum(paces.map(String))
    .transform(text => Number(text) as Pace)
    .optional()
    .meta({
      description:
        'How often a topic is sent at most, in ms: 1000 for phones; as often as it changes when left out',
    }),
})

const streamOperation = operation({
  method: 'get',
  path: '/stream',
  tag: 'live',
  summary: 'Live topics as server-sent events',
  headers: { 'Last-Event-ID': 'The last frame that was seen; older ones are not sent again' },
  query: streamQuery,
  reply: {
    description: 'Frames, a heartbeat every 15 s, and a bye',
    schema: z.string(),
    type: 'text/event-stream',
  },
})

const snapshotOperation = operation({
  method: 'get',
  path: '/stream/snapshot',
  tag: 'live',
  summary: 'The newest frame of each topic, for clients that poll',
  query: topicsQuery,
  reply: { description: 'A frame for each topic', schema: z.record(z.string(), z.looseObject({})) },
})

export interface ServiceRoutes {
  /** What runs now. */
  about: () => { version: string; commit: string; env: string; service: string }
  metrics: Metrics
  /** Whether /metrics is served here. */
  metricsHere: boolean
  sessions: Sessions
  streams: EventStreams
  /** Resolves when the store takes writes. */
  ready: () => Promise<void>
}

export function serveService(operations: Operations, routes: ServiceRoutes): void {
  const { about, metrics, metricsHere, sessions, streams, ready } = routes
  const { serve } = operations

  serve(versionOperation, async (_input, c) => {
    const { version, commit, env, service } = about()
    return reply(c, { version, commit, env, service })
  })
  serve(healthOperation, async (_input, c) => reply(c, { status: 'ok' }))
  serve(readyOperation, async (_input, c) => {
    await ready()
    return reply(c, { status: 'ok' })
  })
  if (metricsHere)
    serve(metricsOperation, async (_input, c) => {
      const { text, contentType } = await metrics.expose(formatFor(headerOf(c, 'accept')))
      return respond(c, text, { headers: { 'Content-Type': contentType } })
    })
  serve(openApiOperation, async (_input, c) => reply(c, openApiDocument(operations.all, about())))
  serve(sessionOperation, async (_input, c) => reply(c, { presenter: sessions.isPresenter(c) }))
  serve(signInOperation, async ({ body }, c) => {
    sessions.signIn(c, body.token)
    return c.json({ presenter: true })
  })
  serve(streamOperation, ({ query }, c) => streams.open(c, known(query.topics), query.every))
  serve(snapshotOperation, async ({ query }, c) => {
    // Only a page that was opened has a session: commands and simulated people who poll are not phones.
    const visitor = sessions.nameOf(c) ?? undefined
    return reply(c, await streams.snapshot(known(query.topics), visitor))
  })

  function known(topics: string[]): string[] {
    const unknown = topics.find(topic => !streams.names.includes(topic))
    if (unknown === undefined) return topics
    const message = `topics are ${streams.names.join(', ')}`
    throw new Failure('invalid_request', `There is no such topic; ${message}.`, {
      errors: [{ path: 'topics', message }],
    })
  }
}

/** Prometheus asks for OpenMetrics, which has exemplars; people get plain text. */
const formatFor = (accept: string | undefined) =>
  accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'text'

/** A second server that has nothing but the metrics, for a port that visitors cannot reach. */
export function serveMetricsOnly(metrics: Metrics): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(SECURITY)) c.res.headers.set(name, value)
    c.res.headers.set('Cache-Control', 'no-store')
  })
  return app.get('/metrics', async c => {
    const { text, contentType } = await metrics.expose(formatFor(c.req.header('accept')))
    return c.body(text, 200, { 'Content-Type': contentType })
  })
}
