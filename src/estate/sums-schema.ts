/** Sums of samples by time: rollups, and each resource by the hour. Times are Unix ms. */
import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { SketchPairs } from '../machine/sketch.ts'

/**
 * Sums of samples by bucket of time: `span` is 60000, 300000 or 3600000 ms, `bucket` its beginning. A mean is a sum
 * divided by its count. `covered_ms` is for how long the samples speak: each for its own interval.
 */
export const serverRollups = sqliteTable(
  'estate_server_rollups',
  {
    span: integer('span').notNull(),
    bucket: integer('bucket').notNull(),
    region: text('region').notNull(),
    environment: text('environment').notNull(),
    samples: integer('samples').notNull(),
    coveredMs: integer('covered_ms').notNull(),
    cpuSum: real('cpu_sum').notNull(),
    cpuMax: real('cpu_max').notNull(),
    memorySum: real('memory_sum').notNull(),
    diskSum: real('disk_sum').notNull(),
    /** Of samples that tell of a disk. */
    diskSamples: integer('disk_samples').notNull(),
    /** For how long servers were critical, added up: divided by the span, how many were at a time. */
    criticalMs: integer('critical_ms').notNull(),
  },
  table => [primaryKey({ columns: [table.span, table.bucket, table.region, table.environment] })],
)
export const containerRollups = sqliteTable(
  'estate_container_rollups',
  {
    span: integer('span').notNull(),
    bucket: integer('bucket').notNull(),
    service: text('service').notNull(),
    samples: integer('samples').notNull(),
    coveredMs: integer('covered_ms').notNull(),
    cpuSum: real('cpu_sum').notNull(),
    memorySum: real('memory_sum').notNull(),
    /** Of samples that tell of a limit. */
    memorySamples: integer('memory_samples').notNull(),
    rpsSum: real('rps_sum').notNull(),
    rpsSamples: integer('rps_samples').notNull(),
    rpsMax: real('rps_max'),
    rpsMin: real('rps_min'),
    errors: integer('errors').notNull(),
    restarts: integer('restarts').notNull(),
  },
  table => [primaryKey({ columns: [table.span, table.bucket, table.service] })],
)
/** By service and region, and once more for all regions: region '*', with the sketch. */
export const serviceRollups = sqliteTable(
  'estate_service_rollups',
  {
    span: integer('span').notNull(),
    bucket: integer('bucket').notNull(),
    service: text('service').notNull(),
    region: text('region').notNull(),
    samples: integer('samples').notNull(),
    coveredMs: integer('covered_ms').notNull(),
    requests: integer('requests').notNull(),
    failed: integer('failed').notNull(),
    /** Of mean response time × requests, in ms. */
    latencySum: real('latency_sum').notNull(),
    latencyRequests: integer('latency_requests').notNull(),
    /** Of the sketch, so that a trend need not read it; null: nobody sent one. */
    p95Ms: real('p95_ms'),
    /** Only where region is '*'. */
    sketch: text('sketch', { mode: 'json' }).$type<SketchPairs>(),
  },
  table => [primaryKey({ columns: [table.span, table.bucket, table.service, table.region] })],
)
/** Each resource by the hour: heartbeats for availability, means for the baselines of its hours. */
export const resourceHours = sqliteTable(
  'estate_resource_hours',
  {
    hour: integer('hour').notNull(),
    resource: integer('resource').notNull(),
    samples: integer('samples').notNull(),
    coveredMs: integer('covered_ms').notNull(),
    /** cpu_percent; of a service cpu_avg_percent, where it is told. */
    cpuSum: real('cpu_sum').notNull(),
    cpuSamples: integer('cpu_samples').notNull(),
    cpuMax: real('cpu_max'),
    /** memory_percent, memory_utilization or memory_avg_percent, where it is told. */
    memorySum: real('memory_sum').notNull(),
    memorySamples: integer('memory_samples').notNull(),
    diskSum: real('disk_sum').notNull(),
    diskSamples: integer('disk_samples').notNull(),
    requests: integer('requests').notNull(),
    failed: integer('failed').notNull(),
    latencySum: real('latency_sum').notNull(),
    latencyRequests: integer('latency_requests').notNull(),
    restarts: integer('restarts').notNull(),
  },
  table => [primaryKey({ columns: [table.hour, table.resource] })],
)
