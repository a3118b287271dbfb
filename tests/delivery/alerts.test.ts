import { expect, test } from 'vitest'
import { parseExposition } from '../support/exposition.ts'
import { expectProblem, ok } from '../support/wire.ts'
import { createWorld, TOKEN, type World } from '../support/world.ts'
import { type Announced, announce, announcement } from './announcements.ts'

const ENDS = '2026-01-01T00:05:00Z'
const get = async (world: World, path: string) => (await ok(world.send('GET', path))) as Record<string, never>
const alertsOf = async (world: World) =>
  (await get(world, '/alerts')) as unknown as { firing: number; alerts: Record<string, unknown>[] }
const incidentsOf = async (world: World) =>
  (await get(world, '/incidents')).incidents as unknown as Record<string, unknown>[]
const events = (world: World) =>
  world
    .lines()
    .map(({ event }) => event)
    .filter(event => /^(alert|incident)_/.test(String(event)))

test('an alert that fires is kept, listed newest first, logged, and opens an incident when it calls somebody', async () => {
  const world = createWorld()
  expect(await ok(announce(world, {}))).toEqual({ status: 'ok', new: 1, known: 0 })
  await ok(
    announce(world, {
      name: 'PoolExhausted',
      severity: 'warning',
      fingerprint: 'aa',
      labels: { tool: 'cad_tool' },
    }),
  )
  const { firing, alerts } = await alertsOf(world)
  expect(firing).toBe(2)
  expect(alerts.map(({ name, ends_at, incident }) => [name, ends_at, incident])).toEqual([
    ['PoolExhausted', null, null],
    ['BorrowAvailabilityBurn', null, 1],
  ])
  expect(await incidentsOf(world)).toMatchObject([
    {
      id: 1,
      subject: 'borrow-availability',
      severity: 'page',
      started_at: '2026-01-01T00:00:00.000Z',
      resolved_at: null,
    },
  ])
  expect(events(world)).toEqual(['incident_opened', 'incident_detected', 'alert_firing', 'alert_firing'])
})

test('what is announced again changes nothing, not even after a restart', async () => {
  const world = createWorld()
  await ok(announce(world, {}))
  expect(await ok(announce(world, {}))).toEqual({ status: 'ok', new: 0, known: 1 })
  await world.app.stop()
  const next = createWorld({ dbPath: world.dbPath })
  expect(await ok(announce(next, {}))).toEqual({ status: 'ok', new: 0, known: 1 })
  expect(await incidentsOf(next)).toHaveLength(1)
  expect(events(next)).toEqual([])
})

test('an incident is over when the alert that opened it is; a slower one beside it neither holds it nor opens another', async () => {
  const world = createWorld()
  const slow = { fingerprint: 'cc', startsAt: '2026-01-01T00:01:00Z' }
  await ok(announce(world, { fingerprint: 'bb', labels: { time: 'demo' } }))
  await ok(announce(world, slow))
  await ok(announce(world, { fingerprint: 'dd', endsAt: ENDS }))
  expect((await incidentsOf(world))[0]?.resolved_at).toBe(null)
  await ok(announce(world, { fingerprint: 'bb', endsAt: '2026-01-01T00:07:00Z' }))
  expect((await incidentsOf(world))[0]?.resolved_at).toBe('2026-01-01T00:07:00.000Z')
  expect(world.lines().find(({ event }) => event === 'incident_resolved')).toMatchObject({
    duration_seconds: 420,
  })
  await ok(announce(world, { ...slow, endsAt: '2026-01-01T00:09:00Z' }))
  await ok(announce(world, { fingerprint: 'ee', startsAt: '2026-01-01T00:06:00Z' }))
  expect(await incidentsOf(world)).toHaveLength(1)
  await ok(announce(world, { fingerprint: 'ee', startsAt: '2026-01-01T00:08:00Z' }))
  expect(await incidentsOf(world)).toHaveLength(2)
})

