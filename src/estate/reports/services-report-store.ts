/** How services do. Rates are failures by requests, means are weighted by requests, percentiles are of merged sketches. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import { MINUTE_MS } from '../../shared/clock.ts'
import type * as api from '../api/services.ts'
import { mean, shareOf, shareWithout, two } from './figures.ts'
import { createServiceSums, type ServiceSums } from './service-sums-store.ts'
import { HOUR_MS } from './window.ts'

type Query<S extends z.ZodType> = z.output<S>

const success = ({ requests, failed }: ServiceSums) => shareWithout(failed, requests)
const errors = ({ requests, failed }: ServiceSums) => shareOf(failed, requests)
const latency = ({ latencySum, latencyRequests }: ServiceSums) => mean(latencySum, latencyRequests)

/** null is neither low nor high: it comes last. */
const by =
  <T>(value: (of: T) => number | null, direction: 1 | -1) =>
  (a: T, b: T): number => {
    const [one, other] = [value(a), value(b)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    return (one - other) * direction
  }

export function createServicesReports(db: Db) {
  const sums = createServiceSums(db)

  return {
    servicePerformance({ hours }: Query<typeof api.performanceQuery>, now: number) {
      const sketches = sums.sketchesOfLast(hours * HOUR_MS, null, now)
      return sums
        .ofLast(hours * HOUR_MS, now)
        .map((row): Query<typeof api.performance>[number] => ({
          service_name: row.service,
          avg_success_rate: success(row),
          avg_error_rate: errors(row),
          avg_response_time: latency(row),
          p95_response_time: two(sketches.get(row.service)?.quantile(0.95)),
          total_requests: row.requests,
          failed_requests: row.failed,
        }))
        .sort(by(row => row.avg_success_rate, 1))
    },
    successRateGauge: ({ minutes }: Query<typeof api.serviceWindowQuery>, now: number) =>
      sums
        .ofLast(minutes * MINUTE_MS, now)
        .map((row): Query<typeof api.successRateGauge>[number] => ({
          service_name: row.service,
          success_rate: success(row),
          error_rate: errors(row),
        }))
        .sort(by(row => row.success_rate, 1)),
    failedRequests: ({ hours, limit }: Query<typeof api.failedRequestsQuery>, now: number) =>
      sums
        .ofLast(hours * HOUR_MS, now)
        .map((row): Query<typeof api.failedRequests>[number] => ({
          service_name: row.service,
          total_failures: row.failed,
          total_requests: row.requests,
          avg_error_rate: errors(row),
        }))
        .sort(by(row => row.total_failures, -1))
        .slice(0, limit),
    servicesByRegion: ({ hours }: Query<typeof api.serviceHoursQuery>, now: number) =>
      sums.byRegionOfLast(hours * HOUR_MS, now).map((row): Query<typeof api.servicesByRegion>[number] => ({
        region: row.region,
        service_name: row.service,
        avg_latency: latency(row),
        avg_success_rate: success(row),
      })),
    slowest({ hours, limit }: Query<typeof api.slowestQuery>, now: number) {
      const slow = sums
        .ofLast(hours * HOUR_MS, now)
        .sort(by(latency, -1))
        .slice(0, limit)
      const sketches = sums.sketchesOfLast(hours * HOUR_MS, null, now)
      return slow.map((row): Query<typeof api.slowest>[number] => ({
        service_name: row.service,
        avg_latency: latency(row),
        p95_latency: two(sketches.get(row.service)?.quantile(0.95)),
        success_rate: success(row),
      }))
    },
    topErrors: ({ hours, limit }: Query<typeof api.topErrorsQuery>, now: number) =>
      sums
        .ofLast(hours * HOUR_MS, now)
        .map((row): Query<typeof api.topErrors>[number] => ({
          service_name: row.service,
          error_rate: errors(row),
          failed_requests: row.failed,
          total_requests: row.requests,
        }))
        .sort(by(row => row.error_rate, -1))
        .slice(0, limit),
    latencyPercentiles(query: Query<typeof api.percentilesQuery>, now: number) {
      const { hours } = query
      const service = query.service ?? null
      const sketches = sums.sketchesOfLast(hours * HOUR_MS, service, now)
      return sums
        .ofLast(hours * HOUR_MS, now)
        .filter(row => service === null || row.service === service)
        .map((row): Query<typeof api.latencyPercentiles>[number] => {
          const at = (share: number) => two(sketches.get(row.service)?.quantile(share))
          return {
            service_name: row.service,
            p50: at(0.5),
            p90: at(0.9),
            p95: at(0.95),
            p99: at(0.99),
            requests: row.requests,
          }
        })
    },
  }
}
