/** Of services. */
import * as services from '../../src/estate/api/services.ts'
import { buckets, hoursOf, rhythm, secondsAgo, serviceNames, share, two } from './estate-numbers.ts'
import type { Reply } from './estate-replies.ts'

const byService = <T>(make: (service_name: string, index: number) => T): T[] => serviceNames.map(make)
const failing = (name: string) => name === 'checkout'

export const serviceReplies: Record<string, Reply> = {
  '/api/services/health': {
    shape: services.servicesHealth,
    data: () => ({
      total_services: 20,
      healthy_services: 18,
      warning_services: 1,
      critical_services: 1,
      unknown_services: 0,
      avg_success_rate: 99.42,
      services: byService((service_name, index) => ({
        service_name,
        status: failing(service_name) ? ('critical' as const) : index === 5 ? 'warning' : 'healthy',
        success_rate: failing(service_name) ? 92.3 : two(99.2 + share(index) * 0.8),
        avg_response_time: two(60 + share(index) * 200),
        instances: 25,
      })),
    }),
  },
  '/api/services/performance': {
    shape: services.performance,
    data: () =>
      byService((service_name, index) => {
        const requests = Math.floor(200_000 + share(index) * 3_000_000)
        const failed = Math.floor(requests * (failing(service_name) ? 0.077 : share(index + 1) * 0.008))
        return {
          service_name,
          avg_success_rate: two(100 - (100 * failed) / requests),
          avg_error_rate: two((100 * failed) / requests),
          avg_response_time: two(60 + share(index) * 200),
          p95_response_time: two(180 + share(index) * 500),
          total_requests: requests,
          failed_requests: failed,
        }
      }),
  },
  '/api/services/latency-percentiles': {
    shape: services.latencyPercentiles,
    data: () =>
      byService((service_name, index) => ({
        service_name,
        p50: two(50 + share(index) * 160),
        p90: two(130 + share(index) * 380),
        p95: two(180 + share(index) * 500),
        p99: two(300 + share(index) * 900),
        requests: Math.floor(200_000 + share(index) * 3_000_000),
      })),
  },
  '/api/services/availability': {
    shape: services.availability,
    data: () =>
      byService((service_name, index) => ({
        service_name,
        availability_percent: index === 2 ? null : two(99.1 + share(index) * 0.9),
        instances: 25,
        instances_up: 25,
        heartbeats: 72_000,
      })),
  },
  '/api/services/latency-trend': {
    shape: services.latencyTrend,
    data: query =>
      buckets(hoursOf(query, 24)).map(time => {
        const service_name = query.get('service') ?? 'checkout'
        const seed = serviceNames.indexOf(service_name) * 9
        const avg = rhythm(time, 90 + seed, 30, seed)
        return {
          time,
          service_name,
          avg_latency: avg,
          p95_latency: two(avg * (2.4 + share(seed + Date.parse(time) / 3e5) * 0.4)),
        }
      }),
  },
  '/api/services/error-rate-trend': {
    shape: services.errorRateTrend,
    data: query =>
      buckets(hoursOf(query, 24)).map((time, index, all) => {
        const service_name = query.get('service') ?? 'checkout'
        const burst = failing(service_name) && index > all.length * 0.94 ? 12 : 0
        return {
          time,
          service_name,
          avg_error_rate: two(
            burst + rhythm(time, 0.3 + serviceNames.indexOf(service_name) / 20, 0.2, service_name.length),
          ),
        }
      }),
  },
  '/api/services/failed-requests': {
    shape: services.failedRequests,
    data: () =>
      byService((service_name, index) => ({
        service_name,
        total_failures: failing(service_name) ? 184_220 : Math.floor(share(index) * 24_000),
        total_requests: 2_400_000,
        avg_error_rate: failing(service_name) ? 7.68 : two(share(index)),
      }))
        .sort((a, b) => b.total_failures - a.total_failures)
        .slice(0, 10),
  },
  '/api/services/instances': {
    shape: services.instances,
    data: () =>
      byService((service_name, index) => ({
        service_name,
        instances_running: 25,
        cpu_avg_percent: two(30 + share(index) * 40),
        memory_avg_percent: two(40 + share(index + 1) * 30),
        timestamp: secondsAgo(9),
        versions: failing(service_name)
          ? [
              { version: 'v2.4.1', instances: 19 },
              { version: 'v2.4.2', instances: 6 },
            ]
          : index === 3
            ? [
                { version: 'v3.0.0', instances: 20 },
                { version: 'v3.1.0-rc.1', instances: 5 },
              ]
            : [{ version: `v2.${index}.0`, instances: 25 }],
      })),
  },
  '/api/services/top-errors': {
    shape: services.topErrors,
    data: () =>
      byService((service_name, index) => ({
        service_name,
        error_rate: failing(service_name) ? 7.68 : two(share(index)),
        failed_requests: failing(service_name) ? 184_220 : Math.floor(share(index) * 24_000),
        total_requests: 2_400_000,
      }))
        .sort((a, b) => b.error_rate - a.error_rate)
        .slice(0, 8),
  },
}
