import { expect, test } from 'vitest'
import { expectProblem, ok } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const report = (world: World, body: unknown, headers = {}) =>
  world.send('POST', '/frontend-error', body, headers)
const logged = (world: World) => world.lines().filter(({ event }) => event === 'frontend_error')

test('an error of a page is logged with everything it says and the id of its own request', async () => {
  const world = createWorld()
  const body = {
    message: 'x is undefined',
    stack: 'TypeError: x is undefined\n    at draw (index.js:1:2)',
    source: '/assets/index.js',
    lineno: 1,
    colno: 2,
    url: 'http://localhost/',
    userAgent: 'Mozilla/5.0',
    request_id: 'the-cause',
  }
  expect(await ok(report(world, body, { 'x-request-id': 'the-report' }))).toEqual({ status: 'ok' })
  expect(logged(world)).toEqual([
    {
      level: 'error',
      time: '2026-03-02T10:00:00.000Z',
      service: 'license-server',
      version: '1.2.3',
      commit: 'abc1234',
      env: 'test',
      event: 'frontend_error',
      msg: 'a page reported an error',
      request_id: 'the-report',
      caused_by_request_id: 'the-cause',
      error: 'x is undefined',
      stack: body.stack,
      source: '/assets/index.js',
      lineno: 1,
      colno: 2,
      url: 'http://localhost/',
      user_agent: 'Mozilla/5.0',
    },
  ])
})

test('only the message is needed; what browsers do not know may be null', async () => {
  const world = createWorld()
  await ok(report(world, { message: 'a' }))
  const nothing = { stack: null, source: null, lineno: null, colno: null, url: null, userAgent: null }
  await ok(report(world, { message: 'b', ...nothing, request_id: null }))
  expect(logged(world).map(({ error }) => error)).toEqual(['a', 'b'])
})

test('long texts are cut, not refused', async () => {
  const world = createWorld()
  const long = 'é'.repeat(9000)
  await ok(report(world, { message: long, stack: long }))
  await ok(report(world, { message: 'b', source: long, url: long, userAgent: long }))
  const [first, second] = logged(world)
  const length = (value: unknown) => String(value).length
  expect([length(first?.error), length(first?.stack)]).toEqual([1000, 8000])
  expect([length(second?.source), length(second?.url), length(second?.user_agent)]).toEqual([500, 500, 300])
})

test.each([
  ['line breaks', 'a\nb\r\nc\u2028d'],
  ['a line of its own', '"}\n{"level":"fatal","event":"borrow_license"}'],
  ['half a character', 'a\ud83d'],
  ['a zero byte', 'a\0b'],
  ['terminal colours', '\u001b[31mred\u001b[0m'],
  ['a character cut in the middle', `${'a'.repeat(999)}😀`],
  ['markup', '<img src=x onerror=alert(1)>'],
])('hostile text (%s) stays inside its field of one line', async (_title, message) => {
  const text: string[] = []
  const world = createWorld({}, { logTo: { write: line => void text.push(line) } })
  await ok(report(world, { message }))
  const lines = text.join('').split('\n').slice(0, -1)
  const own = lines.map(line => JSON.parse(line)).filter(({ event }) => event === 'frontend_error')
  expect(own.length).toBe(1)
  expect(own[0].level).toBe('error')
  expect(own[0].error.isWellFormed()).toBe(true)
  expect(own[0].msg).toBe('a page reported an error')
  expect(lines.length).toBe(2)
})

test('fields that nobody asked for are not logged', async () => {
  const world = createWorld()
  await ok(
    report(world, {
      message: 'a',
      password: 'hunter2',
      level: 'debug',
      event: 'x',
      time: 'never',
      __proto__: {},
    }),
  )
  expect(logged(world)).toMatchObject([{ level: 'error', time: '2026-03-02T10:00:00.000Z' }])
  expect(JSON.stringify(world.lines())).not.toContain('hunter2')
})

test.each([
  {},
  { message: '' },
  { message: null },
  { message: 5 },
  { message: ['a'] },
  { message: 'a', lineno: '1' },
  { message: 'a', stack: {} },
])('a report %j: 422, nothing is logged or counted', async body => {
  const world = createWorld()
  await expectProblem(await report(world, body), 'invalid_request')
  expect(logged(world)).toEqual([])
  expect(await (await world.send('GET', '/metrics')).text()).toContain('frontend_errors_total 0\n')
})

test('reports are counted, not one series for each', async () => {
  const world = createWorld()
  for (let index = 0; index < 20; index++)
    await ok(report(world, { message: `error ${index}`, url: `/page${index}` }))
  const metrics = await (await world.send('GET', '/metrics')).text()
  expect(metrics.split('\n').filter(line => line.startsWith('frontend_errors_total'))).toEqual([
    'frontend_errors_total 20',
  ])
})

test('the presenter’s token in an address that a page reports is not logged', async () => {
  const world = createWorld()
  const url = 'http://localhost/config?token=presenter-token-of-the-tests'
  await ok(report(world, { message: `failed to load ${url}`, source: url, url, stack: `at ${url}:1:2` }))
  expect(JSON.stringify(world.lines())).not.toContain('presenter-token-of-the-tests')
})
