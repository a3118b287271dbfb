import { expect, test } from 'vitest'
import type { EstateFrame } from '../../src/estate/api/pipeline.ts'
import { estateMetrics } from '../../src/estate/metrics.ts'
import { type EstateReads, observeEstate } from '../../src/estate/observe.ts'
import { createMetrics } from '../../src/observability/metrics.ts'
import { fakeClock } from '../support/fake-clock.ts'

const anomaly = (severity: 'high' | 'critical') => ({ severity }) as EstateFrame['anomalies'][number]
const stage = (name: string, state: string, more: object = {}) =>
  ({
    stage: name,
    state,
    lag_seconds: null,
    waiting: 0,
    last_success_at: null,
    ...more,
  }) as EstateFrame['stages'][number]

const frame = {
  at: '2026-03-02T10:00:00.000Z',
  data_at: '2026-03-02T09:59:30.000Z',
  summary: { servers: { healthy: 7, warning: 2, critical: 1 } },
  health: { score: 63.5 },
  anomalies: [anomaly('critical'), anomaly('high'), anomaly('high')],
  anomalies_open: 3,
} as unknown as EstateFrame

const stages = [
  stage('ingest', 'healthy', {
    lag_seconds: 0.5,
    waiting: 12,
    last_success_at: '2026-03-02T09:59:59.000Z',
  }),
  stage('transform', 'failing', { lag_seconds: 70 }),
  stage('analytics', 'stopped'),
  stage('generator', 'unknown'),
]

const containers = {
  total_containers: 20,
  healthy_containers: 17,
  degraded_containers: 2,
  unhealthy_containers: 1,
  avg_memory_utilization: 55.5,
  total_restarts: 4,
}
const region = (name: string, server_count: number, avg_cpu: number | null, critical_count = 0) => ({
  region: name,
  server_count,
  avg_cpu,
  avg_memory: 50,
  avg_disk: 60,
  critical_count,
})
const service = (name: string, errors: number | null, p95: number | null, requests = 100) => ({
  service_name: name,
  avg_success_rate: null,
  avg_error_rate: errors,
  avg_response_time: null,
  p95_response_time: p95,
  total_requests: requests,
  failed_requests: 0,
})

function world(changed: Partial<EstateReads> = {}, wait?: (ms: number) => Promise<unknown>) {
  const metrics = createMetrics({ withProcess: false })
  const clock = fakeClock()
  const reads: EstateReads = {
    stages: () => stages,
    frame: () => frame,
    containers: async () => containers,
    byRegion: async () => [region('north', 6, 40, 1), region('south', 4, null)],
    byService: async () => [service('checkout', 2.5, 480), service('search', null, null)],
    instances: async () => [
      { service_name: 'checkout', availability_percent: 99, instances: 5, instances_up: 4, heartbeats: 9 },
      { service_name: 'search', availability_percent: 99, instances: 3, instances_up: 3, heartbeats: 9 },
    ],
    ...changed,
  }
  observeEstate({
    metrics,
    instruments: metrics.register(estateMetrics),
    clock,
    reads,
    services: ['checkout', 'search'],
    // Only a read that never ends should be waited for in vain.
    ...(wait && { wait }),
  })
  return { clock, scrape: async () => (await metrics.expose()).text }
}

test('the estate as it is now: by kind, status, region and service', async () => {
  const said = await world().scrape()
  for (const line of [
    'estate_resources{kind="server",status="healthy"} 7',
    'estate_resources{kind="server",status="critical"} 1',
    'estate_resources{kind="container",status="degraded"} 2',
    'estate_resources{kind="service",status="up"} 7',
    'estate_resources{kind="service",status="silent"} 1',
    'estate_health_score 63.5',
    `estate_newest_sample_timestamp_seconds ${Date.parse(frame.data_at ?? '') / 1000}`,
    'estate_cpu_average_percent{region="north"} 40',
    'estate_servers_critical{region="north"} 1',
    'estate_error_rate_percent{service="checkout"} 2.5',
    'estate_latency_p95_seconds{service="checkout"} 0.48',
    'estate_container_memory_average_percent 55.5',
    'estate_anomalies_open{severity="critical"} 1',
    'estate_anomalies_open{severity="high"} 2',
  ])
    expect(said).toContain(`${line}\n`)
})

test('what nobody knows is not a number: neither 0 nor 100', async () => {
  const unknown = { ...frame, data_at: null, health: { score: null, contributors: [] } }
  const said = await world({ frame: () => unknown as EstateFrame }).scrape()
  expect(said).toContain('estate_health_score Nan\n')
  expect(said).toContain('estate_newest_sample_timestamp_seconds Nan\n')
  expect(said).toContain('estate_cpu_average_percent{region="south"} Nan\n')
  expect(said).toContain('estate_error_rate_percent{service="search"} Nan\n')
  expect(said).toContain('estate_latency_p95_seconds{service="search"} Nan\n')
})

