/** Parse, call, shape. */
import { type AppContext, headerOf } from '../../http/context.ts'
import type { Operations } from '../../http/operation.ts'
import { problem } from '../../http/problem.ts'
import { reply, replyCreated } from '../../http/reply.ts'
import { type Clock, MINUTE_MS, rfc3339 } from '../../shared/clock.ts'
import { Failure } from '../../shared/errors.ts'
import type { FleetWriter } from '../commands.ts'
import type { Analytics } from './analytics.ts'
import type { EventReply, HistoryReply } from './api.ts'
import { eventKeyOf } from './event-key.ts'
import { DAY_MS, HOUR_MS, type Kpis, type WindowCounts } from './kpi.ts'
import * as operations from './operations.ts'
import { eventOf, eventShape, kpisShape, succeeded } from './shapes.ts'

export interface KpiRoutes {
  writer: Pick<FleetWriter, 'submit'>
  analytics: Analytics
  kpis: (windowMs: number) => Promise<{ kpis: Kpis; counts: WindowCounts }>
  delivery: () => Kpis['delivery']
  clock: Clock
  /** Told of each event that was kept, after the commit. */
  onRecorded: () => void
}

const FUTURE_MAX_MS = MINUTE_MS

export function serveKpis(
  { serve }: Operations,
  { writer, analytics, kpis, delivery, clock, onRecorded }: KpiRoutes,
): void {
  serve(operations.recordEventOperation, async ({ body }, c) => {
    const key = eventKeyOf(headerOf(c, 'idempotency-key'), body.event_id, body.client_id)
    const event = eventOf(body, key)
    refuseOtherTimes(event.happenedAt, clock.now())
    const { outcomes } = await writer.submit('record_events', { events: [event] })
    const outcome = outcomes[0]
    if (!outcome) throw new Error('an event has no outcome')
    if (outcome.kind === 'key_reused')
      return problem(c, 'idempotency_key_reused', 'Another event was told under this key before.')
    if (outcome.kind === 'recorded') onRecorded()
    const { endpoint, method, status_code, response_time_ms, client_id } = body
    const told = { endpoint, method, status_code, response_time_ms, client_id }
    const { id, timestamp } = outcome
    const stored = { id, timestamp: rfc3339(timestamp), ...told, success: succeeded(status_code) }
    return created(c, stored, outcome.kind === 'repeated')
  })

  serve(operations.eventsOperation, async ({ query }, c) =>
    reply(c, (await analytics.events(query)).map(eventShape)),
  )

  serve(operations.kpisOperation, async ({ query: { hours } }, c) => {
    const { kpis: figures, counts } = await kpis(hours * HOUR_MS)
    return reply(c, kpisShape(figures, counts, hours))
  })
  serve(operations.operationalOperation, async ({ query: { hours } }, c) =>
    reply(c, (await kpis(hours * HOUR_MS)).kpis.operational),
  )
  serve(operations.securityOperation, async ({ query: { hours } }, c) =>
    reply(c, (await kpis(hours * HOUR_MS)).kpis.security),
  )
  serve(operations.deliveryOperation, async (_input, c) => reply(c, delivery()))

  serve(operations.historyOperation, async ({ query: { kpi, hours, limit } }, c) => {
    const rows = await analytics.history({ kpi, from: clock.now() - hours * HOUR_MS, limit })
    const snapshots = rows.map(({ timestamp, value }) => ({ timestamp: rfc3339(timestamp), value }))
    return reply(c, { kpi, snapshots } satisfies HistoryReply)
  })
}

const created = (c: AppContext, event: EventReply, isRepeated: boolean) =>
  replyCreated(c, event, isRepeated ? { 'Idempotency-Replayed': 'true' } : {})

/** @throws Failure `invalid_request` */
function refuseOtherTimes(happenedAt: number | null, now: number): void {
  if (happenedAt === null) return
  const refuse = (message: string) =>
    new Failure('invalid_request', `The body is not valid: occurred_at: ${message}`, {
      errors: [{ path: 'occurred_at', message }],
    })
  if (happenedAt > now + FUTURE_MAX_MS) throw refuse('must not be in the future')
  if (happenedAt < now - DAY_MS) throw refuse('must be within the last 24 hours')
}
