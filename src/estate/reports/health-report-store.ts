/** How the estate feels, now and over time, and what takes most of it. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import { MINUTE_MS } from '../../shared/clock.ts'
import { healthScore } from '../analytics/health-score.ts'
import type * as api from '../api/analytics.ts'
import { NOT_APPLICABLE, sinceOf } from './current.ts'
import { mean, shareWithout, two } from './figures.ts'
import type { createServersReports } from './servers-report-store.ts'
import { createServiceSums } from './service-sums-store.ts'
import { filled, type Trends } from './trends-store.ts'
import { bucketsOf } from './window.ts'

type Query<S extends z.ZodType> = z.output<S>
type Top = Query<typeof api.topResources>

/** A bucket that has just begun is judged as if it had lasted as long as a sample does. */
const LEAST_MS = MINUTE_MS / 2

export function createHealthReports(
  db: Db,
  servers: Pick<ReturnType<typeof createServersReports>, 'serversHealth'>,
  trends: Trends,
) {
  const sums = createServiceSums(db)
  const SERVERS = `SELECT r.name AS resource_name, 'server' AS resource_type, now.memory_percent AS value,
      coalesce(r.region, '_unknown') AS region, now.status
    FROM estate_server_now AS now JOIN estate_resources AS r ON r.id = now.resource WHERE now.at >= @since`
  const CONTAINERS = `SELECT r.name, 'container', now.memory_utilization, '${NOT_APPLICABLE}', now.health
    FROM estate_container_now AS now JOIN estate_resources AS r ON r.id = now.resource
    WHERE now.at >= @since AND now.memory_utilization IS NOT NULL`
  const ranked = (rows: string) =>
    db.$client.prepare<[object], Top[number]>(
      `${rows} ORDER BY value DESC, resource_type DESC, resource_name LIMIT @limit`,
    )
  const topCpu = ranked(SERVERS.replace('now.memory_percent', 'now.cpu_percent'))
  const topMemory = ranked(`${SERVERS} UNION ALL ${CONTAINERS}`)
  const rounded = (rows: Top): Top => rows.map(row => ({ ...row, value: two(row.value) }))

  return {
    systemHealth({ minutes }: Query<typeof api.healthQuery>, now: number): Query<typeof api.systemHealth> {
      const found = servers.serversHealth({ minutes }, now)
      const services = sums.ofLast(minutes * MINUTE_MS, now)
      const total = (of: 'requests' | 'failed') => services.reduce((sum, row) => sum + row[of], 0)
      const success = shareWithout(total('failed'), total('requests'))
      const { score, contributors } = healthScore({
        cpu: found.avg_cpu,
        memory: found.avg_memory,
        disk: found.avg_disk,
        success,
        criticalServers: found.critical_servers,
      })
      return {
        score,
        avg_cpu: found.avg_cpu,
        avg_memory: found.avg_memory,
        avg_disk: found.avg_disk,
        avg_success_rate: success,
        critical_servers: found.critical_servers,
        contributors,
      }
    },
    healthTrend(query: Query<typeof api.healthTrendQuery>, now: number) {
      const buckets = bucketsOf(query, now)
      const requests = new Map(trends.requestsIn(buckets).map(row => [row.bucket, row]))
      return filled(
        buckets,
        trends.serversIn(buckets),
        (time, row): Query<typeof api.healthTrend>[number] => {
          if (!row) return { time, score: null, critical_servers: null }
          const lasted = Math.max(LEAST_MS, Math.min(buckets.width, now - row.bucket))
          const critical = row.criticalMs / lasted
          const asked = requests.get(row.bucket)
          const { score } = healthScore({
            cpu: mean(row.cpu, row.samples),
            memory: mean(row.memory, row.samples),
            disk: mean(row.disk, row.diskSamples),
            success: asked ? shareWithout(asked.failed, asked.requests) : null,
            criticalServers: critical,
          })
          return { time, score, critical_servers: two(critical) }
        },
      )
    },
    topCpuResources: ({ minutes, limit }: Query<typeof api.topResourcesQuery>, now: number) =>
      rounded(topCpu.all({ since: sinceOf(minutes, now), limit })),
    topMemoryResources: ({ minutes, limit }: Query<typeof api.topResourcesQuery>, now: number) =>
      rounded(topMemory.all({ since: sinceOf(minutes, now), limit })),
  }
}
