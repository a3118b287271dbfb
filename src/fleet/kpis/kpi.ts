/**
 * The figures, from what was counted in a window. Two decimals; null where there is nothing to make a figure from.
 * A rate is divided by the window as far as the server existed in it, and by no less than one unit of its own: two
 * requests in one second of an hour are two in that hour. Pure.
 */
import { MINUTE_MS } from '../../shared/clock.ts'
import type { KpiValue } from './commands.ts'
import type { Suspicion } from './suspicion.ts'

const SECOND_MS = 1000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
/** More are not kept, however young they are. */
export const EVENTS_MAX = 1_000_000
/** Delivery is judged by the last week, whatever window was asked for: an hour says nothing of a week. */
export const DELIVERY_WINDOW_MS = 7 * DAY_MS

/** Half-open at its start: after `from`, up to and with `to` (Unix ms). */
export interface Window {
  from: number
  to: number
}

/** The two values between which a percentile lies, and how far from the lower one (0–1). */
export interface Between {
  low: number
  high: number
  fraction: number
}

export interface WindowCounts extends Window {
  total: number
  /** Status 400 and above. */
  errors: number
  /** Status 500 and above. */
  serverErrors: number
  /** Status 401 and 403. */
  failedAuthentications: number
  /** Status 429. */
  rateLimited: number
  meanMs: number | null
  p95: Between | null
  p99: Between | null
  /** The time of the first event of the window. */
  firstEventAt: number | null
  /** Where older events had to make room: the time of the oldest that is kept. */
  keptSince: number | null
  /** The first minute ever with a heartbeat. */
  firstBeat: number | null
  /** Minutes with a heartbeat, among those that lie wholly in the window and the current one. */
  beats: number
  isBeatingNow: boolean
  suspicious: Suspicion[]
  suspiciousTotal: number
}

/** Of the last week. */
export interface DeliveryCounts {
  deployments: number
  failedDeployments: number
  resolvedIncidents: number
  recoveryMs: number
}

/** Between which ranks (from 0, ascending) of `count` values a quantile lies: linear interpolation, at (count − 1) × q. */
export function rankOf(count: number, quantile: number): { low: number; high: number; fraction: number } {
  const at = (count - 1) * quantile
  const low = Math.floor(at)
  return { low, high: Math.min(low + 1, count - 1), fraction: at - low }
}

const round = (value: number) => Math.round(value * 100) / 100
const share = (part: number, whole: number) => (whole === 0 ? null : round((part / whole) * 100))
const percentile = (between: Between | null) =>
  between && round(between.low + (between.high - between.low) * between.fraction)

/** How much of the window is known of: the server ran, or late events tell of it, and they are all still kept. */
function seenMs({ from, to, firstBeat, firstEventAt, keptSince }: WindowCounts): number | null {
  if (firstBeat === null && firstEventAt === null) return null
  const since = Math.min(firstBeat === null ? to : firstBeat * MINUTE_MS, firstEventAt ?? to)
  return to - Math.max(from, since, keptSince ?? 0)
}

/** Events in a unit of time; null: the server never ran. */
function rate(count: number, unitMs: number, counts: WindowCounts): number | null {
  const seen = seenMs(counts)
  return seen === null ? null : round((count * unitMs) / Math.max(seen, unitMs, MINUTE_MS))
}

/** Minutes that the server witnessed ÷ minutes since the window, or the server, began. */
function availability({ from, to, firstBeat, beats, isBeatingNow }: WindowCounts): number | null {
  if (firstBeat === null) return null
  const first = Math.max(firstMinuteOf(from), firstBeat)
  const last = Math.floor(to / MINUTE_MS) - (isBeatingNow ? 0 : 1)
  return last < first ? null : share(beats, last - first + 1)
}

/** The first minute that lies wholly after `from`. */
export const firstMinuteOf = (from: number): number => Math.ceil(from / MINUTE_MS)

export function operationalKpis(counts: WindowCounts) {
  return {
    avg_latency_ms: counts.meanMs === null ? null : round(counts.meanMs),
    p95_latency_ms: percentile(counts.p95),
    p99_latency_ms: percentile(counts.p99),
    error_rate_percent: share(counts.errors, counts.total),
    server_error_rate_percent: share(counts.serverErrors, counts.total),
    availability_percent: availability(counts),
    total_requests: counts.total,
    requests_per_minute: rate(counts.total, MINUTE_MS, counts),
    throughput_per_second: rate(counts.total, SECOND_MS, counts),
  }
}

export function securityKpis(counts: WindowCounts) {
  return {
    failed_authentications: counts.failedAuthentications,
    failed_authentications_per_hour: rate(counts.failedAuthentications, HOUR_MS, counts),
    rate_limit_violations: counts.rateLimited,
    rate_limit_violations_per_hour: rate(counts.rateLimited, HOUR_MS, counts),
    suspicious_client_count: counts.suspiciousTotal,
    suspicious_clients: counts.suspicious.map(({ client, reasons }) => ({ client_id: client, reasons })),
  }
}

export function deliveryKpis({
  deployments,
  failedDeployments,
  resolvedIncidents,
  recoveryMs,
}: DeliveryCounts) {
  return {
    deployments_per_week: deployments,
    deployments_per_day: round(deployments / 7),
    mttr_minutes: resolvedIncidents === 0 ? null : round(recoveryMs / resolvedIncidents / MINUTE_MS),
    change_failure_rate_percent: share(failedDeployments, deployments),
  }
}

export interface Kpis {
  operational: ReturnType<typeof operationalKpis>
  security: ReturnType<typeof securityKpis>
  delivery: ReturnType<typeof deliveryKpis>
}

/** Every figure that is a number, under its category. */
export function kpiValues({ operational, security, delivery }: Kpis): KpiValue[] {
  const { suspicious_clients: _, ...counted } = security
  const values = (category: KpiValue['category'], of: Record<string, number | null>): KpiValue[] =>
    Object.entries(of).map(([name, value]) => ({ name, category, value }))
  return [
    ...values('operational', operational),
    ...values('security', counted),
    ...values('delivery', delivery),
  ]
}

export const operationalNames = [
  'avg_latency_ms',
  'p95_latency_ms',
  'p99_latency_ms',
  'error_rate_percent',
  'server_error_rate_percent',
  'availability_percent',
  'total_requests',
  'requests_per_minute',
  'throughput_per_second',
] as const
export const securityNames = [
  'failed_authentications',
  'failed_authentications_per_hour',
  'rate_limit_violations',
  'rate_limit_violations_per_hour',
  'suspicious_client_count',
] as const
export const deliveryNames = [
  'deployments_per_week',
  'deployments_per_day',
  'mttr_minutes',
  'change_failure_rate_percent',
] as const
export const kpiNames = [...operationalNames, ...securityNames, ...deliveryNames] as const
