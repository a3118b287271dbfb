import { expect, test } from 'vitest'
import { createAnalytics } from '../../../src/fleet/kpis/analytics.ts'
import { rfc3339 } from '../../../src/shared/clock.ts'
import { START } from '../../support/fake-clock.ts'
import { expectProblem, ok } from '../../support/wire.ts'
import { aKpiWorld, type KpiWorld } from './kpi-world.ts'

const HOUR = 3_600_000
const kpis = (world: KpiWorld, path = '') => ok(world.http.send('GET', `/api/analytics/kpis${path}`))

test('the report has the fields of old, flat, with their targets beside them', async () => {
  const world = aKpiWorld({
    delivery: () => ({ deployments: 6, failedDeployments: 1, resolvedIncidents: 2, recoveryMs: 20 * 60_000 }),
  })
  world.writer.decide('heartbeat', {})
  world.record({ responseTimeMs: 100 }, { responseTimeMs: 300, statusCode: 401 }, { responseTimeMs: 200 })
  const report = await kpis(world)
  expect(report).toEqual({
    report_timestamp: rfc3339(START),
    analysis_period_hours: 24,
    total_events_analyzed: 3,
    operational_kpis: {
      avg_latency_ms: 200,
      p95_latency_ms: 290,
      p99_latency_ms: 298,
      error_rate_percent: 33.33,
      server_error_rate_percent: 0,
      availability_percent: 100,
      total_requests: 3,
      requests_per_minute: 3,
      throughput_per_second: 0.05,
    },
    security_kpis: {
      failed_authentications: 1,
      failed_authentications_per_hour: 1,
      rate_limit_violations: 0,
      rate_limit_violations_per_hour: 0,
      suspicious_client_count: 0,
      suspicious_clients: [],
    },
    delivery_kpis: {
      deployments_per_week: 6,
      deployments_per_day: 0.86,
      mttr_minutes: 10,
      change_failure_rate_percent: 16.67,
    },
    targets: expect.objectContaining({
      avg_latency_ms: { target: 200, must_be: 'below', met: false },
      deployments_per_week: { target: 5, must_be: 'at_least', met: true },
    }),
  })
  expect(await kpis(world, '/operational')).toEqual(report.operational_kpis)
  expect(await kpis(world, '/security')).toEqual(report.security_kpis)
  expect(await kpis(world, '/delivery')).toEqual(report.delivery_kpis)
})

test('VC1, VC3: with nothing in the window everything that is not a count is null', async () => {
  const report = await kpis(aKpiWorld())
  expect(report.total_events_analyzed).toBe(0)
  const { total_requests, ...rest } = report.operational_kpis
  expect(total_requests).toBe(0)
  expect(new Set(Object.values(rest))).toEqual(new Set([null]))
  expect(report.delivery_kpis).toMatchObject({ mttr_minutes: null, change_failure_rate_percent: null })
  expect(report.targets.availability_percent.met).toBeNull()
})

