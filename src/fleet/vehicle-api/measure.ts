/** Times every request to the vehicle API, whatever becomes of it, and keeps it as an event. */
import type { AppContext } from '../../http/context.ts'
import type { Instruments } from '../../observability/metrics.ts'
import type { Clock } from '../../shared/clock.ts'
import { Failure } from '../../shared/errors.ts'
import type { EventRecorder } from '../kpis/event-recorder.ts'
import type { Callers } from './callers.ts'
import type { vehicleApiMetrics } from './metrics.ts'

export interface MeasureOptions {
  /** The addresses of the vehicle API. They have no parameters, so a path is its own pattern. */
  endpoints: ReadonlySet<string>
  recorder: Pick<EventRecorder, 'record'>
  metrics: Instruments<typeof vehicleApiMetrics>
  callers: Callers
  clock: Clock
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Stands behind the front door and in front of the rate limit, so that what is refused there is seen too. */
export const measure =
  ({ endpoints, recorder, metrics, callers, clock }: MeasureOptions) =>
  async (c: AppContext, next: () => Promise<void>): Promise<void> => {
    const endpoint = c.req.path
    if (!endpoints.has(endpoint)) return next()
    await next()
    const { startedAt } = c.get('facts')
    const responseTimeMs = clock.monotonic() - startedAt
    const { status } = c.res
    const method = METHODS.has(c.req.method) ? c.req.method : 'OTHER'
    metrics.vehicle_api_requests_total.inc({ endpoint, method, status: String(status) })
    metrics.vehicle_api_request_duration_seconds.observe({ endpoint, method }, responseTimeMs / 1000)
    recorder.record({
      endpoint,
      method,
      statusCode: status,
      responseTimeMs: Math.round(responseTimeMs * 1000) / 1000,
      clientId: callers.nameOf(c),
      vehicle: callers.vehicleOf(c),
      errorMessage: status < 400 ? null : reasonOf(c.error),
    })
  }

/** The machine reason: the caller's own words are not kept. */
const reasonOf = (error: Error | undefined) =>
  error === undefined ? null : error instanceof Failure ? error.reason : 'internal'
