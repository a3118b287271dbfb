import { expect, test } from 'vitest'
import { deliveryMetrics } from '../../src/delivery/metrics.ts'
import { httpMetrics } from '../../src/http/metrics.ts'
import { licensingMetrics } from '../../src/licensing/metrics.ts'
import { logMetrics } from '../../src/observability/log-metrics.ts'
import { type MetricTable, registryMetrics } from '../../src/observability/metrics.ts'
import { processMetrics } from '../../src/observability/process-metrics.ts'
import { Failure } from '../../src/shared/errors.ts'
import { stageMetrics } from '../../src/stage/metrics.ts'
import { type Exposition, parseExposition } from '../support/exposition.ts'
import { borrow, configure, exhaust, expectProblem, listening, ok } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

async function scrape(world: World): Promise<Exposition> {
  const response = await world.send('GET', '/metrics')
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  return parseExposition(await response.text())
}

const { log_push_waiting_bytes, log_lines_dropped_total, log_write_failures_total, ...alwaysLogMetrics } =
  logMetrics
const tables: MetricTable = {
  ...licensingMetrics,
  ...httpMetrics,
  ...stageMetrics,
  ...deliveryMetrics,
  ...alwaysLogMetrics,
  ...registryMetrics,
  ...processMetrics,
}

test.each(Object.entries(tables))('%s is exposed with its help, type and labels', async (name, spec) => {
  const world = createWorld()
  const held = await exhaust(world, 'cad_tool')
  await ok(world.send('POST', '/licenses/return', { id: held[0].id }))
  await ok(world.send('POST', '/frontend-error', { message: 'x' }))
  const { types, helps, samples } = await scrape(world)
  expect(types[name]).toBe(spec.type)
  if (!(name in processMetrics)) expect(helps[name]).toBe(spec.help)
  const own = samples.filter(
    sample => sample.name === name || (spec.type === 'histogram' && sample.name.startsWith(`${name}_`)),
  )
  expect(own.length).toBeGreaterThan(0)
  for (const { labels } of own)
    expect(
      Object.keys(labels)
        .filter(label => label !== 'le')
        .sort(),
    ).toEqual([...spec.labels].sort())
})

const original: [string, Record<string, string>, number][] = [
  ['license_borrow_attempts_total', { tool: 'analysis' }, 4],
  ['license_borrow_success_total', { tool: 'analysis' }, 2],
  ['license_borrow_failure_total', { tool: 'analysis', reason: 'exhausted' }, 2],
  ['license_borrow_duration_seconds_count', { tool: 'analysis' }, 4],
  ['license_borrow_duration_seconds_bucket', { tool: 'analysis', le: '+Inf' }, 4],
  ['licenses_borrowed', { tool: 'analysis' }, 2],
  ['license_borrow_failure_total', { tool: '_unknown', reason: 'unknown_tool' }, 1],
]
test('the original’s metrics keep their names, labels and meaning', async () => {
  const world = createWorld()
  await exhaust(world, 'analysis')
  for (const tool of ['analysis', 'analysis', 'nothing'])
    await world.send('POST', '/licenses/borrow', { tool, user: 'late' })
  const { value } = await scrape(world)
  expect(original.map(([name, labels]) => value(name, labels))).toEqual(
    original.map(([, , wanted]) => wanted),
  )
})

test('returns, renewals, revocations, expiries and charges are counted by tool', async () => {
  const world = createWorld()
  const held = await exhaust(world, 'cad_tool')
  await ok(world.send('POST', '/licenses/renew', { id: held[0].id }))
  for (const _ of [1, 2]) await ok(world.send('POST', '/licenses/return', { id: held[0].id }))
  for (const _ of [1, 2]) await ok(world.present('POST', '/licenses/revoke', { id: held[1].id }))
  world.clock.advance(2 * 3600_000)
  await ok(world.send('GET', '/readyz'))
  const { value } = await scrape(world)
  const of = (name: string) => value(name, { tool: 'cad_tool' })
  expect([
    of('license_renewals_total'),
    of('license_returns_total'),
    of('license_revocations_total'),
    of('license_expiries_total'),
  ]).toEqual([1, 1, 1, 3])
  expect([
    of('license_overage_charges_total'),
    of('license_overage_charged_currency_total'),
    of('license_overage_cost_currency'),
  ]).toEqual([1, 100, 100])
})

test('counters of every tool start at 0, so that their first increase shows', async () => {
  const { value } = await scrape(createWorld())
  for (const tool of ['analysis', 'cad_tool', 'simulation']) {
    for (const name of [
      'license_borrow_attempts_total',
      'license_borrow_success_total',
      'license_returns_total',
    ])
      expect(value(name, { tool })).toBe(0)
    for (const reason of ['exhausted', 'max_overage', 'spend_cap'])
      expect(value('license_borrow_failure_total', { tool, reason })).toBe(0)
  }
})

