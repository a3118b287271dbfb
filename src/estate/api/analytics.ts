/** What is made of it all, on the wire. */
import { z } from 'zod'
import { faultKinds } from '../../machine/notices.ts'
import { serverStatuses } from '../../machine/samples.ts'
import { resourceKinds } from '../../machine/topics.ts'
import { count, hours, interval, limit, minutes, percent, time } from './common.ts'

export const healthQuery = z.object({ minutes })
export const contributor = z.object({
  part: z.enum(['cpu', 'memory', 'disk', 'success', 'critical_servers']),
  points: z.number().min(0).meta({ description: 'Of the 100 that it takes away' }),
  sentence: z.string(),
})
export const systemHealth = z.object({
  score: percent.meta({ description: 'null: unknown, there is no data' }),
  avg_cpu: percent,
  avg_memory: percent,
  avg_disk: percent,
  avg_success_rate: percent,
  critical_servers: count,
  contributors: z.array(contributor).max(3).meta({ description: 'The three that take most away' }),
})

export const healthTrendQuery = z.object({ hours: hours(24), interval })
export const healthTrend = z.array(
  z.object({
    time,
    score: percent,
    critical_servers: z.number().min(0).nullable().meta({ description: 'Mean number at a time' }),
  }),
)

export const topResourcesQuery = z.object({ minutes, limit: limit(10, 50) })
export const topResources = z.array(
  z.object({
    resource_name: z.string(),
    resource_type: z.enum(['server', 'container']),
    value: percent,
    region: z.string().meta({ description: 'N/A for containers' }),
    status: z.string(),
  }),
)

export const anomaliesQuery = z.object({
  hours: hours(1),
  limit: limit(50, 200),
  open: z.enum(['true', 'false']).optional().meta({ description: 'true: only those that last' }),
})
export const anomaly = z.object({
  id: count,
  resource_name: z.string(),
  resource_type: z.enum(resourceKinds),
  anomaly_type: z.string().meta({ example: 'cpu_spike' }),
  detector: z.string().meta({ description: 'Which rule or comparison found it' }),
  value: z.number(),
  expected: z.number().nullable(),
  severity: z.enum(['high', 'critical']),
  timestamp: time.meta({ description: 'When it was detected' }),
  detected_at: time,
  since: time.meta({ description: 'Of the first sample that was out of order' }),
  ended_at: time.nullable(),
  description: z.string(),
  metric_name: z.string(),
  service_name: z.string().nullable(),
  version: z.string().nullable(),
  region: z.string().nullable(),
  resources: count.meta({ description: 'How many resources it shows on' }),
})
export const anomalies = z.array(anomaly)

export const daysQuery = z.object({ days: z.coerce.number().int().min(1).max(90).default(1) })
export const dailyStats = z.object({
  avg_cpu: percent,
  avg_memory: percent,
  avg_disk: percent,
  total_servers: count,
  total_requests: count,
  failed_requests: count,
  avg_success_rate: percent,
  total_restarts: count,
  active_containers: count,
})

export const forecastQuery = z.object({ days: z.coerce.number().int().min(1).max(30).default(7) })
const band = { low: percent, high: percent }
/** Days that were measured, then days that are predicted. */
export const capacityForecast = z.array(
  z.object({
    date: z.iso.date(),
    kind: z.enum(['measured', 'forecast']),
    avg_cpu: percent,
    avg_memory: percent,
    avg_disk: percent,
    predicted_cpu: percent,
    predicted_memory: percent,
    predicted_disk: percent,
    cpu_band: z.object(band).nullable().meta({ description: '80 % of outcomes are expected within' }),
    memory_band: z.object(band).nullable(),
    disk_band: z.object(band).nullable(),
  }),
)

/** How a forecast was made, and how good it was on the last days when they were kept from it. */
export const forecastMetric = z.object({
  metric: z.enum(['cpu', 'memory', 'disk']),
  method: z.enum(['seasonal', 'seasonal_naive', 'none']),
  reason: z.string().meta({ description: 'Why this method' }),
  backtest: z
    .object({
      hours: count,
      seasonal_mae: z.number().nullable(),
      naive_mae: z.number().nullable(),
      coverage_percent: percent.meta({ description: 'How much fell within the band' }),
    })
    .nullable(),
  measured: z.array(z.object({ time, value: percent })),
  forecast: z.array(z.object({ time, value: percent, low: percent, high: percent })),
})
export const forecastDetail = z.object({
  made_at: time,
  metrics: z.array(forecastMetric),
  filling_disks: z
    .array(
      z.object({
        server_id: z.string(),
        region: z.string().nullable(),
        disk_utilization: percent,
        days_until_full: z.number().min(0),
      }),
    )
    .max(20),
})

export const regionalSummary = z.array(
  z.object({
    region: z.string(),
    server_count: count,
    avg_cpu: percent,
    avg_memory: percent,
    avg_disk: percent,
    critical_count: count,
  }),
)

export const shortTrendQuery = z.object({ hours: hours(6, 168), interval })
export const cpuTrend = z.array(z.object({ time, cpu: percent }))
export const memoryTrend = z.array(z.object({ time, memory: percent }))
export const diskTrend = z.array(z.object({ time, disk: percent }))
export const serviceTrend = z.array(z.object({ time, success_rate: percent, requests: count }))

export const connections = z.object({ active_connections: count, timestamp: time, max_connections: count })

export const scoreQuery = z.object({ hours: hours(24) })
/** Detectors against the faults that the generator injected and told. */
export const detectorScore = z.object({
  hours: count,
  faults: count.meta({ description: 'Injected faults that were long enough to be found' }),
  found: count,
  false_alarms: count,
  precision: z.number().min(0).max(1).nullable(),
  recall: z.number().min(0).max(1).nullable(),
  delay_seconds: z.object({ median: z.number().nullable(), p90: z.number().nullable() }),
  by_kind: z.array(
    z.object({
      kind: z.enum(faultKinds),
      faults: count,
      found: count,
      recall: z.number().min(0).max(1).nullable(),
      median_delay_seconds: z.number().nullable(),
    }),
  ),
})

export const serverStatusName = z.enum(serverStatuses)
