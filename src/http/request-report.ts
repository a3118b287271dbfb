import type { Log } from '../observability/logger.ts'
import type { Instruments } from '../observability/metrics.ts'
import type { RequestReport } from './front-door.ts'
import type { httpMetrics } from './metrics.ts'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Counts and logs each request once it is answered. */
export function requestReporter(
  log: Log,
  metrics: Instruments<typeof httpMetrics>,
): (report: RequestReport) => void {
  const lines = new Map<string, ReturnType<Log['prepared']>>()

  /** One for each method, route and status that occurs: a bounded set, none of it the caller's text. */
  function lineOf(method: string, route: string, status: number) {
    const key = `${method} ${route} ${status}`
    let line = lines.get(key)
    if (!line) {
      line = log.prepared('http_request', 'request answered', { method, route, status })
      lines.set(key, line)
    }
    return line
  }

  return ({ requestId, traceId, method: given, route, status, durationMs, error }) => {
    // Methods come from the caller: all but the known ones share a label.
    const method = METHODS.has(given) ? given : 'OTHER'
    metrics.http_requests_total.inc({ method, route, status: String(status) })
    metrics.http_request_duration_seconds.observe({ method, route }, durationMs / 1000)
    const cause = { request_id: requestId, trace_id: traceId }
    if (error && status >= 500) reportFault(log, error, cause)
    lineOf(
      method,
      route,
      status,
    )({ request_id: requestId, trace_id: traceId, duration_ms: Math.round(durationMs * 1000) / 1000 })
  }
}

function reportFault(log: Log, error: Error, cause: { request_id: string; trace_id: string | undefined }) {
  const { message, stack } = error
  const reason = 'reason' in error ? String(error.reason) : 'internal'
  if (reason === 'internal')
    log.error('internal_error', 'a request failed', { ...cause, error: message, stack })
  else
    log.error('storage_failed', 'a request was refused', {
      ...cause,
      reason,
      error: error.cause === undefined ? message : String(error.cause),
    })
}
