/** Services on the wire. Percentiles are those of merged sketches, off by at most 2 % of their value. */
import { z } from 'zod'
import { count, hours, limit, minutes, ms, percent, time, trendQuery } from './common.ts'

const serviceName = z.string().meta({ example: 'checkout' })
const service = z.string().min(1).max(64).optional()

export const performanceQuery = z.object({ hours: hours(1) })
export const performance = z.array(
  z.object({
    service_name: serviceName,
    avg_success_rate: percent,
    avg_error_rate: percent,
    avg_response_time: ms,
    p95_response_time: ms,
    total_requests: count,
    failed_requests: count,
  }),
)

export const serviceTrendQuery = trendQuery.extend({
  service: service.meta({ description: 'One service only' }),
})
export const latencyTrend = z.array(
  z.object({ time, service_name: serviceName, avg_latency: ms, p95_latency: ms }),
)
export const errorRateTrend = z.array(z.object({ time, service_name: serviceName, avg_error_rate: percent }))

export const serviceWindowQuery = z.object({ minutes })
export const successRateGauge = z.array(
  z.object({ service_name: serviceName, success_rate: percent, error_rate: percent }),
)

export const failedRequestsQuery = z.object({ hours: hours(24), limit: limit(50, 200) })
export const failedRequests = z.array(
  z.object({
    service_name: serviceName,
    total_failures: count,
    total_requests: count,
    avg_error_rate: percent,
  }),
)

export const instances = z.array(
  z.object({
    service_name: serviceName,
    instances_running: count,
    cpu_avg_percent: percent,
    memory_avg_percent: percent,
    timestamp: time,
    versions: z
      .array(z.object({ version: z.string(), instances: count }))
      .max(20)
      .meta({ description: 'What runs' }),
  }),
)

export const serviceHoursQuery = z.object({ hours: hours(1) })
export const servicesByRegion = z.array(
  z.object({ region: z.string(), service_name: serviceName, avg_latency: ms, avg_success_rate: percent }),
)

export const slowestQuery = z.object({ hours: hours(1), limit: limit(10, 50) })
export const slowest = z.array(
  z.object({ service_name: serviceName, avg_latency: ms, p95_latency: ms, success_rate: percent }),
)

/** By the thresholds of the source system: success over 99 % and a mean under 500 ms is healthy; under 95 % or over 1000 ms critical. */
export const serviceStates = ['healthy', 'warning', 'critical', 'unknown'] as const
export const servicesHealth = z.object({
  total_services: count,
  healthy_services: count,
  warning_services: count,
  critical_services: count,
  unknown_services: count,
  avg_success_rate: percent,
  services: z.array(
    z.object({
      service_name: serviceName,
      status: z.enum(serviceStates),
      success_rate: percent,
      avg_response_time: ms,
      instances: count,
    }),
  ),
})

export const topErrorsQuery = z.object({ hours: hours(1), limit: limit(10, 50) })
export const topErrors = z.array(
  z.object({ service_name: serviceName, error_rate: percent, failed_requests: count, total_requests: count }),
)

export const availabilityQuery = z.object({ hours: hours(24) })
/** From the heartbeats of the instances: each sample speaks for its own interval. */
export const availability = z.array(
  z.object({
    service_name: serviceName,
    availability_percent: percent,
    instances: count,
    instances_up: count,
    heartbeats: count,
  }),
)

export const percentilesQuery = z.object({ hours: hours(1), service })
export const latencyPercentiles = z.array(
  z.object({ service_name: serviceName, p50: ms, p90: ms, p95: ms, p99: ms, requests: count }),
)
