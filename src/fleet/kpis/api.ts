/** API events and figures on the wire. Times RFC 3339 UTC, durations in ms, shares in percent. */
import { z } from 'zod'
import { kpiNames } from './kpi.ts'
import { suspicionReasons } from './suspicion.ts'

const RESPONSE_MAX_MS = 3_600_000
const HOURS_MAX = 168

const isPlain = (text: string) => text.isWellFormed() && !/\p{Cc}/u.test(text)
const plain = (max: number) =>
  z.string().min(1).max(max).refine(isPlain, 'must be text without control characters')

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'] as const
const time = z.iso.datetime()
const count = z.int().min(0)
const figure = z.number().nullable()

const facts = {
  endpoint: plain(256)
    .startsWith('/')
    .meta({ description: 'The path that was called', example: '/api/vehicle/status' }),
  method: z.enum(methods),
  status_code: z.int().min(100).max(599),
  response_time_ms: z.number().min(0).max(RESPONSE_MAX_MS),
  client_id: plain(128).meta({ description: 'Who called', example: 'vehicle_00001' }),
}

export const eventRequest = z.object({
  ...facts,
  error_message: z
    .string()
    .max(1000)
    .refine(text => text.isWellFormed(), 'must be well-formed Unicode')
    .nullish(),
  success: z
    .boolean()
    .optional()
    .meta({ description: 'Understood and ignored: an event succeeded when its status is below 400' }),
  occurred_at: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'When it happened, if not now: at most 24 hours ago' }),
  event_id: plain(128)
    .optional()
    .meta({ description: 'As the header Idempotency-Key: the same event is kept once' }),
})

export const eventReply = z.object({
  id: z.int(),
  timestamp: time.meta({ description: 'When it counts: when it happened' }),
  endpoint: z.string(),
  method: z.string(),
  status_code: z.int(),
  response_time_ms: z.number(),
  client_id: z.string(),
  success: z.boolean().meta({ description: 'Whether the status is below 400' }),
})
export const eventsReply = z.array(eventReply)

export const eventsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  skip: z.coerce.number().int().min(0).max(100_000).default(0),
})

export const kpisQuery = z.object({
  hours: z.coerce.number().int().min(1).max(HOURS_MAX).default(24),
})

export const operationalKpis = z.object({
  avg_latency_ms: figure,
  p95_latency_ms: figure.meta({
    description: 'By linear interpolation between ranks, of the events themselves',
  }),
  p99_latency_ms: figure,
  error_rate_percent: figure.meta({ description: 'Status 400 and above' }),
  server_error_rate_percent: figure.meta({ description: 'Status 500 and above' }),
  availability_percent: figure.meta({
    description: 'Minutes in which the server could write ÷ minutes since the window, or the server, began',
  }),
  total_requests: count,
  requests_per_minute: figure.meta({ description: 'Over the whole window, or since the server first ran' }),
  throughput_per_second: figure,
})

export const securityKpis = z.object({
  failed_authentications: count.meta({ description: 'Status 401 and 403' }),
  failed_authentications_per_hour: figure,
  rate_limit_violations: count.meta({ description: 'Status 429' }),
  rate_limit_violations_per_hour: figure,
  suspicious_client_count: count,
  suspicious_clients: z
    .array(z.object({ client_id: z.string(), reasons: z.array(z.enum(suspicionReasons)) }))
    .meta({ description: 'At most 20' }),
})

export const deliveryKpis = z.object({
  deployments_per_week: count,
  deployments_per_day: z.number(),
  mttr_minutes: figure.meta({ description: 'Null: no incident was resolved' }),
  change_failure_rate_percent: figure.meta({ description: 'Null: nothing was deployed' }),
})

const judged = z.object({
  target: z.number(),
  must_be: z.enum(['below', 'at_least']),
  met: z.boolean().nullable().meta({ description: 'Null: the figure is unknown' }),
})

export const kpisReply = z.object({
  report_timestamp: time,
  analysis_period_hours: z.int(),
  total_events_analyzed: count,
  operational_kpis: operationalKpis,
  security_kpis: securityKpis,
  delivery_kpis: deliveryKpis.meta({ description: 'Of the last seven days, whatever the period' }),
  targets: z.record(z.string(), judged).meta({ description: 'By the name of the figure' }),
})

export const historyQuery = z.object({
  kpi: z.enum(kpiNames),
  hours: kpisQuery.shape.hours,
  limit: z.coerce.number().int().min(1).max(10_080).default(1440).meta({ description: 'The newest so many' }),
})
export const historyReply = z.object({
  kpi: z.enum(kpiNames),
  snapshots: z
    .array(z.object({ timestamp: time, value: figure }))
    .meta({ description: 'One a minute, oldest first; each of the hour before it' }),
})

export type EventRequest = z.output<typeof eventRequest>
export type EventReply = z.output<typeof eventReply>
export type KpisReply = z.output<typeof kpisReply>
export type HistoryReply = z.output<typeof historyReply>
