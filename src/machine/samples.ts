/**
 * Samples of machines on the wire, as JSON. The names are those of the source system; what it calls required is
 * required. `boot` and `seq` make a sample unique: (resource, boot, seq) is one sample, however often it comes. Without
 * them (resource, timestamp) is. The shares in percent are 0 to 100, `timestamp` is RFC 3339 with an offset; one without
 * is taken as UTC, as the source system wrote it.
 */
import { z } from 'zod'

const name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w.:/@+-]+$/, 'must be letters, digits and . : / @ + - _')
const percent = z.number().min(0).max(100)
const amount = z.number().min(0).max(1e12)
const count = z.int().min(0).max(1e12)
const timestamp = z
  .string()
  .max(40)
  .transform((text, context) => {
    const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
    if (Number.isNaN(at)) context.addIssue({ code: 'custom', message: 'must be a time in RFC 3339' })
    return at
  })

export const serverStatuses = ['healthy', 'warning', 'critical'] as const
export const containerHealths = ['healthy', 'degraded', 'unhealthy'] as const
export type ServerStatus = (typeof serverStatuses)[number]
export type ContainerHealth = (typeof containerHealths)[number]

const common = {
  /** Unix ms once read. */
  timestamp,
  boot: z.string().min(1).max(40).optional(),
  seq: count.optional(),
  /** How often this resource sends: each sample stands for so many seconds. */
  interval_seconds: z.number().min(1).max(3600).default(30),
  region: name.optional(),
  environment: name.optional(),
  version: name.optional(),
  /** Measured on a real machine. */
  real: z.boolean().optional(),
}

export const serverSample = z.object({
  ...common,
  server_id: name,
  cpu_percent: percent,
  memory_percent: percent,
  memory_used_gb: amount.optional(),
  memory_total_gb: amount.optional(),
  disk_used_gb: amount.optional(),
  disk_total_gb: amount.optional(),
  status: z.enum(serverStatuses),
})

export const containerSample = z.object({
  ...common,
  container_id: name,
  service_name: name.optional(),
  cpu_percent: percent,
  memory_mb: amount,
  memory_limit_mb: amount.optional(),
  requests_per_sec: amount.optional(),
  response_time_ms: amount.optional(),
  error_count: count.optional(),
  /** Since the container was made: it only grows. */
  restart_count: count.optional(),
  health: z.enum(containerHealths),
})

/** Pairs of bucket and count, as `src/machine/sketch.ts` makes them. */
const sketch = z.array(z.tuple([z.int().min(-2000).max(2000), count])).max(200)

export const serviceSample = z.object({
  ...common,
  service_name: name,
  /** Which instance of it; left out: the service as a whole. */
  instance_id: name.optional(),
  /** In this interval. */
  total_requests: count.optional(),
  failed_requests: count.optional(),
  error_rate_percent: percent,
  avg_response_time_ms: amount.optional(),
  p95_response_time_ms: amount,
  /** The response times of this interval, so that percentiles of many instances can be made. */
  response_time_sketch: sketch.optional(),
  instances_running: count.optional(),
  cpu_avg_percent: percent.optional(),
  memory_avg_percent: percent.optional(),
})

export type ServerSample = z.output<typeof serverSample>
export type ContainerSample = z.output<typeof containerSample>
export type ServiceSample = z.output<typeof serviceSample>

/** As they are sent. */
export type ServerMessage = z.input<typeof serverSample>
export type ContainerMessage = z.input<typeof containerSample>
export type ServiceMessage = z.input<typeof serviceSample>
export type SampleMessage = ServerMessage | ContainerMessage | ServiceMessage

export const sampleSchemas = {
  server: serverSample,
  container: containerSample,
  service: serviceSample,
} as const
