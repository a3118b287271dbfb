/** Servers on the wire. */
import { z } from 'zod'
import { serverStatuses } from '../../machine/samples.ts'
import {
  count,
  environment,
  hours,
  limit,
  minutes,
  offset,
  order,
  percent,
  region,
  search,
  time,
  trendQuery,
} from './common.ts'

const status = z.enum(serverStatuses)
const serverId = z.string().meta({ example: 'server-0001' })
const gigabytes = z.number().min(0).nullable()

export const serversHealthQuery = z.object({ minutes, region, environment })
export const serversHealth = z.object({
  total_servers: count,
  healthy_servers: count,
  warning_servers: count,
  critical_servers: count,
  avg_cpu: percent,
  avg_memory: percent,
  avg_disk: percent,
})

export const serverSorts = [
  'server_id',
  'region',
  'cpu_percent',
  'memory_percent',
  'disk_utilization',
  'status',
  'timestamp',
] as const
export const serversCurrentQuery = z.object({
  minutes,
  limit: limit(50, 100),
  offset,
  sort: z.enum(serverSorts).default('server_id'),
  order: z.enum(['asc', 'desc']).default('asc'),
  region,
  environment,
  status: status.optional(),
  search,
})
export const serversCurrent = z.array(
  z.object({
    timestamp: time,
    server_id: serverId,
    region: z.string().nullable(),
    environment: z.string().nullable(),
    version: z.string().nullable(),
    cpu_percent: percent,
    memory_percent: percent,
    disk_utilization: percent,
    status,
    real: z.boolean(),
  }),
)

export const serversTrendQuery = trendQuery.extend({ region, environment })
export const serversTrend = z.array(
  z.object({ time, avg_cpu: percent, avg_memory: percent, avg_disk: percent }),
)

export const windowQuery = z.object({ minutes })
export const serversByRegion = z.array(
  z.object({
    region: z.string(),
    server_count: count,
    avg_cpu: percent,
    avg_memory: percent,
    avg_disk: percent,
  }),
)

export const topCpuQuery = z.object({ minutes, limit: limit(10, 50) })
export const topCpu = z.array(
  z.object({
    server_id: serverId,
    region: z.string().nullable(),
    cpu_percent: percent,
    status,
    timestamp: time,
  }),
)

export const diskUsageQuery = z.object({
  minutes,
  threshold: z.coerce.number().min(0).max(100).default(50),
  limit: limit(100, 1000),
  offset,
})
export const diskUsage = z.array(
  z.object({
    server_id: serverId,
    region: z.string().nullable(),
    disk_used_gb: gigabytes,
    disk_total_gb: gigabytes,
    disk_utilization: percent,
    timestamp: time,
    days_until_full: z.number().min(0).nullable().meta({
      description: 'At the pace of the last seven days; null: it does not grow, or too little is known',
    }),
  }),
)

export const uptimeQuery = z.object({
  hours: hours(24),
  limit: limit(100, 1000),
  offset,
  order: order.default('asc'),
})
/** From heartbeats: each sample speaks for its own interval. */
export const uptimeSummary = z.array(
  z.object({
    server_id: serverId,
    region: z.string().nullable(),
    uptime_percent: percent.meta({
      description: 'Of the time since it was first heard of, within the hours asked for',
    }),
    heartbeats: count,
    last_seen: time,
    is_up: z.boolean(),
    since: time.meta({ description: 'When it was first heard of' }),
  }),
)
