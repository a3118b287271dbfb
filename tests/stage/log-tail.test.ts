import { describe, expect, test } from 'vitest'
import { eventNames } from '../../src/observability/event-names.ts'
import { type LogLine, logLine } from '../../src/stage/api.ts'
import { announce } from '../delivery/announcements.ts'
import { borrow, configure, cookiesOf, exhaust, expectProblem, ok } from '../support/wire.ts'
import { createWorld, TOKEN, WEBHOOK_TOKEN, type World } from '../support/world.ts'

const tail = (world: World, query: Record<string, string | number> = {}) => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) search.set(name, String(value))
  return ok(world.send('GET', `/log?${search}`))
}
const eventsOf = async (world: World, query = {}): Promise<string[]> =>
  (await tail(world, query)).lines.map(({ event }: LogLine) => event)

test('everybody sees the newest lines, newest first, each with its number', async () => {
  const world = createWorld()
  const { tool, user } = await borrow(world)
  const { lines, last, more, skipped } = await tail(world)
  expect(lines.map(({ event }: LogLine) => event)).toEqual(['http_request', 'borrow_license'])
  expect(lines[1]).toEqual({
    seq: lines[0].seq - 1,
    time: '2026-03-02T10:00:00.000Z',
    level: 'info',
    event: 'borrow_license',
    msg: 'license borrowed',
    version: '1.2.3',
    commit: 'abc1234',
    request_id: lines[0].request_id,
    tool,
    user,
    is_overage: false,
    duration_ms: 0,
  })
  expect(lines[0]).toMatchObject({ method: 'POST', route: '/licenses/borrow', status: 200 })
  expect({ last, more, skipped }).toEqual({ last: lines[0].seq, more: false, skipped: 0 })
})

test('what the tail itself causes is not in it, unless it was refused', async () => {
  const world = createWorld()
  for (let round = 0; round < 3; round++) expect(await eventsOf(world)).toEqual([])
  await expectProblem(await world.send('GET', '/log?level=loud'), 'invalid_request')
  expect((await tail(world)).lines).toMatchObject([{ route: '/log', status: 422 }])
})

describe('filters', () => {
  async function busy() {
    const world = createWorld()
    await exhaust(world, 'analysis')
    await world.send('POST', '/licenses/borrow', { tool: 'analysis', user: 'late' })
    await borrow(world, 'anna', 'cad_tool', { 'x-request-id': 'the-one-request' })
    await world.send('POST', '/frontend-error', { message: 'boom' })
    return world
  }

  test('level: that level and what is worse', async () => {
    const world = await busy()
    expect(await eventsOf(world, { level: 'warn' })).toEqual(['frontend_error', 'borrow_denied'])
    expect(await eventsOf(world, { level: 'error' })).toEqual(['frontend_error'])
    const all = await eventsOf(world)
    expect(await eventsOf(world, { level: 'debug' })).toEqual(all)
  })

  test('event, tool and request id: exactly those', async () => {
    const world = await busy()
    expect(await eventsOf(world, { event: 'borrow_denied' })).toEqual(['borrow_denied'])
    expect(new Set(await eventsOf(world, { tool: 'analysis' }))).toEqual(
      new Set(['borrow_license', 'overage_charged', 'borrow_denied']),
    )
    expect(await eventsOf(world, { request_id: 'the-one-request' })).toEqual([
      'http_request',
      'borrow_license',
    ])
    expect(await eventsOf(world, { request_id: 'the-one' })).toEqual([])
    expect(await eventsOf(world, { tool: 'cad_tool', event: 'borrow_denied' })).toEqual([])
  })

  test('version: the release that wrote the line', async () => {
    const world = createWorld()
    await borrow(world)
    await world.present('POST', '/deployments', {})
    await borrow(world)
    const [released] = (await tail(world, { event: 'release_shipped' })).lines
    expect(released).toMatchObject({ from_version: '1.2.3', to_version: '1.2.4' })
    expect((await tail(world, { version: '1.2.4', event: 'borrow_license' })).lines.length).toBe(1)
    expect((await tail(world, { version: '1.2.3', event: 'borrow_license' })).lines.length).toBe(1)
  })

  test('a text that looks like a line, and hostile texts, match only themselves', async () => {
    const world = createWorld()
    for (const user of ['"level":"error"', '<script>', 'a"b\\c', 'é\u2028'])
      await world.send('POST', '/licenses/borrow', { tool: user, user })
    expect(await eventsOf(world, { level: 'error' })).toEqual([])
    for (const tool of ['<script>', 'a"b\\c', 'é\u2028'])
      expect((await tail(world, { tool })).lines).toMatchObject([
        { tool, user: tool, reason: 'unknown_tool' },
      ])
  })

  test.each([
    ['level', 'loud'],
    ['level', 'fatal'],
    ['event', 'nothing'],
    ['tool', 'x'.repeat(129)],
    ['version', ''],
    ['request_id', 'x'.repeat(129)],
    ['limit', '501'],
    ['limit', '0'],
    ['after', '-1'],
    ['after', '1e99'],
  ])('%s=%s is refused', async (name, value) => {
    const response = await createWorld().send('GET', `/log?${name}=${value}`)
    expect((await expectProblem(response, 'invalid_request')).errors).toMatchObject([{ path: name }])
  })
})

