import { expect, onTestFinished, test, vi } from 'vitest'
import { exchange } from '../support/socket.ts'
import { expectProblem, json, listening } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const gets = [
  '/version',
  '/metrics',
  '/openapi.json',
  '/healthz',
  '/readyz',
  '/session',
  '/licenses/status',
  '/licenses/cad_tool/status',
  '/licenses/cad_tool/history',
  '/borrows',
  '/overage-charges',
  '/denials',
  '/config/budget',
  '/stream/snapshot',
]

test.each(gets)('HEAD %s answers as GET does, without a body', async path => {
  const world = createWorld()
  const [head, get] = [await world.send('HEAD', path), await world.send('GET', path)]
  expect(await head.text()).toBe('')
  expect(head.status).toBe(get.status)
  expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
})

const others = [
  ['GET', '/licenses/borrow', 'POST'],
  ['PUT', '/licenses/return', 'POST'],
  ['DELETE', '/borrows', 'GET, HEAD'],
  ['POST', '/licenses/status', 'GET, HEAD'],
  ['PATCH', '/licenses/cad_tool/status', 'GET, HEAD'],
  ['POST', '/config/budget', 'GET, PUT, HEAD'],
  ['OPTIONS', '/licenses/borrow', 'POST'],
  ['GET', '/frontend-error', 'POST'],
  ['PUT', '/session', 'GET, POST, HEAD'],
  ['HEAD', '/licenses/borrow', 'POST'],
  ['PROPFIND', '/version', 'GET, HEAD'],
  ['POST', '/', 'GET, HEAD'],
] as const

test.each(others)('%s %s: 405, Allow: %s', async (method, path, allow) => {
  const response = await createWorld().present(method, path)
  expect(response.status).toBe(405)
  expect(new Set(response.headers.get('allow')?.split(', '))).toEqual(new Set(allow.split(', ')))
  if (method !== 'HEAD') await expectProblem(response, 'method_not_allowed')
})

const nowhere = [
  '/nothing',
  '/licenses',
  '/licenses/',
  '/licenses/borrow/',
  '/LICENSES/STATUS',
  '/licenses/a/b/status',
  '/config/budget/x',
  '/static/../package.json',
  '/assets/../../package.json',
  '/assets/%2e%2e%2f%2e%2e%2fpackage.json',
  '/assets/%00',
  '/assets/',
  '/vendor/',
  '/vendor/reveal/package.json',
  '/vendor/reveal/..%2f..%2fpackage.json',
  '/.env',
  '/.git/config',
  '/%',
  '/%ff',
  '/%e0%a4%a',
  '//',
  '/licenses.db',
]

test.each(nowhere)('%s: 404 for every method, without Allow', async path => {
  const world = createWorld()
  for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
    const response = await world.present(method, path)
    expect(response.headers.get('allow')).toBeNull()
    const body = await expectProblem(response, 'not_found')
    expect(body.detail).not.toContain(path)
  }
})

test('every method that Node understands gets an answer', async () => {
  const { port } = await listening(createWorld())
  for (const method of ['TRACE', 'MKCOL', 'PURGE', 'M-SEARCH', 'REPORT']) {
    const { text } = await exchange(
      port,
      `${method} /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    )
    expect(text).toMatch(/^HTTP\/1\.1 405 .*method_not_allowed/s)
  }
})

test('HEAD /stream answers the headers, keeps the connection, and takes no place among the streams', async () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => complaints.mockRestore())
  const { port } = await listening(createWorld())
  const head = 'HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n'
  const next = 'GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  const { text } = await exchange(port, head + next, 1000)
  expect(text).toMatch(/^HTTP\/1\.1 200 .*text\/event-stream/s)
  expect(text).toMatch(/^live_streams_open 0$/m)
  expect(complaints).not.toHaveBeenCalled()
})

test('GET /version: version, commit, environment, service', async () => {
  expect(await json(await createWorld().send('GET', '/version'))).toEqual({
    version: '1.2.3',
    commit: 'abc1234',
    env: 'test',
    service: 'license-server',
  })
})

test('a stopped server refuses borrows with 503 stopping and a Retry-After', async () => {
  const world = createWorld()
  await world.app.stop()
  const response = await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'late' })
  expect(response.headers.get('retry-after')).toMatch(/^\d+$/)
  await expectProblem(response, 'stopping')
  expect(world.lines().filter(({ event }) => event === 'storage_failed')).toEqual([])
})
