/** What is known of servers now. One server is one row of the table of now, so it counts once. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import type { ServerStatus } from '../../machine/samples.ts'
import type * as api from '../api/servers.ts'
import { inOrders, sinceOf, UNKNOWN } from './current.ts'
import { timeOf, two } from './figures.ts'
import { Page } from './found.ts'

type Query<S extends z.ZodType> = z.output<S>

const JOINED = 'estate_server_now AS now JOIN estate_resources AS r ON r.id = now.resource'
const FILTERED = `now.at >= @since AND (@region IS NULL OR coalesce(r.region, '${UNKNOWN}') = @region)
  AND (@environment IS NULL OR coalesce(r.environment, '${UNKNOWN}') = @environment)`
const LISTED = `${FILTERED} AND (@status IS NULL OR now.status = @status)
  AND (@search IS NULL OR instr(lower(r.name), lower(@search)) > 0)`

interface Current {
  at: number
  name: string
  region: string | null
  environment: string | null
  version: string | null
  cpu: number
  memory: number
  disk: number | null
  status: ServerStatus
  isReal: 0 | 1
}
interface Means {
  servers: number
  cpu: number | null
  memory: number | null
  disk: number | null
  critical: number
}
const MEANS = `count(*) AS servers, avg(now.cpu_percent) AS cpu, avg(now.memory_percent) AS memory,
  avg(now.disk_utilization) AS disk, coalesce(sum(now.status = 'critical'), 0) AS critical`

export function createServersReports(db: Db) {
  const sql = <R>(text: string) => db.$client.prepare<[object], R>(text)

  const health = sql<Means & { healthy: number; warning: number }>(
    `SELECT ${MEANS}, coalesce(sum(now.status = 'healthy'), 0) AS healthy,
       coalesce(sum(now.status = 'warning'), 0) AS warning FROM ${JOINED} WHERE ${FILTERED}`,
  )
  const total = db.$client.prepare<[object], number>(`SELECT count(*) FROM ${JOINED} WHERE ${LISTED}`).pluck()
  const list = inOrders(
    {
      server_id: 'name',
      region: 'region',
      cpu_percent: 'cpu',
      memory_percent: 'memory',
      disk_utilization: 'disk',
      status: `CASE now.status WHEN 'critical' THEN 3 WHEN 'warning' THEN 2 ELSE 1 END`,
      timestamp: 'at',
    },
    orderBy =>
      sql<Current>(
        `SELECT now.at, r.name, r.region, r.environment, r.version, now.cpu_percent AS cpu,
           now.memory_percent AS memory, now.disk_utilization AS disk, now.status, r.is_real AS isReal
         FROM ${JOINED} WHERE ${LISTED} ORDER BY ${orderBy} LIMIT @limit OFFSET @offset`,
      ),
  )
  const regions = sql<Means & { region: string }>(
    `SELECT coalesce(r.region, '${UNKNOWN}') AS region, ${MEANS} FROM ${JOINED} WHERE now.at >= @since
     GROUP BY 1 ORDER BY servers DESC, 1`,
  )
  const top = sql<Current>(
    `SELECT now.at, r.name, r.region, now.cpu_percent AS cpu, now.status FROM ${JOINED} WHERE now.at >= @since
     ORDER BY now.cpu_percent DESC, r.name LIMIT @limit`,
  )

  const byRegion = (minutes: number, now: number) => regions.all({ since: sinceOf(minutes, now) })
  const means = ({ cpu, memory, disk }: Means) => ({
    avg_cpu: two(cpu),
    avg_memory: two(memory),
    avg_disk: two(disk),
  })

  return {
    serversHealth(query: Query<typeof api.serversHealthQuery>, now: number): Query<typeof api.serversHealth> {
      const { region = null, environment = null } = query
      const found = health.get({ region, environment, since: sinceOf(query.minutes, now) })
      if (!found) throw new Error('a count has no row')
      return {
        total_servers: found.servers,
        healthy_servers: found.healthy,
        warning_servers: found.warning,
        critical_servers: found.critical,
        ...means(found),
      }
    },
    serversCurrent(query: Query<typeof api.serversCurrentQuery>, now: number) {
      const { region = null, environment = null, status = null, search = null, limit, offset } = query
      const filter = { region, environment, status, search, since: sinceOf(query.minutes, now) }
      const rows = list(query).all({ ...filter, limit, offset })
      return new Page<Query<typeof api.serversCurrent>[number]>(
        rows.map(row => ({
          timestamp: timeOf(row.at),
          server_id: row.name,
          region: row.region,
          environment: row.environment,
          version: row.version,
          cpu_percent: two(row.cpu),
          memory_percent: two(row.memory),
          disk_utilization: two(row.disk),
          status: row.status,
          real: row.isReal === 1,
        })),
        total.get(filter) ?? 0,
      )
    },
    serversByRegion: (
      { minutes }: Query<typeof api.windowQuery>,
      now: number,
    ): Query<typeof api.serversByRegion> =>
      byRegion(minutes, now).map(row => ({
        region: row.region,
        server_count: row.servers,
        ...means(row),
      })),
    regionalSummary: ({ minutes }: Query<typeof api.windowQuery>, now: number) =>
      byRegion(minutes, now).map(row => ({
        region: row.region,
        server_count: row.servers,
        ...means(row),
        critical_count: row.critical,
      })),
    topCpu: ({ minutes, limit }: Query<typeof api.topCpuQuery>, now: number): Query<typeof api.topCpu> =>
      top.all({ since: sinceOf(minutes, now), limit }).map(row => ({
        server_id: row.name,
        region: row.region,
        cpu_percent: two(row.cpu),
        status: row.status,
        timestamp: timeOf(row.at),
      })),
  }
}
