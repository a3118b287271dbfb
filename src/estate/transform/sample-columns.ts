/** The columns of raw samples and of what is now, in their order, and what a sample puts into them. */
import type { Judged } from './judge.ts'

type Value = string | number | null
const server = [
  'cpu_percent',
  'memory_percent',
  'memory_used_gb',
  'memory_total_gb',
  'disk_used_gb',
  'disk_total_gb',
  'disk_utilization',
  'status',
]
const container = [
  'cpu_percent',
  'memory_mb',
  'memory_limit_mb',
  'memory_utilization',
  'requests_per_sec',
  'response_time_ms',
  'error_count',
  'restart_count',
  'health',
]
const service = [
  'total_requests',
  'failed_requests',
  'error_rate_percent',
  'avg_response_time_ms',
  'p95_response_time_ms',
  'instances_running',
  'cpu_avg_percent',
  'memory_avg_percent',
]
export const rawColumns = { server, container, service: [...service, 'version'] }
export const nowColumns = { server, container, service: [...service, 'success_rate'] }

/** @param isNow for what is now; else for the raw samples */
export function valuesOf({ kind, sample, derived }: Judged, isNow: boolean): Value[] {
  if (kind === 'server')
    return [
      sample.cpu_percent,
      sample.memory_percent,
      sample.memory_used_gb ?? null,
      sample.memory_total_gb ?? null,
      sample.disk_used_gb ?? null,
      sample.disk_total_gb ?? null,
      derived,
      sample.status,
    ]
  if (kind === 'container')
    return [
      sample.cpu_percent,
      sample.memory_mb,
      sample.memory_limit_mb ?? null,
      derived,
      sample.requests_per_sec ?? null,
      sample.response_time_ms ?? null,
      sample.error_count ?? null,
      sample.restart_count ?? null,
      sample.health,
    ]
  return [
    sample.total_requests ?? null,
    sample.failed_requests ?? null,
    sample.error_rate_percent,
    sample.avg_response_time_ms ?? null,
    sample.p95_response_time_ms,
    sample.instances_running ?? null,
    sample.cpu_avg_percent ?? null,
    sample.memory_avg_percent ?? null,
    isNow ? derived : (sample.version ?? null),
  ]
}