test('VC11: the time of the report says that it is UTC', async () => {
  expect((await kpis(aKpiWorld())).report_timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})

test('delivery is asked for the last seven days, whatever the hours', async () => {
  const asked: number[][] = []
  const world = aKpiWorld({
    delivery: (from, to) => {
      asked.push([from, to])
      return { deployments: 0, failedDeployments: 0, resolvedIncidents: 0, recoveryMs: 0 }
    },
  })
  await kpis(world, '?hours=1')
  await kpis(world, '/delivery?hours=24')
  expect(asked).toEqual([
    [START - 168 * HOUR, START],
    [START - 168 * HOUR, START],
  ])
})

test.each(['', '/operational', '/security', '/delivery'])('hours are bounded: kpis%s', async path => {
  const world = aKpiWorld()
  for (const hours of ['0', '169', '-1', '1.5', 'x'])
    await expectProblem(
      await world.http.send('GET', `/api/analytics/kpis${path}?hours=${hours}`),
      'invalid_request',
    )
  for (const hours of [1, 168]) await kpis(world, `${path}?hours=${hours}`)
})

test('suspicious clients are named with closed reasons', async () => {
  const world = aKpiWorld()
  world.record(...Array.from({ length: 100 }, () => ({ statusCode: 403, clientId: 'anonymous:x' })))
  expect(await kpis(world, '/security')).toMatchObject({
    failed_authentications: 100,
    suspicious_client_count: 1,
    suspicious_clients: [
      { client_id: 'anonymous:x', reasons: ['brute_force', 'repeated_failures', 'error_spike'] },
    ],
  })
})

test('the history of a figure: its snapshots, oldest first, the newest so many', async () => {
  const world = aKpiWorld()
  const take = (value: number | null) =>
    world.writer.decide('take_snapshot', {
      values: [{ name: 'p95_latency_ms', category: 'operational', value }],
    })
  for (const value of [1, null, 3]) {
    take(value)
    world.clock.advance(60_000)
  }
  const history = (query: string) => kpis(world, `/history?kpi=p95_latency_ms${query}`)
  const at = (minute: number, value: number | null) => ({
    timestamp: rfc3339(START + minute * 60_000),
    value,
  })
  expect(await history('')).toEqual({ kpi: 'p95_latency_ms', snapshots: [at(0, 1), at(1, null), at(2, 3)] })
  expect((await history('&limit=2')).snapshots).toEqual([at(1, null), at(2, 3)])
  world.clock.advance(HOUR - 150_000)
  expect((await history('&hours=1')).snapshots).toEqual([at(1, null), at(2, 3)])
})

test.each([
  '',
  '?kpi=password',
  '?kpi=suspicious_clients',
  '?kpi=p95_latency_ms&limit=0',
  '?kpi=p95_latency_ms&limit=99999',
])('a history of %j is refused', async query => {
  const response = await aKpiWorld().http.send('GET', `/api/analytics/kpis/history${query}`)
  await expectProblem(response, 'invalid_request')
})

test('the thread counts what the caller’s thread counts, many questions at once', async () => {
  const world = aKpiWorld({ inline: false })
  world.record({ responseTimeMs: 10 }, { responseTimeMs: 20, statusCode: 500 })
  const asked = [1, 2, 24, 24].map(hours => kpis(world, `?hours=${hours}`))
  const [events, ...reports] = await Promise.all([ok(world.http.send('GET', '/api/events')), ...asked])
  expect(events).toHaveLength(2)
  for (const report of reports)
    expect(report.operational_kpis).toMatchObject({ avg_latency_ms: 15, error_rate_percent: 50 })
})

test('equal questions share an answer: for as long as counting was slow, at most two seconds', async () => {
  const world = aKpiWorld()
  let monotonic = 0
  let countingMs = 0
  const analytics = createAnalytics({
    database: { path: world.path, busyTimeoutMs: 1000 },
    // The clock is read before and after the count.
    clock: {
      now: world.clock.now,
      monotonic: () => {
        monotonic += countingMs
        return monotonic
      },
    },
    inline: true,
  })
  const total = async () => (await analytics.counts(HOUR)).total
  world.record({})
  const [one, same] = [analytics.counts(HOUR), analytics.counts(HOUR)]
  expect(same).toBe(one)
  expect((await one).total).toBe(1)
  world.record({})
  expect(await total(), 'it was quick: counted anew').toBe(2)
  countingMs = 500
  monotonic += 1
  expect(await total()).toBe(2)
  world.record({})
  countingMs = 0
  monotonic += 1999
  expect(await total(), 'it was slow: shared').toBe(2)
  monotonic += 1
  expect(await total()).toBe(3)
  await analytics.close()
})

test('a question for which there is no room is refused at once', async () => {
  const world = aKpiWorld()
  const answers = await Promise.all(Array.from({ length: 201 }, () => world.http.send('GET', '/api/events')))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter(status => status === 200)).toHaveLength(200)
  expect(statuses.at(-1)).toBe(503)
})
