/** Sums by bucket of time. A bucket of which nothing is known is a row of nulls: charts show a gap, and no zero. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import type * as analytics from '../api/analytics.ts'
import type * as containers from '../api/containers.ts'
import type * as servers from '../api/servers.ts'
import { mean, shareWithout, timeOf, two } from './figures.ts'
import { type Buckets, bucketsOf } from './window.ts'

type Query<S extends z.ZodType> = z.output<S>
type TrendQuery = Query<typeof analytics.shortTrendQuery>

export interface ServerSums {
  bucket: number
  samples: number
  cpu: number
  memory: number
  disk: number
  diskSamples: number
  criticalMs: number
  cpuMax: number
}
interface ContainerSums {
  bucket: number
  rps: number
  rpsSamples: number
  rpsMax: number | null
  rpsMin: number | null
}
export interface RequestSums {
  bucket: number
  requests: number
  failed: number
}

/** Each bucket of the trend, with what is known of it. */
export function filled<Row extends { bucket: number }, Out>(
  { from, width, count }: Buckets,
  rows: readonly Row[],
  shape: (time: string, row: Row | undefined) => Out,
): Out[] {
  const known = new Map(rows.map(row => [row.bucket, row]))
  return Array.from({ length: count }, (_, index) => {
    const bucket = from + index * width
    return shape(timeOf(bucket), known.get(bucket))
  })
}

export type Trends = ReturnType<typeof createTrends>

export function createTrends(db: Db) {
  const sql = <R>(text: string) => db.$client.prepare<[object], R>(text)
  const IN_TIME = 'span = @span AND bucket >= @from AND bucket < @to'
  const BUCKET = 'bucket - bucket % @width'

  const ofServers = sql<ServerSums>(
    `SELECT ${BUCKET} AS bucket, sum(samples) AS samples, sum(cpu_sum) AS cpu, sum(memory_sum) AS memory,
       sum(disk_sum) AS disk, sum(disk_samples) AS diskSamples, sum(critical_ms) AS criticalMs, max(cpu_max) AS cpuMax
     FROM estate_server_rollups
     WHERE ${IN_TIME} AND (@region IS NULL OR region = @region)
       AND (@environment IS NULL OR environment = @environment) GROUP BY 1`,
  )
  const ofContainers = sql<ContainerSums>(
    `SELECT ${BUCKET} AS bucket, sum(rps_sum) AS rps, sum(rps_samples) AS rpsSamples, max(rps_max) AS rpsMax,
       min(rps_min) AS rpsMin FROM estate_container_rollups
     WHERE ${IN_TIME} AND (@service IS NULL OR service = @service) GROUP BY 1`,
  )
  const ofRequests = sql<RequestSums>(
    `SELECT ${BUCKET} AS bucket, sum(requests) AS requests, sum(failed) AS failed
     FROM estate_service_rollups WHERE ${IN_TIME} AND region = '*' GROUP BY 1`,
  )

  const serversIn = (buckets: Buckets, region: string | null = null, environment: string | null = null) =>
    ofServers.all({ ...buckets, region, environment })
  const requestsIn = (buckets: Buckets) => ofRequests.all(buckets)

  /** One figure of all servers. */
  function one<Name extends string>(name: Name, value: (row: ServerSums) => number | null) {
    return (query: TrendQuery, now: number) => {
      const buckets = bucketsOf(query, now)
      return filled(
        buckets,
        serversIn(buckets),
        (time, row) =>
          ({ time, [name]: row ? value(row) : null }) as { time: string } & Record<Name, number | null>,
      )
    }
  }

  return {
    serversIn,
    requestsIn,
    reports: {
      serversTrend(query: Query<typeof servers.serversTrendQuery>, now: number) {
        const buckets = bucketsOf(query, now)
        return filled(
          buckets,
          serversIn(buckets, query.region, query.environment),
          (time, row): Query<typeof servers.serversTrend>[number] => ({
            time,
            avg_cpu: row ? mean(row.cpu, row.samples) : null,
            avg_memory: row ? mean(row.memory, row.samples) : null,
            avg_disk: row ? mean(row.disk, row.diskSamples) : null,
          }),
        )
      },
      throughput(query: Query<typeof containers.throughputQuery>, now: number) {
        const buckets = bucketsOf(query, now)
        return filled(
          buckets,
          ofContainers.all({ ...buckets, service: query.service ?? null }),
          (time, row): Query<typeof containers.throughput>[number] => ({
            time,
            avg_rps: row ? mean(row.rps, row.rpsSamples) : null,
            max_rps: two(row?.rpsMax),
            min_rps: two(row?.rpsMin),
          }),
        )
      },
      cpuTrend: one('cpu', row => mean(row.cpu, row.samples)),
      memoryTrend: one('memory', row => mean(row.memory, row.samples)),
      diskTrend: one('disk', row => mean(row.disk, row.diskSamples)),
      serviceTrend(query: TrendQuery, now: number) {
        const buckets = bucketsOf(query, now)
        return filled(
          buckets,
          requestsIn(buckets),
          (time, row): Query<typeof analytics.serviceTrend>[number] => ({
            time,
            success_rate: row ? shareWithout(row.failed, row.requests) : null,
            requests: row?.requests ?? 0,
          }),
        )
      },
    },
  }
}