test('gauges are right after a restart, before anybody borrows', async () => {
  const world = createWorld()
  await exhaust(world, 'cad_tool')
  await borrow(world, 'alice', 'simulation')
  await configure(world, { tool: 'simulation', total: 9, commit: 7, max_overage: 2 })
  await world.app.stop()
  const { value } = await scrape(createWorld({ dbPath: world.dbPath }))
  const gauges = [
    'licenses_borrowed',
    'licenses_total',
    'licenses_commit',
    'licenses_overage',
    'licenses_max_overage',
    'license_overage_cost_currency',
  ]
  const of = (tool: string) => gauges.map(name => value(name, { tool }))
  expect(of('cad_tool')).toEqual([5, 5, 4, 1, 1, 100])
  expect(of('simulation')).toEqual([1, 9, 7, 0, 2, 0])
  expect(of('analysis')).toEqual([0, 2, 1, 0, 1, 0])
})

test('a thousand unknown tools, users, paths, methods and sessions add no series', async () => {
  const world = createWorld({ rateLimitPerSecond: 0, logLevel: 'silent' })
  async function hostile(index: number) {
    const body = { tool: `tool${index}`, user: `user${index}` }
    await world.send('POST', '/licenses/borrow', body, { cookie: `twinloop_session=session-number-${index}` })
    await world.send('GET', `/path${index}`)
    await world.send('GET', `/licenses/tool${index}/status`)
    await world.send('GET', `/licenses/tool${index}/history?step=60`)
    await world.send('GET', `/assets/file${index}.js`)
    await world.send(`METHOD${index}`, '/borrows')
    await world.send('GET', `/borrows?user=user${index}`)
    await world.send('POST', '/frontend-error', { message: `message${index}` })
  }
  const seriesOf = ({ samples }: Exposition) =>
    samples
      .map(({ name, labels }) => `${name}${JSON.stringify(labels)}`)
      .filter(name => !name.startsWith('nodejs_'))
  for (let index = 0; index < 3; index++) await hostile(index)
  await scrape(world)
  const before = seriesOf(await scrape(world))
  for (let start = 3; start < 1003; start += 100)
    await Promise.all(Array.from({ length: 100 }, (_, index) => hostile(start + index)))
  const after = await scrape(world)
  expect(seriesOf(after).filter(name => !before.includes(name))).toEqual([])
  expect(JSON.stringify(after.samples)).not.toMatch(/tool\d|user\d|path\d|METHOD\d|file\d/)
  expect(after.value('license_borrow_failure_total', { tool: '_unknown', reason: 'unknown_tool' })).toBe(1003)
  expect(after.value('http_requests_total', { method: 'OTHER', route: '/*', status: '405' })).toBe(1003)
})

test('requests are counted by method, pattern and status', async () => {
  const world = createWorld()
  await world.send('GET', '/licenses/cad_tool/status')
  await world.send('GET', '/licenses/nothing/status')
  await world.send('HEAD', '/borrows')
  const { value } = await scrape(world)
  const count = (method: string, route: string, status: string) =>
    value('http_requests_total', { method, route, status })
  expect(count('GET', '/licenses/{tool}/status', '200')).toBe(1)
  expect(count('GET', '/licenses/{tool}/status', '404')).toBe(1)
  expect(count('HEAD', '/borrows', '200')).toBe(1)
})

test('a borrow that the store failed is counted under its own tool, before the first scrape too', async () => {
  const world = createWorld()
  world.app.ledger.submit = async () => {
    throw new Failure('storage_full', 'no room')
  }
  for (const tool of ['cad_tool', 'nothing'])
    await expectProblem(await world.send('POST', '/licenses/borrow', { tool, user: 'alice' }), 'storage_full')
  const { value } = await scrape(world)
  expect(value('license_borrow_failure_total', { tool: 'cad_tool', reason: 'error' })).toBe(1)
  expect(value('license_borrow_attempts_total', { tool: 'cad_tool' })).toBe(1)
  expect(value('license_borrow_attempts_total', { tool: '_unknown' })).toBe(1)
})

test('METRICS_PORT moves the metrics: there is nothing but them there, and none of them here', async () => {
  const world = createWorld({ metricsPort: 0 })
  const { port, metricsPort } = await listening(world)
  const status = async (at: number | null, path: string) =>
    (await fetch(`http://127.0.0.1:${at}${path}`)).status
  expect(await status(metricsPort, '/metrics')).toBe(200)
  expect(await status(port, '/metrics')).toBe(404)
  expect(await status(port, '/healthz')).toBe(200)
  for (const path of ['/', '/borrows', '/openapi.json', '/config', '/healthz'])
    expect(await status(metricsPort, path)).toBe(404)
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  expect(parseExposition(text).value('licenses_total', { tool: 'cad_tool' })).toBe(5)
  expect((await (await fetch(`http://127.0.0.1:${port}/openapi.json`)).json()) as object).not.toHaveProperty([
    'paths',
    '/metrics',
  ])
})

test('a store that cannot be read does not hide the other metrics, and is counted', async () => {
  const world = createWorld()
  await world.app.ledger.close()
  const { value } = await scrape(world)
  expect(value('metrics_refresh_failures_total', {})).toBe(1)
  expect(value('app_build_info', { version: '1.2.3', commit: 'abc1234' })).toBe(1)
})
