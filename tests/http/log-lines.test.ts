import { expect, test } from 'vitest'
import { eventNames, serverEventNames } from '../../src/observability/event-names.ts'
import { announce } from '../delivery/announcements.ts'
import { borrow, configure, cookiesOf, exhaust, listening, ok } from '../support/wire.ts'
import { createWorld, TOKEN, type World } from '../support/world.ts'

type Line = Record<string, unknown>
const linesOf = (world: World, event: string): Line[] => world.lines().filter(line => line.event === event)
const cause = { request_id: expect.any(String) }
const common = (event: string, level: string, msg: string) => ({
  level,
  time: '2026-03-02T10:00:00.000Z',
  service: 'license-server',
  version: '1.2.3',
  commit: 'abc1234',
  env: 'test',
  event,
  msg,
})

/** Does everything that the server can do once. */
async function everything(world: World): Promise<void> {
  const held = await exhaust(world, 'cad_tool')
  await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'late' })
  await world.send('POST', '/licenses/borrow', { tool: '<nothing>', user: 'eve' })
  await ok(world.send('POST', '/licenses/renew', { id: held[0].id }))
  await ok(world.send('POST', '/licenses/return', { id: held[0].id }))
  await ok(world.present('POST', '/licenses/revoke', { id: held[1].id }))
  await configure(world, { total: 6 })
  await ok(world.send('POST', '/frontend-error', { message: 'boom' }))
  await ok(announce(world, {}))
  await ok(world.present('POST', '/incidents/1/acknowledge', {}))
  await world.present('POST', '/deployments', {
    faults: { seat_leak: { share: 1 }, noisy_logs: { lines: 1 } },
  })
  await ok(world.send('POST', '/licenses/return', { id: (await borrow(world, 'leaky', 'analysis')).id }))
  await ok(world.present('POST', '/deployments/rollback', {}))
  await ok(announce(world, { endsAt: '2026-01-01T00:05:00Z' }))
  await ok(world.present('POST', '/scenarios/slow-dependency/start'))
  await ok(world.present('POST', '/scenarios/stop'))
  await world.present('POST', '/races', {})
  await ok(world.present('POST', '/stage/reset'))
  await borrow(world, 'forgetful', 'cad_tool')
  const { drain } = await listening(world)
  await drain()
  world.clock.advance(3 * 3600_000)
  await ok(world.send('GET', '/readyz'))
  await world.app.stop()
}

test('every line has time, level in words, event, msg, service, version and commit', async () => {
  const world = createWorld()
  await everything(world)
  const seen = new Set<unknown>()
  for (const line of world.lines()) {
    expect(line).toMatchObject({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: expect.stringMatching(/^(trace|debug|info|warn|error|fatal)$/),
      msg: expect.stringMatching(/./),
      service: 'license-server',
      version: expect.stringMatching(/^1\.2\.[3-6]$/),
      commit: expect.stringMatching(/^[\da-f]{7}$/),
      env: 'test',
    })
    expect(eventNames).toContain(line.event)
    expect(line).not.toHaveProperty('pid')
    expect(line).not.toHaveProperty('hostname')
    seen.add(line.event)
  }
  const troubles = ['storage_failed', 'internal_error', 'race_failed']
  const outages = ['log_delivery_failed', 'log_delivery_recovered']
  const wanted = serverEventNames.filter(name => ![...troubles, ...outages].includes(name))
  expect([...seen].sort()).toEqual([...wanted].sort())
})

