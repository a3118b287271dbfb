/** Containers on the wire. */
import { z } from 'zod'
import { containerHealths } from '../../machine/samples.ts'
import {
  count,
  environment,
  hours,
  limit,
  minutes,
  ms,
  offset,
  percent,
  perSecond,
  search,
  time,
  trendQuery,
} from './common.ts'

const health = z.enum(containerHealths)
const containerId = z.string().meta({ example: 'container-00001' })
const serviceName = z.string().nullable()
const service = z.string().min(1).max(64).optional()
const megabytes = z.number().min(0).nullable()

export const containersHealthQuery = z.object({ minutes, service })
export const containersHealth = z.object({
  total_containers: count,
  healthy_containers: count,
  degraded_containers: count,
  unhealthy_containers: count,
  avg_memory_utilization: percent,
  total_restarts: count.meta({ description: 'Restarts in the minutes asked for' }),
})

export const containerSorts = [
  'container_id',
  'service_name',
  'cpu_percent',
  'memory_utilization',
  'requests_per_sec',
  'health',
  'timestamp',
] as const
export const containersCurrentQuery = z.object({
  minutes,
  limit: limit(50, 100),
  offset,
  sort: z.enum(containerSorts).default('container_id'),
  order: z.enum(['asc', 'desc']).default('asc'),
  service,
  environment,
  health: health.optional(),
  search,
})
export const containersCurrent = z.array(
  z.object({
    timestamp: time,
    container_id: containerId,
    service_name: serviceName,
    version: z.string().nullable(),
    environment: z.string().nullable(),
    cpu_percent: percent,
    memory_utilization: percent,
    requests_per_sec: perSecond,
    response_time_ms: ms,
    restart_count: count.nullable(),
    health,
    real: z.boolean(),
  }),
)

export const containersByService = z.array(
  z.object({
    service_name: z.string(),
    container_count: count,
    avg_memory: percent,
    avg_rps: perSecond,
    total_restarts: count,
    healthy_count: count,
  }),
)

export const highMemoryQuery = z.object({
  minutes,
  threshold: z.coerce.number().min(0).max(100).default(80),
  limit: limit(20, 50),
})
export const highMemory = z.array(
  z.object({
    container_id: containerId,
    service_name: serviceName,
    memory_utilization: percent,
    memory_mb: megabytes,
    memory_limit_mb: megabytes,
    health,
    timestamp: time,
  }),
)

export const restartsQuery = z.object({ hours: hours(24), limit: limit(50, 200) })
/** Who restarted in the hours asked for, most first. */
export const restarts = z.array(
  z.object({
    container_id: containerId,
    service_name: serviceName,
    restart_count: count.meta({ description: 'In the hours asked for' }),
    restart_count_total: count.nullable().meta({ description: 'As the container last told' }),
    health,
    last_seen: time,
  }),
)

export const throughputQuery = trendQuery.extend({ service })
/** Requests a second of a container. */
export const throughput = z.array(
  z.object({ time, avg_rps: perSecond, max_rps: perSecond, min_rps: perSecond }),
)
