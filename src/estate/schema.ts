/** The tables of the estate. Times are Unix ms. */
import { integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { deadLetterSchema } from '../ingest/dead-letter-schema.ts'

export * from './sums-schema.ts'

/** Every server, container and instance of a service that was ever heard of. */
export const resources = sqliteTable('estate_resources', {
  id: integer('id').primaryKey(),
  kind: text('kind', { enum: ['server', 'container', 'service'] }).notNull(),
  /** `server_id`, `container_id`, `instance_id` (or `service_name` where a service speaks as a whole). */
  name: text('name').notNull(),
  region: text('region'),
  environment: text('environment'),
  service: text('service'),
  version: text('version'),
  isReal: integer('is_real', { mode: 'boolean' }).notNull(),
  /** How often it sends, in ms. */
  intervalMs: integer('interval_ms').notNull(),
  firstAt: integer('first_at').notNull(),
  /** The time of its newest sample. */
  lastAt: integer('last_at').notNull(),
})

/** What each was at its newest sample. */
export const serverNow = sqliteTable('estate_server_now', {
  resource: integer('resource').primaryKey(),
  at: integer('at').notNull(),
  cpuPercent: real('cpu_percent').notNull(),
  memoryPercent: real('memory_percent').notNull(),
  memoryUsedGb: real('memory_used_gb'),
  memoryTotalGb: real('memory_total_gb'),
  diskUsedGb: real('disk_used_gb'),
  diskTotalGb: real('disk_total_gb'),
  diskUtilization: real('disk_utilization'),
  status: text('status', { enum: ['healthy', 'warning', 'critical'] }).notNull(),
})
export const containerNow = sqliteTable('estate_container_now', {
  resource: integer('resource').primaryKey(),
  at: integer('at').notNull(),
  cpuPercent: real('cpu_percent').notNull(),
  memoryMb: real('memory_mb').notNull(),
  memoryLimitMb: real('memory_limit_mb'),
  memoryUtilization: real('memory_utilization'),
  requestsPerSec: real('requests_per_sec'),
  responseTimeMs: real('response_time_ms'),
  errorCount: integer('error_count'),
  restartCount: integer('restart_count'),
  health: text('health', { enum: ['healthy', 'degraded', 'unhealthy'] }).notNull(),
})
export const serviceNow = sqliteTable('estate_service_now', {
  resource: integer('resource').primaryKey(),
  at: integer('at').notNull(),
  totalRequests: integer('total_requests'),
  failedRequests: integer('failed_requests'),
  successRate: real('success_rate'),
  errorRatePercent: real('error_rate_percent').notNull(),
  avgResponseTimeMs: real('avg_response_time_ms'),
  p95ResponseTimeMs: real('p95_response_time_ms').notNull(),
  instancesRunning: integer('instances_running'),
  cpuAvgPercent: real('cpu_avg_percent'),
  memoryAvgPercent: real('memory_avg_percent'),
})

/** The key of a sample without boot and seq, and what a day of raw samples is read from. In the order of time. */
const sampleKey = { at: integer('at').notNull(), resource: integer('resource').notNull() }
const keyed = (table: { at: never; resource: never }) => [primaryKey({ columns: [table.at, table.resource] })]

/** Raw samples, kept for a day. The columns are those of the tables of now. */
export const serverSamples = sqliteTable(
  'estate_server_samples',
  {
    ...sampleKey,
    cpuPercent: real('cpu_percent').notNull(),
    memoryPercent: real('memory_percent').notNull(),
    memoryUsedGb: real('memory_used_gb'),
    memoryTotalGb: real('memory_total_gb'),
    diskUsedGb: real('disk_used_gb'),
    diskTotalGb: real('disk_total_gb'),
    diskUtilization: real('disk_utilization'),
    status: text('status').notNull(),
  },
  table => keyed(table as never),
)
export const containerSamples = sqliteTable(
  'estate_container_samples',
  {
    ...sampleKey,
    cpuPercent: real('cpu_percent').notNull(),
    memoryMb: real('memory_mb').notNull(),
    memoryLimitMb: real('memory_limit_mb'),
    memoryUtilization: real('memory_utilization'),
    requestsPerSec: real('requests_per_sec'),
    responseTimeMs: real('response_time_ms'),
    errorCount: integer('error_count'),
    restartCount: integer('restart_count'),
    health: text('health').notNull(),
  },
  table => keyed(table as never),
)
export const serviceSamples = sqliteTable(
  'estate_service_samples',
  {
    ...sampleKey,
    totalRequests: integer('total_requests'),
    failedRequests: integer('failed_requests'),
    errorRatePercent: real('error_rate_percent').notNull(),
    avgResponseTimeMs: real('avg_response_time_ms'),
    p95ResponseTimeMs: real('p95_response_time_ms').notNull(),
    instancesRunning: integer('instances_running'),
    cpuAvgPercent: real('cpu_avg_percent'),
    memoryAvgPercent: real('memory_avg_percent'),
    version: text('version'),
  },
  table => keyed(table as never),
)

/** Which numbers of a boot have come, for each day of the samples' own time: a replay forgets whole days. */
export const received = sqliteTable(
  'estate_received',
  {
    day: integer('day').notNull(),
    resource: integer('resource').notNull(),
    boot: text('boot').notNull(),
    ranges: text('ranges', { mode: 'json' }).$type<[number, number][]>().notNull(),
  },
  table => [primaryKey({ columns: [table.day, table.resource, table.boot] })],
)

/** The objects of the lake that were taken: written in the transaction of their rows. */
export const lakeObjects = sqliteTable('estate_lake_objects', {
  key: text('key').primaryKey(),
  samples: integer('samples').notNull(),
  duplicates: integer('duplicates').notNull(),
  dead: integer('dead').notNull(),
  takenAt: integer('taken_at').notNull(),
  /** Its dead letters have the ids from here on, `dead` of them; null: none. */
  firstDead: integer('first_dead'),
})

/** Samples without a number, as long as the lake may bring them again. */
export const unnumbered = sqliteTable('estate_unnumbered', sampleKey, table => keyed(table as never))

/** The first sample known with each count of restarts, by its time: what comes late finds its place. */
export const restarts = sqliteTable(
  'estate_restarts',
  {
    resource: integer('resource').notNull(),
    at: integer('at').notNull(),
    count: integer('count').notNull(),
    service: text('service').notNull(),
  },
  table => [primaryKey({ columns: [table.resource, table.at] })],
)

/** The day from which on all is being forgotten: a row while that lasts. */
export const forgetting = sqliteTable('estate_forgetting', { day: integer('day').primaryKey() })

/** What was sent and could not be used. */
export const deadLetters = deadLetterSchema('estate_dead_letters')

/** One row a cause: it is open until it ended. */
export const anomalies = sqliteTable('estate_anomalies', {
  id: integer('id').primaryKey(),
  /** Of the cause: it is open once only. */
  cause: text('cause').notNull(),
  type: text('type').notNull(),
  detector: text('detector').notNull(),
  resourceKind: text('resource_kind', { enum: ['server', 'container', 'service'] }).notNull(),
  /** The name that people know; of a cause that many instances share, the service. */
  resource: text('resource').notNull(),
  service: text('service'),
  region: text('region'),
  version: text('version'),
  /** How many resources it shows on. */
  resources: integer('resources').notNull(),
  value: real('value').notNull(),
  expected: real('expected'),
  severity: text('severity', { enum: ['high', 'critical'] }).notNull(),
  sentence: text('sentence').notNull(),
  /** Of the first sample that was out of order. */
  startedAt: integer('started_at').notNull(),
  detectedAt: integer('detected_at').notNull(),
  endedAt: integer('ended_at'),
})

/** What the generator broke, as it said. */
export const injectedFaults = sqliteTable('estate_injected_faults', {
  id: text('id').primaryKey(),
  kind: text('kind').notNull(),
  resourceKind: text('resource_kind', { enum: ['server', 'container', 'service'] }).notNull(),
  resource: text('resource').notNull(),
  version: text('version'),
  startedAt: integer('started_at').notNull(),
  endedAt: integer('ended_at'),
})
