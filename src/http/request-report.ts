import type { Log } from '../observability/logger.ts'
import type { Instruments } from '../observability/metrics.ts'
import type { RequestFacts } from './context.ts'
import type { RequestReporter } from './front-door.ts'
import type { httpMetrics } from './metrics.ts'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Counts and logs each request once it is answered. */
export function requestReporter(log: Log, metrics: Instruments<typeof httpMetrics>): RequestReporter {
  const kinds = new Map<string, ReturnType<typeof newKind>>()

  function newKind(method: string, route: string, status: number) {
    const labels = { method, route, status: String(status) }
    return {
      labels,
      count: metrics.http_requests_total.bind(labels),
      line: log.prepared('http_request', 'request answered', { method, route, status }),
    }
  }

  /** One for each method, route and status that occurs: a bounded set, none of it the caller's text. */
  function kindOf(method: string, route: string, status: number) {
    const key = `${method} ${status} ${route}`
    let kind = kinds.get(key)
    if (!kind) {
      kind = newKind(method, route, status)
      kinds.set(key, kind)
    }
    return kind
  }

  return (facts, { method: given, route, status, durationMs, error }) => {
    // Methods come from the caller: all but the known ones share a label.
    const method = METHODS.has(given) ? given : 'OTHER'
    const { labels, count, line } = kindOf(method, route, status)
    count.inc()
    metrics.http_request_duration_seconds.observe(labels, durationMs / 1000)
    if (error && status >= 500) reportFault(log, error, facts)
    line({
      request_id: facts.requestId,
      trace_id: facts.traceId,
      duration_ms: Math.round(durationMs * 1000) / 1000,
    })
  }
}

function reportFault(log: Log, error: Error, facts: RequestFacts) {
  const cause = { request_id: facts.requestId, trace_id: facts.traceId }
  const { message, stack } = error
  const reason = 'reason' in error ? String(error.reason) : 'internal'
  if (reason === 'internal')
    log.error('internal_error', 'a request failed', { ...cause, error: message, stack })
  else if (reason.startsWith('storage_'))
    log.error('storage_failed', 'a request was refused', {
      ...cause,
      reason,
      error: error.cause === undefined ? message : String(error.cause),
    })
}
