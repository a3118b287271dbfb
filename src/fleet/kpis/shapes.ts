/** Events and figures as the wire shows them. Pure. */
import { rfc3339 } from '../../shared/clock.ts'
import type { EventReply, EventRequest, KpisReply } from './api.ts'
import type { NewEvent } from './commands.ts'
import type { Kpis, WindowCounts } from './kpi.ts'
import type { ApiEvent } from './schema.ts'
import { judge } from './targets.ts'

export const succeeded = (status: number): boolean => status < 400

/** The error message is kept for those who look into the database; it is not for everybody. */
export const eventShape = (event: ApiEvent): EventReply => ({
  id: event.id,
  timestamp: rfc3339(event.timestamp),
  endpoint: event.endpoint,
  method: event.method,
  status_code: event.statusCode,
  response_time_ms: event.responseTimeMs,
  client_id: event.clientId,
  success: succeeded(event.statusCode),
})

export const eventOf = (request: EventRequest, key: string | null): NewEvent => ({
  happenedAt: request.occurred_at === undefined ? null : Date.parse(request.occurred_at),
  endpoint: request.endpoint,
  method: request.method,
  statusCode: request.status_code,
  responseTimeMs: request.response_time_ms,
  clientId: request.client_id,
  vehicle: null,
  errorMessage: request.error_message ?? null,
  source: 'reported',
  key,
})

export const kpisShape = (kpis: Kpis, counts: WindowCounts, hours: number): KpisReply => ({
  report_timestamp: rfc3339(counts.to),
  analysis_period_hours: hours,
  total_events_analyzed: counts.total,
  operational_kpis: kpis.operational,
  security_kpis: kpis.security,
  delivery_kpis: kpis.delivery,
  targets: judge(kpis),
})
