/** What is known of containers now, and how often they restarted. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import type { ContainerHealth } from '../../machine/samples.ts'
import type * as api from '../api/containers.ts'
import { inOrders, sinceOf, UNKNOWN } from './current.ts'
import { timeOf, two } from './figures.ts'
import { Page } from './found.ts'
import { inPieces } from './pieces-store.ts'
import { piecesOf } from './window.ts'

type Query<S extends z.ZodType> = z.output<S>

const JOINED = 'estate_container_now AS now JOIN estate_resources AS r ON r.id = now.resource'
const FILTERED = `now.at >= @since AND (@service IS NULL OR coalesce(r.service, '${UNKNOWN}') = @service)`
const LISTED = `${FILTERED} AND (@environment IS NULL OR coalesce(r.environment, '${UNKNOWN}') = @environment)
  AND (@health IS NULL OR now.health = @health)
  AND (@search IS NULL OR instr(lower(r.name), lower(@search)) > 0)`

interface Current {
  at: number
  name: string
  service: string | null
  version: string | null
  environment: string | null
  cpu: number
  memory: number | null
  memoryMb: number
  limitMb: number | null
  rps: number | null
  responseMs: number | null
  restarts: number | null
  health: ContainerHealth
  isReal: 0 | 1
}
const CURRENT = `now.at, r.name, r.service, r.version, r.environment, now.cpu_percent AS cpu,
  now.memory_utilization AS memory, now.memory_mb AS memoryMb, now.memory_limit_mb AS limitMb,
  now.requests_per_sec AS rps, now.response_time_ms AS responseMs, now.restart_count AS restarts, now.health,
  r.is_real AS isReal`

export function createContainersReports(db: Db) {
  const sql = <R>(text: string) => db.$client.prepare<[object], R>(text)
  const number = (text: string) => db.$client.prepare<[object], number>(text).pluck()

  const health = sql<{ containers: number; healthy: number; degraded: number; memory: number | null }>(
    `SELECT count(*) AS containers, coalesce(sum(now.health = 'healthy'), 0) AS healthy,
       coalesce(sum(now.health = 'degraded'), 0) AS degraded, avg(now.memory_utilization) AS memory
     FROM ${JOINED} WHERE ${FILTERED}`,
  )
  const restarted = sql<{ service: string; restarts: number }>(
    `SELECT r.service, sum(r.restarts) AS restarts FROM ${inPieces('estate_container_rollups')}
     WHERE @service IS NULL OR r.service = @service GROUP BY r.service`,
  )
  const total = number(`SELECT count(*) FROM ${JOINED} WHERE ${LISTED}`)
  const list = inOrders(
    {
      container_id: 'name',
      service_name: 'service',
      cpu_percent: 'cpu',
      memory_utilization: 'memory',
      requests_per_sec: 'rps',
      health: `CASE now.health WHEN 'unhealthy' THEN 3 WHEN 'degraded' THEN 2 ELSE 1 END`,
      timestamp: 'at',
    },
    orderBy =>
      sql<Current>(
        `SELECT ${CURRENT} FROM ${JOINED} WHERE ${LISTED} ORDER BY ${orderBy} LIMIT @limit OFFSET @offset`,
      ),
  )
  const services = sql<{
    service: string
    containers: number
    memory: number | null
    rps: number | null
    healthy: number
  }>(
    `SELECT coalesce(r.service, '${UNKNOWN}') AS service, count(*) AS containers, avg(now.memory_utilization) AS memory,
       avg(now.requests_per_sec) AS rps, sum(now.health = 'healthy') AS healthy
     FROM ${JOINED} WHERE now.at >= @since GROUP BY 1 ORDER BY 1`,
  )
  const highMemory = sql<Current>(
    `SELECT ${CURRENT} FROM ${JOINED} WHERE now.at >= @since AND now.memory_utilization > @threshold
     ORDER BY now.memory_utilization DESC, r.name LIMIT @limit`,
  )
  // A count below the one before: the container was made anew.
  const restarts = sql<Current & { came: number }>(
    `SELECT ${CURRENT}, counted.came FROM (
       SELECT resource, sum(CASE WHEN count < before THEN count ELSE count - before END) AS came
       FROM (SELECT resource, at, count, lag(count) OVER (PARTITION BY resource ORDER BY at) AS before
             FROM estate_restarts)
       WHERE at >= @from AND before IS NOT NULL GROUP BY resource
     ) AS counted JOIN estate_container_now AS now ON now.resource = counted.resource
       JOIN estate_resources AS r ON r.id = now.resource
     WHERE counted.came > 0 ORDER BY counted.came DESC, r.name LIMIT @limit`,
  )

  const restartsOf = (minutes: number, service: string | null, now: number) =>
    restarted.all({ service, pieces: JSON.stringify(piecesOf(minutes * 60_000, now)) })

  return {
    containersHealth(
      query: Query<typeof api.containersHealthQuery>,
      now: number,
    ): Query<typeof api.containersHealth> {
      const { minutes } = query
      const service = query.service ?? null
      const found = health.get({ service, since: sinceOf(minutes, now) })
      if (!found) throw new Error('a count has no row')
      const { containers, healthy, degraded, memory } = found
      return {
        total_containers: containers,
        healthy_containers: healthy,
        degraded_containers: degraded,
        unhealthy_containers: containers - healthy - degraded,
        avg_memory_utilization: two(memory),
        total_restarts: restartsOf(minutes, service, now).reduce((sum, row) => sum + row.restarts, 0),
      }
    },
    containersCurrent(query: Query<typeof api.containersCurrentQuery>, now: number) {
      const { service = null, environment = null, health = null, search = null, limit, offset } = query
      const filter = { service, environment, health, search, since: sinceOf(query.minutes, now) }
      const rows = list(query).all({ ...filter, limit, offset })
      return new Page<Query<typeof api.containersCurrent>[number]>(
        rows.map(row => ({
          timestamp: timeOf(row.at),
          container_id: row.name,
          service_name: row.service,
          version: row.version,
          environment: row.environment,
          cpu_percent: two(row.cpu),
          memory_utilization: two(row.memory),
          requests_per_sec: two(row.rps),
          response_time_ms: two(row.responseMs),
          restart_count: row.restarts,
          health: row.health,
          real: row.isReal === 1,
        })),
        total.get(filter) ?? 0,
      )
    },
    containersByService(
      { minutes }: { minutes: number },
      now: number,
    ): Query<typeof api.containersByService> {
      const came = new Map(restartsOf(minutes, null, now).map(row => [row.service, row.restarts]))
      return services.all({ since: sinceOf(minutes, now) }).map(row => ({
        service_name: row.service,
        container_count: row.containers,
        avg_memory: two(row.memory),
        avg_rps: two(row.rps),
        total_restarts: came.get(row.service) ?? 0,
        healthy_count: row.healthy,
      }))
    },
    highMemory: (
      { minutes, threshold, limit }: Query<typeof api.highMemoryQuery>,
      now: number,
    ): Query<typeof api.highMemory> =>
      highMemory.all({ threshold, limit, since: sinceOf(minutes, now) }).map(row => ({
        container_id: row.name,
        service_name: row.service,
        memory_utilization: two(row.memory),
        memory_mb: two(row.memoryMb),
        memory_limit_mb: two(row.limitMb),
        health: row.health,
        timestamp: timeOf(row.at),
      })),
    restarts: ({ hours, limit }: Query<typeof api.restartsQuery>, now: number): Query<typeof api.restarts> =>
      restarts.all({ from: now - hours * 3_600_000, limit }).map(row => ({
        container_id: row.name,
        service_name: row.service,
        restart_count: row.came,
        restart_count_total: row.restarts,
        health: row.health,
        last_seen: timeOf(row.at),
      })),
  }
}
