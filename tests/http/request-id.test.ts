import { expect, test } from 'vitest'
import { exhaust, json } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const get = (world: World, headers: Record<string, string> = {}, path = '/healthz') =>
  world.send('GET', path, undefined, headers)
const lastLine = (world: World) => world.lines().at(-1)

test.each(['a', 'x'.repeat(64), '8e03978e-40d5-43dd-bc93-6894a57f9324', 'a.b:c_d-e', '1', 'undefined'])(
  'a sane X-Request-Id is kept: %j',
  async id => {
    const world = createWorld()
    expect((await get(world, { 'x-request-id': id })).headers.get('x-request-id')).toBe(id)
    expect(lastLine(world)).toMatchObject({ event: 'http_request', request_id: id })
  },
)

test.each([
  '',
  ' ',
  'x'.repeat(65),
  'two words',
  'a, b',
  'a"b',
  '<script>',
  'é',
  'a\tb',
  '$\u007bjndi:x}',
  'a/../b',
])('another X-Request-Id is replaced and appears nowhere: %j', async id => {
  const world = createWorld()
  const made = (await get(world, { 'x-request-id': id })).headers.get('x-request-id')
  expect(made).toMatch(/^[\w.:-]{1,64}$/)
  expect(lastLine(world)).toMatchObject({ request_id: made })
  if (id.trim().length > 1)
    expect(JSON.stringify(world.lines())).not.toContain(JSON.stringify(id).slice(1, -1))
})

test('each request without an id gets one of its own, also over a restart', async () => {
  const ids = new Set<string | null>()
  for (const world of [createWorld(), createWorld()])
    for (let index = 0; index < 50; index++) ids.add((await get(world)).headers.get('x-request-id'))
  expect(ids.size).toBe(100)
})

const answers: [string, string, string, unknown, number][] = [
  ['a page', 'GET', '/', undefined, 200],
  ['a script', 'GET', '/assets/index.js', undefined, 200],
  ['a vendored file', 'GET', '/vendor/swagger-ui/swagger-ui.css', undefined, 200],
  ['metrics', 'GET', '/metrics', undefined, 200],
  ['a problem', 'GET', '/nothing', undefined, 404],
  ['a refusal', 'POST', '/licenses/borrow', {}, 422],
  ['no right', 'PUT', '/config/budget', {}, 401],
  ['another method', 'DELETE', '/borrows', undefined, 405],
  ['a cookie', 'POST', '/session', { token: 'presenter-token-of-the-tests' }, 200],
]
test.each(answers)('%s has the id and nosniff in its headers', async (_title, method, path, body, status) => {
  const world = createWorld()
  const response = await world.send(method, path, body, { 'x-request-id': 'id-1' })
  expect(response.status).toBe(status)
  expect(response.headers.get('x-request-id')).toBe('id-1')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  if (status >= 400) expect(await json(response)).toMatchObject({ request_id: 'id-1' })
})

test('one id is on every line that a request causes', async () => {
  const world = createWorld()
  for (const _ of [1, 2, 3, 4]) await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'a' })
  await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'a' }, { 'x-request-id': 'over' })
  await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'a' }, { 'x-request-id': 'denied' })
  const events = (id: string) =>
    world
      .lines()
      .filter(({ request_id }) => request_id === id)
      .map(({ event }) => event)
  expect(events('over')).toEqual(['borrow_license', 'overage_charged', 'http_request'])
  expect(events('denied')).toEqual(['borrow_denied', 'http_request'])
})

const TRACE = '0af7651916cd43dd8448eb211c80319c'

test('a traceparent gives every line of the request its trace_id', async () => {
  const world = createWorld()
  await exhaust(world, 'analysis')
  const headers = { traceparent: `00-${TRACE}-b7ad6b7169203331-01`, 'x-request-id': 'traced' }
  await world.send('POST', '/licenses/borrow', { tool: 'analysis', user: 'a' }, headers)
  const lines = world.lines().filter(({ request_id }) => request_id === 'traced')
  expect(lines.map(({ event, trace_id }) => [event, trace_id])).toEqual([
    ['borrow_denied', TRACE],
    ['http_request', TRACE],
  ])
})

test.each([
  '',
  'x',
  `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  `00-${TRACE}-0000000000000000-01`,
  `00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`,
  `00-${TRACE}-b7ad6b7169203331`,
  `ff-${TRACE}-b7ad6b7169203331-01`,
  `00-${TRACE}-b7ad6b7169203331-01-extra`,
  `00-${TRACE}\u00e9-b7ad6b7169203331-01`,
])('what W3C Trace Context does not allow gives no trace_id: %j', async traceparent => {
  const world = createWorld()
  expect((await get(world, { traceparent })).status).toBe(200)
  expect(lastLine(world)).not.toHaveProperty('trace_id')
})
