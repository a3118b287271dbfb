import type { Availability, Percentiles, Performance, ServicesHealth } from '../requests.ts'

/** What several answers say of one service. */
export interface ServiceRow {
  service: string
  status: string
  instances: number | null
  success: number | null
  errors: number | null
  mean: number | null
  p50: number | null
  p95: number | null
  p99: number | null
  requests: number | null
  failed: number | null
  availability: number | null
}

/** Joined by name: a service that one answer does not have keeps what the others say. */
export function joined(
  performance: readonly Performance[],
  percentiles: readonly Percentiles[],
  availability: readonly Availability[],
  health: ServicesHealth,
): ServiceRow[] {
  const by = <T extends { service_name: string }>(list: readonly T[]) =>
    new Map(list.map(item => [item.service_name, item]))
  const [done, within, up, now] = [by(performance), by(percentiles), by(availability), by(health.services)]
  const names = [...new Set([...done.keys(), ...within.keys(), ...up.keys(), ...now.keys()])]
  return names.sort().map(service => ({
    service,
    status: now.get(service)?.status ?? 'unknown',
    instances: now.get(service)?.instances ?? null,
    success: done.get(service)?.avg_success_rate ?? null,
    errors: done.get(service)?.avg_error_rate ?? null,
    mean: done.get(service)?.avg_response_time ?? null,
    p50: within.get(service)?.p50 ?? null,
    p95: within.get(service)?.p95 ?? done.get(service)?.p95_response_time ?? null,
    p99: within.get(service)?.p99 ?? null,
    requests: done.get(service)?.total_requests ?? null,
    failed: done.get(service)?.failed_requests ?? null,
    availability: up.get(service)?.availability_percent ?? null,
  }))
}

const worry: Record<string, number> = { critical: 2, warning: 1 }

/** Those that are not well first, then those with the longest p95. */
export const tellingFirst = (rows: readonly ServiceRow[]): string[] =>
  [...rows]
    .sort((a, b) => (worry[b.status] ?? 0) - (worry[a.status] ?? 0) || (b.p95 ?? -1) - (a.p95 ?? -1))
    .map(({ service }) => service)