describe('following', () => {
  test('only newer lines than `after` come, and the answer names the next `after`', async () => {
    const world = createWorld()
    await borrow(world, 'anna')
    const first = await tail(world)
    expect(await tail(world, { after: first.last })).toMatchObject({ lines: [], skipped: 0 })
    await borrow(world, 'ben')
    const { lines } = await tail(world, { after: first.last, event: 'borrow_license' })
    expect(lines).toMatchObject([{ user: 'ben' }])
  })

  test('more than the limit: the newest come, and it is said', async () => {
    const world = createWorld()
    await exhaust(world, 'cad_tool')
    const { lines, more } = await tail(world, { event: 'borrow_license', limit: 2 })
    expect([lines.map(({ user }: LogLine) => user), more]).toEqual([['user4', 'user3'], true])
    expect((await tail(world, { event: 'borrow_license', limit: 5 })).more).toBe(false)
  })

  test('who falls behind is told how many lines were forgotten', async () => {
    const world = createWorld({ rateLimitPerSecond: 0 })
    const { last } = await tail(world)
    for (let request = 0; request < 1100; request++) await world.send('GET', '/version')
    // The request before wrote a line of its own.
    expect(await tail(world, { after: last, limit: 1 })).toMatchObject({ skipped: 101, more: true })
    expect((await tail(world, { limit: 500 })).lines.length).toBe(500)
  })

  test('a number of another log is no number: all that is here comes', async () => {
    const world = createWorld()
    await borrow(world)
    expect((await tail(world, { after: Number.MAX_SAFE_INTEGER })).lines.length).toBe(2)
    expect((await tail(world, { after: 7 })).lines.length).toBe(2)
  })
})