test('a stage runs, fails, has stopped, or never spoke', async () => {
  const said = await world().scrape()
  const told = (metric: string) =>
    Object.fromEntries(
      Array.from(said.matchAll(new RegExp(`^${metric}{stage="(\\w+)"} (\\S+)$`, 'gm')), ([, name, value]) => [
        name,
        value,
      ]),
    )
  expect(told('estate_stage_up')).toEqual({ ingest: '1', transform: '1', analytics: '0', generator: 'Nan' })
  expect(told('estate_stage_failing')).toEqual({
    ingest: '0',
    transform: '1',
    analytics: '0',
    generator: 'Nan',
  })
  expect(told('estate_stage_lag_seconds')).toMatchObject({ ingest: '0.5', transform: '70', analytics: 'Nan' })
})

test('a region or a service that is not known is _other: means by weight, the slowest of the percentiles', async () => {
  const { scrape } = world({
    byRegion: async () => [region('mars', 3, 10, 1), region('"} evil 1', 1, 50, 1), region('here', 1, 20)],
    byService: async () => [
      service('a', 10, 100, 900),
      service('b', 0, 900, 100),
      service('c', null, null, 5),
    ],
  })
  const said = await scrape()
  expect(said).toContain('estate_cpu_average_percent{region="_other"} 20\n')
  expect(said).toContain('estate_servers_critical{region="_other"} 2\n')
  expect(said).toContain('estate_cpu_average_percent{region="here"} 20\n')
  expect(said).toContain('estate_error_rate_percent{service="_other"} 9\n')
  expect(said).toContain('estate_latency_p95_seconds{service="_other"} 0.9\n')
  expect(said).not.toMatch(/mars|evil|service="[abc]"/)
})

test('a region that is gone does not keep its last value', async () => {
  let rows = [region('north', 6, 40, 1)]
  const { clock, scrape } = world({ byRegion: async () => rows })
  await scrape()
  rows = [region('south', 1, 10)]
  clock.advance(10_000)
  const said = await scrape()
  expect(said).toContain('estate_cpu_average_percent{region="north"} Nan\n')
  expect(said).toContain('estate_servers_critical{region="north"} 0\n')
})

test('a read that does not end holds no scrape up; its value is shown while it is fresh, and no longer', async () => {
  let isSlow = false
  const never = new Promise<typeof containers>(() => {})
  let asked = 0
  const { clock, scrape } = world(
    {
      containers: () => {
        asked++
        return isSlow ? never : Promise.resolve(containers)
      },
    },
    () => new Promise(resolve => setImmediate(resolve)),
  )
  expect(await scrape()).toContain('estate_container_restarts 4\n')
  isSlow = true
  clock.advance(14_000)
  expect(await scrape()).toContain('estate_container_restarts 4\n')
  clock.advance(2000)
  const said = await scrape()
  expect(said).toContain('estate_container_restarts Nan\n')
  expect(said).toContain('estate_resources{kind="container",status="healthy"} Nan\n')
  // The others are not touched, and one read at a time is under way.
  expect(said).toContain('estate_health_score 63.5\n')
  expect(asked).toBe(2)
})

test('scrapes that come often do not read each time', async () => {
  let asked = 0
  const { clock, scrape } = world({
    containers: async () => {
      asked++
      return containers
    },
  })
  for (let n = 0; n < 5; n++) {
    await scrape()
    clock.advance(1000)
  }
  expect(asked).toBe(1)
  clock.advance(5000)
  await scrape()
  expect(asked).toBe(2)
})

test('a read that fails is counted, and the next that succeeds is shown', async () => {
  let fails = true
  const { scrape } = world({
    containers: async () => {
      if (fails) throw new Error('locked')
      return containers
    },
  })
  const first = await scrape()
  expect(first).toContain('metrics_refresh_failures_total 1\n')
  expect(first).toContain('estate_container_restarts Nan\n')
  fails = false
  const second = await scrape()
  expect(second).toContain('metrics_refresh_failures_total 1\n')
  expect(second).toContain('estate_container_restarts 4\n')
})

test('without an estate every gauge is not a number', async () => {
  const said = await world({
    stages: () => [],
    frame: () => null,
    byRegion: async () => [],
    byService: async () => [],
    instances: async () => [],
  }).scrape()
  expect(said).toContain('estate_resources{kind="server",status="healthy"} Nan\n')
  expect(said).toContain('estate_anomalies_open{severity="high"} Nan\n')
  expect(said).not.toMatch(/^estate_stage_up/m)
})