const orders: [string, Announced[][], Partial<{ firing: number; incidents: number }>][] = [
  ['an end before its beginning', [[{ endsAt: ENDS }], [{}]], { firing: 0, incidents: 0 }],
  ['an end twice', [[{}], [{ endsAt: ENDS }], [{ endsAt: ENDS }]], { firing: 0, incidents: 1 }],
  ['a beginning after its end', [[{}], [{ endsAt: ENDS }], [{}]], { firing: 0, incidents: 1 }],
  [
    'a second time',
    [[{}], [{ endsAt: ENDS }], [{ startsAt: '2026-01-01T01:00:00Z' }]],
    { firing: 1, incidents: 2 },
  ],
]
test.each(orders)('late and out of order: %s', async (_title, calls, { firing, incidents }) => {
  const world = createWorld()
  for (const alerts of calls) await ok(announce(world, ...alerts))
  expect((await alertsOf(world)).firing).toBe(firing)
  expect(await incidentsOf(world)).toHaveLength(incidents ?? 0)
})

test('an end that lies before the beginning closes the incident without a negative time', async () => {
  const world = createWorld()
  await ok(announce(world, {}))
  await ok(announce(world, { endsAt: '2025-12-31T23:00:00Z' }))
  expect((await incidentsOf(world))[0]?.resolved_at).toBe('2026-01-01T00:00:00.000Z')
})

test.each([
  ['no token', {}],
  ['the presenter’s token', { authorization: `Bearer ${TOKEN}` }],
  ['another token', { authorization: 'Bearer webhook-token-of-the-testz' }],
])('%s: refused, and nothing is kept', async (_title, headers) => {
  const world = createWorld()
  await expectProblem(await world.send('POST', '/alerts/webhook', announcement({}), headers), 'unauthorized')
  expect((await alertsOf(world)).alerts).toEqual([])
})

test('without a token in the configuration nobody may announce', async () => {
  const world = createWorld({ alertWebhook: { token: null, tokenFile: null } })
  await expectProblem(await announce(world, {}), 'unauthorized')
})

test('texts of strangers do no harm: a script link is dropped, long ones are cut, labels do not become series', async () => {
  const world = createWorld()
  const before = await series(world)
  await ok(
    announce(world, {
      name: 'x'.repeat(500),
      severity: 'catastrophe',
      slo: '<script>',
      annotations: { runbook_url: 'javascript:alert(1)', summary: 's'.repeat(5000) },
    }),
  )
  const [alert] = (await alertsOf(world)).alerts
  expect(alert).toMatchObject({ severity: 'other', subject: '<script>', runbook_url: null })
  expect(String(alert?.summary)).toHaveLength(1000)
  expect(String(alert?.name)).toHaveLength(128)
  expect(await series(world)).toBe(before)
})

const series = async (world: World) => {
  await world.send('GET', '/alerts')
  await world.send('POST', '/alerts/webhook', {}, {})
  const text = await (await world.send('GET', '/metrics')).text()
  return parseExposition(text).samples.filter(({ name }) => /^(alert|incident|deployment)/.test(name)).length
}

test('the totals are right after a restart', async () => {
  const world = createWorld()
  world.app.log.info('server_started', 'x')
  await ok(announce(world, {}))
  await ok(announce(world, { endsAt: ENDS }))
  await ok(announce(world, { slo: 'borrow-latency', fingerprint: 'dd' }))
  await world.app.stop()
  const next = createWorld({ dbPath: world.dbPath })
  const { value } = parseExposition(await (await next.send('GET', '/metrics')).text())
  expect(value('incidents_total', {})).toBe(2)
  expect(value('incidents_resolved_total', {})).toBe(1)
  expect(value('incidents_open', {})).toBe(1)
  expect(value('incident_recovery_seconds_total', {})).toBe(300)
  expect(value('alerts_firing', { severity: 'page' })).toBe(1)
})
