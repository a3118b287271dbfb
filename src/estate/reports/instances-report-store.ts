/** The instances of services: how many run, in which versions, how they are, and how much of the time they were there. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import { MINUTE_MS } from '../../shared/clock.ts'
import type * as api from '../api/services.ts'
import { sinceOf } from './current.ts'
import { mean, shareOf, shareWithout, timeOf, two } from './figures.ts'
import { createServiceSums } from './service-sums-store.ts'
import { isUp, upSpanOf } from './uptime.ts'
import { beginningOf, HOUR_MS, piecesOf } from './window.ts'

type Query<S extends z.ZodType> = z.output<S>

const VERSIONS_MAX = 20
/** Success in percent and mean response time in ms, as the source system judges them. */
const HEALTHY = { success: 99, ms: 500 }
const CRITICAL = { success: 95, ms: 1000 }

const SERVICE = `coalesce(r.service, r.name)`
/** One that speaks for its whole service says how many there are. */
const INSTANCES = `CASE WHEN r.name = ${SERVICE} THEN coalesce(now.instances_running, 1) ELSE 1 END`

interface Running {
  service: string
  instances: number
  cpu: number | null
  memory: number | null
  at: number
}
interface Instance {
  service: string
  firstAt: number
  lastAt: number
  intervalMs: number
}

export function createInstancesReports(db: Db) {
  const sums = createServiceSums(db)
  const running = db.$client.prepare<[object], Running>(
    `SELECT ${SERVICE} AS service, sum(${INSTANCES}) AS instances, avg(now.cpu_avg_percent) AS cpu,
       avg(now.memory_avg_percent) AS memory, max(now.at) AS at
     FROM estate_service_now AS now JOIN estate_resources AS r ON r.id = now.resource
     WHERE now.at >= @since GROUP BY 1 ORDER BY 1`,
  )
  const versions = db.$client.prepare<[object], { service: string; version: string; instances: number }>(
    `SELECT ${SERVICE} AS service, r.version, sum(${INSTANCES}) AS instances
     FROM estate_service_now AS now JOIN estate_resources AS r ON r.id = now.resource
     WHERE now.at >= @since AND r.version IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2`,
  )
  const known = db.$client.prepare<[], string>(
    `SELECT DISTINCT ${SERVICE} FROM estate_resources AS r WHERE r.kind = 'service' ORDER BY 1`,
  )
  const heard = db.$client.prepare<[object], Instance>(
    `SELECT ${SERVICE} AS service, r.first_at AS firstAt, r.last_at AS lastAt, r.interval_ms AS intervalMs
     FROM estate_resources AS r WHERE r.kind = 'service' AND r.last_at >= @from`,
  )

  return {
    instances({ minutes }: Query<typeof api.serviceWindowQuery>, now: number) {
      const since = sinceOf(minutes, now)
      const found = grouped(versions.all({ since }))
      return running.all({ since }).map((row): Query<typeof api.instances>[number] => ({
        service_name: row.service,
        instances_running: row.instances,
        cpu_avg_percent: two(row.cpu),
        memory_avg_percent: two(row.memory),
        timestamp: timeOf(row.at),
        versions: (found.get(row.service) ?? [])
          .slice(0, VERSIONS_MAX)
          .map(({ version, instances }) => ({ version, instances })),
      }))
    },
    servicesHealth({ minutes }: Query<typeof api.serviceWindowQuery>, now: number) {
      const bySum = new Map(sums.ofLast(minutes * MINUTE_MS, now).map(row => [row.service, row]))
      const runs = new Map(running.all({ since: sinceOf(minutes, now) }).map(row => [row.service, row]))
      const services = known
        .pluck()
        .all()
        .map(name => {
          const found = bySum.get(name)
          const success = found ? shareWithout(found.failed, found.requests) : null
          const ms = found ? mean(found.latencySum, found.latencyRequests) : null
          return {
            service_name: name,
            status: stateOf(success, ms),
            success_rate: success,
            avg_response_time: ms,
            instances: runs.get(name)?.instances ?? 0,
          }
        })
      const count = (state: string) => services.filter(({ status }) => status === state).length
      const all = [...bySum.values()]
      const total = (of: 'requests' | 'failed') => all.reduce((sum, row) => sum + row[of], 0)
      return {
        total_services: services.length,
        healthy_services: count('healthy'),
        warning_services: count('warning'),
        critical_services: count('critical'),
        unknown_services: count('unknown'),
        avg_success_rate: shareWithout(total('failed'), total('requests')),
        services,
      } satisfies Query<typeof api.servicesHealth>
    },
    availability({ hours }: Query<typeof api.availabilityQuery>, now: number) {
      const pieces = piecesOf(hours * HOUR_MS, now)
      const from = beginningOf(pieces)
      const covered = new Map(sums.ofPieces(pieces).map(row => [row.service, row]))
      const services = grouped(heard.all({ from }))
      return [...services]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([service, instances]): Query<typeof api.availability>[number] => {
          const expected = instances.reduce((sum, one) => sum + upSpanOf(one, from, now), 0)
          const found = covered.get(service)
          return {
            service_name: service,
            availability_percent: shareOf(found?.coveredMs ?? 0, expected),
            instances: instances.length,
            instances_up: instances.filter(one => isUp(one, now)).length,
            heartbeats: found?.samples ?? 0,
          }
        })
    },
  }
}

function stateOf(
  success: number | null,
  ms: number | null,
): Query<typeof api.servicesHealth>['services'][number]['status'] {
  if (success === null) return 'unknown'
  if (success < CRITICAL.success || (ms ?? 0) > CRITICAL.ms) return 'critical'
  return success > HEALTHY.success && (ms ?? 0) < HEALTHY.ms ? 'healthy' : 'warning'
}

/** The rows of each service. */
function grouped<Row extends { service: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.service)
    if (group) group.push(row)
    else groups.set(row.service, [row])
  }
  return groups
}
