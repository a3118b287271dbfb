import type { MetricTable } from '../observability/metrics.ts'

/** A region, a service, or a kind of anomaly that is none of those that are known. */
export const OTHER = '_other'

const resourceMetrics = {
  estate_resources: {
    type: 'gauge',
    help: 'Servers, containers and instances of services by how they are now',
    labels: ['kind', 'status'],
  },
  estate_servers_critical: { type: 'gauge', help: 'Servers that are critical now', labels: ['region'] },
  estate_newest_sample_timestamp_seconds: {
    type: 'gauge',
    help: 'When the newest sample was taken that can be queried; not a number while there is none',
    labels: [],
  },
  estate_health_score: {
    type: 'gauge',
    help: 'Health of the whole estate, 0 to 100; not a number while it is unknown',
    labels: [],
  },
  estate_cpu_average_percent: { type: 'gauge', help: 'Mean CPU use of the servers', labels: ['region'] },
  estate_memory_average_percent: {
    type: 'gauge',
    help: 'Mean memory use of the servers',
    labels: ['region'],
  },
  estate_disk_average_percent: { type: 'gauge', help: 'Mean disk use of the servers', labels: ['region'] },
  estate_container_memory_average_percent: {
    type: 'gauge',
    help: 'Mean memory use of the containers, of what each may use',
    labels: [],
  },
  estate_container_restarts: {
    type: 'gauge',
    help: 'Restarts of containers in the last half hour',
    labels: [],
  },
  estate_error_rate_percent: {
    type: 'gauge',
    help: 'Of the requests of the last hour, those that failed',
    labels: ['service'],
  },
  estate_latency_p95_seconds: {
    type: 'gauge',
    help: '95 % of the requests of the last hour were answered faster',
    labels: ['service'],
  },
} as const satisfies MetricTable

const pipelineMetrics = {
  estate_ingested_samples_total: {
    type: 'counter',
    help: 'Samples that the ingestion made durable in the lake',
    labels: ['kind'],
  },
  estate_samples_total: {
    type: 'counter',
    help: 'Samples taken from the lake: stored, duplicate (known already), or dead (set aside)',
    labels: ['kind', 'outcome'],
  },
  estate_dead_letters_total: {
    type: 'counter',
    help: 'Samples and messages set aside, by the stage that judged them',
    labels: ['stage', 'reason'],
  },
  estate_lake_objects_total: { type: 'counter', help: 'Objects written to the lake', labels: ['kind'] },
  estate_lake_bytes_total: {
    type: 'counter',
    help: 'Bytes written to the lake, compressed',
    labels: ['kind'],
  },
  estate_lake_failures_total: {
    type: 'counter',
    help: 'Times that the lake did not take or give; it is tried again',
    labels: ['problem'],
  },
  estate_lake_failing: {
    type: 'gauge',
    help: '1 while the lake does not take what the ingestion has: samples wait, nothing is lost',
    labels: [],
  },
  estate_lake_write_seconds: {
    type: 'histogram',
    help: 'From the first attempt to write a batch to its being durable',
    labels: [],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
  },
  estate_broker_refusals_total: {
    type: 'counter',
    help: 'Devices of the estate that the embedded broker turned away',
    labels: ['reason'],
  },
  estate_stage_up: {
    type: 'gauge',
    help: '1 while a stage says that it runs, 0 when it stopped; not a number when it never spoke',
    labels: ['stage'],
  },
  estate_stage_failing: {
    type: 'gauge',
    help: '1 while a stage says that it cannot go on',
    labels: ['stage'],
  },
  estate_stage_lag_seconds: {
    type: 'gauge',
    help: 'Age of the oldest that waits before a stage',
    labels: ['stage'],
  },
  estate_stage_waiting: {
    type: 'gauge',
    help: 'Samples or objects that wait before a stage',
    labels: ['stage'],
  },
  estate_stage_last_success_timestamp_seconds: {
    type: 'gauge',
    help: 'When a stage last dealt with something',
    labels: ['stage'],
  },
  estate_sample_delay_seconds: {
    type: 'histogram',
    help: 'From the taking of the newest live sample of an object to its being queryable',
    labels: [],
    buckets: [0.25, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10, 30, 60, 300],
  },
  estate_transform_seconds: {
    type: 'histogram',
    help: 'From the reading of an object of the lake to its rows being durable',
    labels: [],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
} as const satisfies MetricTable

const readingMetrics = {
  estate_anomalies_open: { type: 'gauge', help: 'Anomalies that last', labels: ['severity'] },
  estate_anomalies_total: { type: 'counter', help: 'Anomalies that were found', labels: ['type'] },
  estate_analysis_seconds: {
    type: 'histogram',
    help: 'Time that one look of the detectors takes',
    labels: [],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  estate_query_seconds: {
    type: 'histogram',
    help: 'Time that a read takes, with its wait for the thread that reads',
    labels: [],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  },
  estate_ws_connections: { type: 'gauge', help: 'WebSockets that are open', labels: [] },
  estate_ws_messages_total: { type: 'counter', help: 'Messages sent on WebSockets', labels: [] },
  estate_ws_closed_total: {
    type: 'counter',
    help: 'WebSockets that were closed, or refused before they were open',
    labels: ['reason'],
  },
} as const satisfies MetricTable

/** Each label has a bounded set of values: never a server, a container or what a client sent. */
export const estateMetrics = {
  ...resourceMetrics,
  ...pipelineMetrics,
  ...readingMetrics,
} as const satisfies MetricTable
