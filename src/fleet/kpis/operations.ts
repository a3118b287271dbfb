/** What can be told and asked about API events, as the OpenAPI document says it. */
import { operation } from '../../http/operation.ts'
import * as api from './api.ts'

const tag = 'analytics'

export const recordEventOperation = operation({
  method: 'post',
  path: '/api/events',
  tag,
  summary: 'Tell of an API call',
  description: 'The answer is durable before it is sent.',
  headers: {
    'Idempotency-Key': 'Names this event: told again, it is kept once and answered with the same id',
  },
  body: api.eventRequest,
  reply: { status: 201, description: 'Kept', schema: api.eventReply },
  refusals: ['idempotency_key_reused', 'storage_full'],
})

export const eventsOperation = operation({
  method: 'get',
  path: '/api/events',
  tag,
  summary: 'API calls, newest first',
  query: api.eventsQuery,
  reply: { description: 'A page of events', schema: api.eventsReply },
})

export const kpisOperation = operation({
  method: 'get',
  path: '/api/analytics/kpis',
  tag,
  summary: 'All figures of the last hours',
  query: api.kpisQuery,
  reply: { description: 'A figure is null where there is nothing to make it from', schema: api.kpisReply },
})

export const operationalOperation = operation({
  method: 'get',
  path: '/api/analytics/kpis/operational',
  tag,
  summary: 'Latency, errors, availability, throughput',
  query: api.kpisQuery,
  reply: { description: 'The operational figures only', schema: api.operationalKpis },
})

export const securityOperation = operation({
  method: 'get',
  path: '/api/analytics/kpis/security',
  tag,
  summary: 'Failed authentications, rate limits, suspicious clients',
  query: api.kpisQuery,
  reply: { description: 'The security figures only', schema: api.securityKpis },
})

export const deliveryOperation = operation({
  method: 'get',
  path: '/api/analytics/kpis/delivery',
  tag,
  summary: 'Deployments, recovery, failed changes of the last seven days',
  query: api.kpisQuery,
  reply: { description: 'The delivery figures only', schema: api.deliveryKpis },
})

export const historyOperation = operation({
  method: 'get',
  path: '/api/analytics/kpis/history',
  tag,
  summary: 'One figure, minute by minute',
  query: api.historyQuery,
  reply: { description: 'Its snapshots', schema: api.historyReply },
})
