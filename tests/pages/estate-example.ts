/** What the live topic says of the estate that the tests of its page show. */
import type { z } from 'zod'
import type * as analytics from '../../src/estate/api/analytics.ts'
import type * as pipeline from '../../src/estate/api/pipeline.ts'
import { allContainers, allServers, countOf, mean, means } from './estate-machines.ts'
import { secondsAgo } from './estate-numbers.ts'

export type Frame = pipeline.EstateFrame
export type Anomaly = z.output<typeof analytics.anomaly>
export const anomaly = (id: number, changes: Partial<Anomaly> = {}): Anomaly => ({
  id,
  resource_name: 'checkout',
  resource_type: 'service',
  anomaly_type: 'error_spike',
  detector: 'threshold',
  value: 14.2,
  expected: 0.8,
  severity: 'critical',
  timestamp: secondsAgo(240),
  detected_at: secondsAgo(240),
  since: secondsAgo(330),
  ended_at: null,
  description: 'checkout v2.4.2 fails 14.2 % of its requests; the same hour last week it failed 0.8 %.',
  metric_name: 'error_rate_percent',
  service_name: 'checkout',
  version: 'v2.4.2',
  region: null,
  resources: 6,
  ...changes,
})

export const openAnomalies: Anomaly[] = [
  anomaly(3),
  anomaly(2, {
    resource_name: 'server-0417',
    resource_type: 'server',
    anomaly_type: 'cpu_spike',
    value: 96.4,
    expected: 41.5,
    severity: 'high',
    detector: 'peers',
    description: 'server-0417 uses 96.4 % CPU; its peers in the region east use 41.5 %.',
    metric_name: 'cpu_percent',
    version: null,
    region: 'east',
    service_name: null,
    resources: 1,
    since: secondsAgo(2700),
  }),
  anomaly(1, {
    resource_name: 'server-0032',
    resource_type: 'server',
    anomaly_type: 'memory_pressure',
    value: 91.1,
    expected: null,
    severity: 'high',
    detector: 'threshold',
    description: 'server-0032 uses 91.1 % of its memory, over 85 % for five samples.',
    metric_name: 'memory_percent',
    version: null,
    region: 'north',
    service_name: null,
    resources: 1,
    since: secondsAgo(9300),
  }),
]

const contributors: Frame['health']['contributors'] = [
  { part: 'disk', points: 14.5, sentence: 'Disks are 58 % full on average.' },
  { part: 'memory', points: 14, sentence: 'Memory is 56 % used on average.' },
  { part: 'critical_servers', points: 10, sentence: '2 servers are critical.' },
]

const stage = (
  name: Frame['stages'][number]['stage'],
  changes: Partial<Frame['stages'][number]> = {},
): Frame['stages'][number] => ({
  stage: name,
  state: 'healthy',
  since: secondsAgo(7200),
  instances: 1,
  done: 842_113,
  dead_letters: 0,
  waiting: 12,
  lag_seconds: 0.8,
  last_success_at: secondsAgo(2),
  problem: null,
  ...changes,
})

/** @param changes what a test wants to be otherwise */
export function frameExample(changes: Partial<Frame> = {}): Frame {
  return {
    at: secondsAgo(0),
    data_at: secondsAgo(2),
    samples_per_second: 116.7,
    simulated: true,
    summary: {
      servers: {
        total: allServers.length,
        ...means(allServers),
        healthy: countOf(allServers, ({ status }) => status === 'healthy'),
        warning: countOf(allServers, ({ status }) => status === 'warning'),
        critical: countOf(allServers, ({ status }) => status === 'critical'),
      },
      containers: {
        total: allContainers.length,
        avg_memory: mean(allContainers.map(({ memory_utilization }) => memory_utilization)),
        avg_rps: mean(allContainers.map(({ requests_per_sec }) => requests_per_sec)),
        healthy: countOf(allContainers, ({ health }) => health === 'healthy'),
        total_restarts: 14,
      },
      services: {
        total: 20,
        avg_success_rate: 99.42,
        avg_error_rate: 0.58,
        avg_latency: 128.4,
        total_requests: 184_220,
      },
    },
    health: { score: 61.5, contributors },
    stages: [
      stage('generator', { waiting: 0, lag_seconds: 0, done: 853_220 }),
      stage('ingest', { waiting: 240, lag_seconds: 0.4 }),
      stage('transform', { waiting: 1, lag_seconds: 1.3, dead_letters: 3 }),
      stage('analytics', { waiting: 0, lag_seconds: 6, done: 3500 }),
    ],
    history: null,
    anomalies: openAnomalies,
    anomalies_open: openAnomalies.length,
    ...changes,
  }
}

/** The transformer has stopped, and the generator fails. */
export const stopped = (): Partial<Frame> => ({
  stages: [
    stage('generator', { state: 'failing', problem: 'The broker refuses the password.', lag_seconds: 31 }),
    stage('ingest'),
    stage('transform', { state: 'stopped', since: secondsAgo(600), last_success_at: secondsAgo(612) }),
    stage('analytics', { state: 'unknown', since: null, last_success_at: null }),
  ],
})

/** Where nothing has ever been heard. */
export const emptyFrame = (): Frame =>
  frameExample({
    data_at: null,
    samples_per_second: 0,
    simulated: false,
    summary: {
      servers: {
        total: 0,
        avg_cpu: null,
        avg_memory: null,
        avg_disk: null,
        healthy: 0,
        warning: 0,
        critical: 0,
      },
      containers: { total: 0, avg_memory: null, avg_rps: null, healthy: 0, total_restarts: 0 },
      services: {
        total: 0,
        avg_success_rate: null,
        avg_error_rate: null,
        avg_latency: null,
        total_requests: 0,
      },
    },
    health: { score: null, contributors: [] },
    stages: (['generator', 'ingest', 'transform', 'analytics'] as const).map(name =>
      stage(name, {
        state: 'unknown',
        since: null,
        instances: 0,
        done: 0,
        waiting: 0,
        lag_seconds: null,
        last_success_at: null,
      }),
    ),
    anomalies: [],
    anomalies_open: 0,
  })
