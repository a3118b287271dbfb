/** Response times and errors of services by bucket of time: a row for each bucket and service. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import type * as api from '../api/services.ts'
import { mean, shareOf, timeOf, two } from './figures.ts'
import { Refused } from './found.ts'
import { MergedSketch } from './sketch-text.ts'
import { type Buckets, bucketsOf } from './window.ts'

type Query<S extends z.ZodType> = z.output<S>
type TrendQuery = Query<typeof api.serviceTrendQuery>

/** As the table has them, one for each of its buckets. */
type Row = [
  service: string,
  bucket: number,
  requests: number,
  failed: number,
  latency: number,
  latencyRequests: number,
  p95: number | null,
  sketch: string | null,
]

/** Ten services at the most buckets. */
const ROWS_MAX = 20_160

export function createServiceTrends(db: Db) {
  const services = db.$client
    .prepare<[object], string>(
      `SELECT DISTINCT coalesce(service, name) FROM estate_resources WHERE kind = 'service'
       AND last_at >= @from AND first_at < @to AND (@service IS NULL OR coalesce(service, name) = @service) ORDER BY 1`,
    )
    .pluck()
  const COLUMNS = 'r.service, r.bucket, r.requests, r.failed, r.latency_sum, r.latency_requests, r.p95_ms'
  const prepared = (sketch: string) => ({
    ofAll: db.$client
      .prepare<[object], Row>(
        `SELECT ${COLUMNS}, ${sketch} FROM estate_service_rollups AS r
         WHERE r.span = @span AND r.bucket >= @from AND r.bucket < @to AND r.region = '*'`,
      )
      .raw(),
    // Each row of one service is found by its whole key: those of the others are not read.
    ofOne: db.$client
      .prepare<[object], Row>(
        `SELECT ${COLUMNS}, ${sketch} FROM json_each(@starts) AS start CROSS JOIN estate_service_rollups AS r
         ON r.span = @span AND r.bucket = start.value AND r.service = @service AND r.region = '*'`,
      )
      .raw(),
  })
  const plain = prepared('NULL')
  const withSketch = prepared('r.sketch')

  /** @throws Refused when there are too many of both */
  function trend<Out>(
    query: TrendQuery,
    now: number,
    isMerged: (buckets: Buckets) => boolean,
    shape: (time: string, service: string, sums: Sums | undefined) => Out,
  ): Out[] {
    const buckets = bucketsOf(query, now)
    const { from, to, span, width, count } = buckets
    const service = query.service ?? null
    const names = services.all({ from, to, service })
    if (names.length * count > ROWS_MAX)
      throw new Refused(
        'interval',
        `${count} buckets of ${names.length} services are more than ${ROWS_MAX} rows: name one service, or choose a longer interval`,
      )
    const statements = isMerged(buckets) ? withSketch : plain
    const rows =
      service === null
        ? statements.ofAll.iterate({ span, from, to })
        : statements.ofOne.iterate({ span, service, starts: JSON.stringify(startsOf(buckets)) })
    const sums = summed(rows, names, buckets)
    const all: Out[] = []
    for (let index = 0; index < count; index++) {
      const time = timeOf(from + index * width)
      for (const name of names) all.push(shape(time, name, sums.get(name)?.[index]))
    }
    return all
  }

  return {
    latencyTrend: (query: TrendQuery, now: number) =>
      trend(
        query,
        now,
        ({ width, span }) => width > span,
        (time, service_name, sums): Query<typeof api.latencyTrend>[number] => ({
          time,
          service_name,
          avg_latency: sums ? mean(sums.latency, sums.latencyRequests) : null,
          p95_latency: two(sums?.p95),
        }),
      ),
    errorRateTrend: (query: TrendQuery, now: number) =>
      trend(
        query,
        now,
        () => false,
        (time, service_name, sums): Query<typeof api.errorRateTrend>[number] => ({
          time,
          service_name,
          avg_error_rate: sums ? shareOf(sums.failed, sums.requests) : null,
        }),
      ),
  }
}

interface Sums {
  requests: number
  failed: number
  latency: number
  latencyRequests: number
  /** Of a bucket that is made of several: from their sketches, where they were read. It is no mean of theirs. */
  p95: number | null
}

/** The beginnings of the table's own buckets. */
const startsOf = ({ from, to, span }: Buckets): number[] =>
  Array.from({ length: (to - from) / span }, (_, index) => from + index * span)

/** The sums of each service by the number of the bucket. @param rows in the order of time */
function summed(rows: Iterable<Row>, names: readonly string[], { from, width, count }: Buckets) {
  const columns = new Map(
    names.map(name => [
      name,
      { sums: new Array<Sums | undefined>(count).fill(undefined), sketch: new MergedSketch(), open: -1 },
    ]),
  )
  for (const [service, bucket, requests, failed, latency, latencyRequests, p95, text] of rows) {
    const column = columns.get(service)
    if (!column) continue
    const index = Math.floor((bucket - from) / width)
    const sums = column.sums[index] ?? { requests: 0, failed: 0, latency: 0, latencyRequests: 0, p95 }
    column.sums[index] = sums
    sums.requests += requests
    sums.failed += failed
    sums.latency += latency
    sums.latencyRequests += latencyRequests
    if (text === null) continue
    if (index !== column.open) column.sketch.clear()
    column.open = index
    column.sketch.add(text)
    sums.p95 = column.sketch.quantile(0.95)
  }
  return new Map(Array.from(columns, ([name, { sums }]) => [name, sums]))
}