test('a line is one line and names no field twice', async () => {
  const text: string[] = []
  const world = createWorld({}, { logTo: { write: line => void text.push(line) } })
  const hostile = 'a\u2028b\u0085'
  await world.send('POST', '/licenses/borrow', { tool: 'x', user: '"},{"level":"fatal' })
  await world.send('POST', '/frontend-error', {
    message: 'a\nb\r\n{"level":"fatal"}',
    stack: hostile,
    url: '\0',
  })
  await everything(world)
  for (const line of text.join('').split('\n').slice(0, -1)) {
    const names: string[] = []
    JSON.parse(line, function (this: unknown, key, value) {
      if (key !== '') names.push(key)
      return value
    })
    const written = [...line.matchAll(/[{,]"(\w+)":/g)].map(([, name]) => name)
    const repeated = Object.keys(JSON.parse(line)).filter(
      name => written.filter(other => other === name).length > 1,
    )
    expect(repeated.filter(name => name !== 'level')).toEqual([])
    expect(names.length).toBe(Object.keys(JSON.parse(line)).length)
  }
})

const eventLines: [string, string, string, (world: World) => Promise<unknown>, Line][] = [
  [
    'borrow_license',
    'info',
    'license borrowed',
    world => borrow(world),
    { user: 'alice', borrow_id: expect.any(String), is_overage: false, duration_ms: 0 },
  ],
  [
    'overage_charged',
    'info',
    'overage charged',
    world => exhaust(world, 'cad_tool'),
    { user: 'user4', borrow_id: expect.any(String), charge_id: expect.any(String), amount: 100 },
  ],
  [
    'borrow_denied',
    'warn',
    'borrow denied',
    async world => {
      await exhaust(world, 'cad_tool')
      await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'late' })
    },
    { user: 'late', reason: 'exhausted', duration_ms: 0 },
  ],
  [
    'return_license',
    'info',
    'license returned',
    async world => world.send('POST', '/licenses/return', { id: (await borrow(world)).id }),
    { user: 'alice', borrow_id: expect.any(String), held_seconds: 0 },
  ],
  [
    'license_renewed',
    'info',
    'lease renewed',
    async world => world.send('POST', '/licenses/renew', { id: (await borrow(world)).id }),
    { user: 'alice', borrow_id: expect.any(String), expires_at: '2026-03-02T12:00:00.000Z' },
  ],
  [
    'license_revoked',
    'warn',
    'license revoked',
    async world => world.present('POST', '/licenses/revoke', { id: (await borrow(world)).id }),
    { user: 'alice', borrow_id: expect.any(String), held_seconds: 0 },
  ],
]
test.each(eventLines)('%s: its fields, and no others', async (event, level, msg, act, fields) => {
  const world = createWorld()
  await act(world)
  expect(linesOf(world, event)).toEqual([
    { ...common(event, level, msg), ...cause, tool: 'cad_tool', ...fields },
  ])
})

test('budget_updated tells every setting as it is and as it was', async () => {
  const world = createWorld()
  await configure(world, { total: 6, commit_price: 2000, spend_cap: 50 })
  const [line] = linesOf(world, 'budget_updated')
  expect(line).toMatchObject({
    tool: 'cad_tool',
    total: 6,
    total_before: 5,
    commit_price: 2000,
    commit_price_before: 1000,
    spend_cap: 50,
    spend_cap_before: null,
    commit_seats: 4,
    commit_seats_before: 4,
  })
  expect(line).toMatchObject({ commit: 'abc1234' })
})

test('http_request tells method, pattern, status and duration, never the address that was asked for', async () => {
  const world = createWorld()
  await world.send('GET', '/licenses/secret-project/status?x=private')
  await world.send('GET', '/nowhere/secret-project')
  expect(linesOf(world, 'http_request')).toEqual([
    {
      ...common('http_request', 'info', 'request answered'),
      ...cause,
      method: 'GET',
      route: '/licenses/{tool}/status',
      status: 404,
      duration_ms: 0,
    },
    {
      ...common('http_request', 'info', 'request answered'),
      ...cause,
      method: 'GET',
      route: '/*',
      status: 404,
      duration_ms: 0,
    },
  ])
  expect(JSON.stringify(world.lines())).not.toMatch(/secret-project|private/)
})

test('user text is in fields, never in msg', async () => {
  const world = createWorld()
  const texts = ['%s %d %j', '{{7*7}}', '<script>', '$\u007bjndi:ldap://x}']
  for (const user of texts) {
    await borrow(world, user, 'cad_tool')
    await world.send('POST', '/licenses/borrow', { tool: user, user })
    await world.send('POST', '/frontend-error', { message: user })
  }
  for (const { msg } of world.lines()) for (const text of texts) expect(msg).not.toContain(text)
  expect(linesOf(world, 'borrow_license').map(({ user }) => user)).toEqual(texts)
})

test('no line holds the presenter’s token or a cookie, however they came', async () => {
  const world = createWorld()
  const cookie = cookiesOf(await world.send('GET', '/'))
  const presenter = cookiesOf(await world.send('POST', '/session', { token: TOKEN }))
  await world.send('GET', `/config?token=${TOKEN}`)
  await world.send('GET', `/nothing?token=${TOKEN}`, undefined, { cookie: `${cookie}; ${presenter}` })
  await world.send('PUT', '/config/budget', '{', { cookie: presenter })
  await world.present('PUT', '/config/budget', { token: TOKEN })
  await world.send('POST', '/session', { token: `${TOKEN}x` })
  await world.send('POST', '/session', `{"token":"${TOKEN}"`)
  await borrow(world, 'alice', 'cad_tool', { cookie })
  const secret = cookie.split('=')[1] ?? ''
  expect(secret.length).toBeGreaterThan(20)
  const text = JSON.stringify(world.lines())
  for (const hidden of [TOKEN, secret]) expect(text).not.toContain(hidden)
})

test('the least level that is logged is the one configured', async () => {
  const world = createWorld({ logLevel: 'warn' })
  await exhaust(world, 'analysis')
  await world.send('POST', '/licenses/borrow', { tool: 'analysis', user: 'late' })
  expect(world.lines().map(({ event }) => event)).toEqual(['borrow_denied'])
})
