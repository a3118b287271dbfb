/** The estate now, as the page and the WebSocket are sent it: one question, so that all figures are of one moment. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import type { systemHealth } from '../api/analytics.ts'
import type { EstateFrame } from '../api/pipeline.ts'
import type { createAnomaliesReports } from './anomalies-report-store.ts'
import type { createContainersReports } from './containers-report-store.ts'
import { sinceOf } from './current.ts'
import { mean, shareOf, shareWithout, timeOrNull, two } from './figures.ts'
import type { createServersReports } from './servers-report-store.ts'

/** What the frame of the page is made of, beside what the stages say. */
export type LiveReport = Pick<
  EstateFrame,
  'data_at' | 'simulated' | 'summary' | 'health' | 'anomalies' | 'anomalies_open'
>

export interface LiveParts {
  servers: Pick<ReturnType<typeof createServersReports>, 'serversHealth'>
  containers: Pick<ReturnType<typeof createContainersReports>, 'containersHealth'>
  anomalies: Pick<ReturnType<typeof createAnomaliesReports>, 'anomaliesOpen'>
  systemHealth: (query: { minutes: number }, now: number) => z.output<typeof systemHealth>
}

interface Newest {
  services: number
  requests: number
  failed: number
  latency: number
  latencyRequests: number
}

const ANOMALIES_MAX = 50

export function createLiveReport(db: Db, { servers, containers, anomalies, systemHealth }: LiveParts) {
  const newest = db.$client
    .prepare<[], number | null>(
      `SELECT max(at) FROM (SELECT max(at) AS at FROM estate_server_now UNION ALL
         SELECT max(at) FROM estate_container_now UNION ALL SELECT max(at) FROM estate_service_now)`,
    )
    .pluck()
  const simulated = db.$client
    .prepare<[], 0 | 1>('SELECT EXISTS (SELECT 1 FROM estate_resources WHERE is_real = 0)')
    .pluck()
  const rps = db.$client
    .prepare<[object], number | null>(
      'SELECT avg(requests_per_sec) FROM estate_container_now WHERE at >= @since',
    )
    .pluck()
  // Of the newest sample of each instance.
  const services = db.$client.prepare<[object], Newest>(
    `SELECT count(DISTINCT coalesce(r.service, r.name)) AS services, coalesce(sum(now.total_requests), 0) AS requests,
       coalesce(sum(now.failed_requests), 0) AS failed,
       coalesce(sum(now.avg_response_time_ms * now.total_requests), 0) AS latency,
       coalesce(sum(CASE WHEN now.avg_response_time_ms IS NULL THEN 0 ELSE now.total_requests END), 0) AS latencyRequests
     FROM estate_service_now AS now JOIN estate_resources AS r ON r.id = now.resource WHERE now.at >= @since`,
  )

  return {
    live({ minutes }: { minutes: number }, now: number): LiveReport {
      const since = sinceOf(minutes, now)
      const server = servers.serversHealth({ minutes }, now)
      const container = containers.containersHealth({ minutes }, now)
      const service = services.get({ since })
      if (!service) throw new Error('a count has no row')
      const { score, contributors } = systemHealth({ minutes }, now)
      const open = anomalies.anomaliesOpen(ANOMALIES_MAX)
      return {
        data_at: timeOrNull(newest.get() ?? null),
        simulated: simulated.get() === 1,
        summary: {
          servers: {
            total: server.total_servers,
            avg_cpu: server.avg_cpu,
            avg_memory: server.avg_memory,
            avg_disk: server.avg_disk,
            healthy: server.healthy_servers,
            warning: server.warning_servers,
            critical: server.critical_servers,
          },
          containers: {
            total: container.total_containers,
            avg_memory: container.avg_memory_utilization,
            avg_rps: two(rps.get({ since })),
            healthy: container.healthy_containers,
            total_restarts: container.total_restarts,
          },
          services: {
            total: service.services,
            avg_success_rate: shareWithout(service.failed, service.requests),
            avg_error_rate: shareOf(service.failed, service.requests),
            avg_latency: mean(service.latency, service.latencyRequests),
            total_requests: service.requests,
          },
        },
        health: { score, contributors },
        anomalies: open.rows,
        anomalies_open: open.total,
      }
    },
  }
}
