/** Reads what the detectors look at: who there is, the samples of the last minutes, and what is open. */
import type { Db } from '../../db/open.ts'
import type { ResourceKind } from '../../machine/topics.ts'
import type { AnomalyFound } from '../commands.ts'
import type { HealthInput } from './health-score.ts'
import { emptySeries, type Resource, type Series } from './window.ts'

/** Of one kind and window: a flood of samples is not loaded. */
const SAMPLES_MAX = 400_000
/** Of one resource: the newest count. */
const SERIES_MAX = 150
const RESOURCES_MAX = 25_000
const OPEN_MAX = 20_000

export interface Window {
  series: Map<number, Series>
  samples: number
  /** Of those, how many are newer than `since`. */
  fresh: number
}

export interface WindowsStore {
  /** Those heard of after `from`, Unix ms. */
  resources(from: number): Resource[]
  /** Their samples after `from`, by resource. */
  window(of: { from: number; since: number; resources: readonly Resource[] }): Window
  open(): AnomalyFound[]
  /** Of those whose newest sample is after `from`. */
  health(from: number): HealthInput
}

type Row = [at: number, resource: number, ...values: (number | string | null)[]]

/** The same eight columns of all kinds: cpu, memory, disk, errors, latency, restarts, requests a second, version. */
const selects: Record<ResourceKind, string> = {
  server: `cpu_percent, memory_percent, disk_utilization, NULL, NULL, NULL, NULL, NULL FROM estate_server_samples`,
  container: `cpu_percent, memory_utilization, NULL, error_count, response_time_ms, restart_count, requests_per_sec, NULL
    FROM estate_container_samples`,
  service: `cpu_avg_percent, memory_avg_percent, NULL, error_rate_percent, avg_response_time_ms, NULL, NULL, version
    FROM estate_service_samples`,
}

const orNaN = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)

export function createWindowsStore({ $client: client }: Db): WindowsStore {
  const allResources = client.prepare(
    `SELECT id, kind, name, region, service, version, interval_ms AS intervalMs, last_at AS lastAt
     FROM estate_resources WHERE last_at > ? ORDER BY last_at DESC LIMIT ${RESOURCES_MAX}`,
  )
  // The newest first, so that what is beyond a bound is the oldest.
  const samplesOf = (kind: ResourceKind) =>
    client
      .prepare(
        `SELECT at, resource, ${selects[kind]} WHERE at > ? ORDER BY at DESC, resource DESC LIMIT ${SAMPLES_MAX}`,
      )
      .raw()
  const statements = [samplesOf('server'), samplesOf('container'), samplesOf('service')]
  const allOpen = client.prepare(
    `SELECT cause, type, detector, resource_kind AS resourceKind, resource, service, region, version, resources, value,
       expected, severity, sentence, started_at AS startedAt
     FROM estate_anomalies WHERE ended_at IS NULL ORDER BY id DESC LIMIT ${OPEN_MAX}`,
  )
  const servers = client.prepare(
    `SELECT avg(cpu_percent) AS cpu, avg(memory_percent) AS memory, avg(disk_utilization) AS disk,
       coalesce(sum(status = 'critical'), 0) AS criticalServers
     FROM estate_server_now WHERE at > ?`,
  )
  const requests = client
    .prepare(
      `SELECT 100 - 100.0 * sum(failed_requests) / sum(total_requests) FROM estate_service_now
       WHERE at > ? AND failed_requests IS NOT NULL AND total_requests > 0`,
    )
    .pluck()

  return {
    resources: from => allResources.all(from) as Resource[],
    window({ from, since, resources }) {
      const intervals = new Map(resources.map(({ id, intervalMs }) => [id, intervalMs]))
      const window: Window = { series: new Map(), samples: 0, fresh: 0 }
      for (const statement of statements)
        for (const row of statement.all(from) as Row[]) {
          window.samples++
          if (row[0] > since) window.fresh++
          const intervalMs = intervals.get(row[1])
          if (intervalMs !== undefined) take(window.series, row, intervalMs)
        }
      for (const series of window.series.values())
        for (const values of Object.values(series) as unknown[][]) values.reverse()
      return window
    },
    open: () => allOpen.all() as AnomalyFound[],
    health: from => ({
      ...(servers.get(from) as Omit<HealthInput, 'success'>),
      success: requests.get(from) as number | null,
    }),
  }
}

function take(all: Map<number, Series>, row: Row, intervalMs: number): void {
  const [at, resource, cpu, memory, disk, errors, latency, restarts, perSecond, version] = row
  let series = all.get(resource)
  if (!series) {
    series = emptySeries()
    all.set(resource, series)
  }
  if (series.at.length >= SERIES_MAX) return
  series.at.push(at)
  series.cpu.push(orNaN(cpu))
  series.memory.push(orNaN(memory))
  series.disk.push(orNaN(disk))
  // A container counts its errors; all others say a share.
  const requests = perSecond === null ? Number.NaN : (orNaN(perSecond) * intervalMs) / 1000
  const isCounted = perSecond !== null
  series.errors.push(
    isCounted ? (requests > 0 ? (100 * orNaN(errors)) / requests : Number.NaN) : orNaN(errors),
  )
  series.latency.push(orNaN(latency))
  series.restarts.push(orNaN(restarts))
  series.version.push(typeof version === 'string' ? version : null)
}