describe('what nobody may see', () => {
  test('ids of borrows and charges, sessions and tokens are in no line, whatever is asked for', async () => {
    const world = createWorld()
    const cookie = cookiesOf(await world.send('GET', '/'))
    const held = await exhaust(world, 'analysis')
    const own = await borrow(world, 'anna', 'cad_tool', { cookie })
    await world.send('POST', '/licenses/renew', { id: own.id })
    await world.send('POST', '/licenses/return', { id: own.id })
    await world.present('POST', '/licenses/revoke', { id: held[0].id })
    await world.present('POST', '/deployments', { faults: { seat_leak: { share: 1 } } })
    const leaked = await borrow(world, 'leaky', 'cad_tool')
    await world.send('POST', '/licenses/return', { id: leaked.id })
    const text = JSON.stringify(await tail(world, { limit: 500 }))
    const charge = world.lines().find(({ charge_id }) => charge_id)?.charge_id
    for (const secret of [
      own.id,
      held[0].id,
      held[1].id,
      leaked.id,
      charge,
      cookie.split('=')[1],
      TOKEN,
      WEBHOOK_TOKEN,
    ]) {
      expect(secret).toEqual(expect.stringMatching(/./))
      expect(text).not.toContain(secret)
    }
    expect(text).toContain('seat_leaked')
    expect((await tail(world, { request_id: own.id })).lines).toEqual([])
  })

  test('free text stays in the log: errors of pages, their stacks and addresses, summaries, settings', async () => {
    const world = createWorld()
    await world.send('POST', '/frontend-error', {
      message: 'secret-message',
      stack: 'secret-stack',
      source: 'secret-source',
      url: 'http://secret-url',
      userAgent: 'secret-agent',
    })
    await announce(world, { annotations: { summary: 'secret-summary' } })
    await configure(world, { total: 6, commit_price: 98765 })
    const text = JSON.stringify(await tail(world, { limit: 500 }))
    expect(text).not.toMatch(/secret-|98765/)
    expect(text).toContain('alert_firing')
  })

  test('vehicles have no name, no device, no update and no reason in prose', async () => {
    const world = createWorld()
    const { log } = world.app
    log.info('vehicle_registered', 'a new vehicle', {
      vehicle: 'secret-vehicle',
      vin: 'secret-vin',
      model: 'm1',
    })
    log.warn('update_transition', 'an update moved on', {
      vehicle: 'secret-vehicle',
      update_id: 'secret-update',
      reason: 'bad_signature',
      from: 'installing',
      to: 'failed',
    })
    log.warn('device_refused', 'turned away', { device: 'secret-device', reason: 'password' })
    log.warn('log_delivery_failed', 'Loki is away', { reason: 'http://name:secret-password@loki: refused' })
    const { lines } = await tail(world)
    expect(JSON.stringify(lines)).not.toContain('secret-')
    expect(lines.map(({ reason }: LogLine) => reason)).toEqual([
      undefined,
      'password',
      'bad_signature',
      undefined,
    ])
    expect(lines[2]).toMatchObject({ from: 'installing', to: 'failed' })
  })

  test('a field that nobody has thought of yet is not shown', async () => {
    const world = createWorld()
    world.app.log.info('http_request', 'x', { session: 's', ip: '::1', borrow: 'b', trace_id: 't', seq: 5 })
    const [line] = (await tail(world)).lines
    expect(Object.keys(line).sort()).toEqual(['commit', 'event', 'level', 'msg', 'seq', 'time', 'version'])
    expect(line.seq).toBeGreaterThan(1e15)
  })

  test('the list of what is shown names no id of a borrow, no vehicle and no free text', () => {
    const never = /borrow|charge|vehicle|vin|device|session|cookie|token|stack|error|url|detail|summary|trace/
    expect(Object.keys(logLine.shape).filter(name => never.test(name))).toEqual([])
  })
})

test('long texts are cut', async () => {
  const world = createWorld()
  world.app.log.info('alert_firing', 'an alert fires', { subject: `${'x'.repeat(255)}😀😀` })
  const [{ subject }] = (await tail(world)).lines
  expect([subject.length, subject.isWellFormed()]).toEqual([256, true])
})

test('every event there is can be asked for, and has its place in the answer', async () => {
  const world = createWorld({ rateLimitPerSecond: 0 })
  for (const event of eventNames) world.app.log.info(event, 'x')
  for (const event of eventNames)
    expect(
      (await tail(world, { event })).lines.some((line: LogLine) => logLine.parse(line).msg === 'x'),
    ).toBe(true)
})

test('nothing that is asked for becomes a label of a metric', async () => {
  const world = createWorld()
  await tail(world, { tool: 'secret-tool', request_id: 'secret-id', version: 'secret-version' })
  expect(await (await world.send('GET', '/metrics')).text()).not.toContain('secret-')
})
