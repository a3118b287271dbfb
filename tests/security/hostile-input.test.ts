/** The wall around input: paths, bodies, texts and connections that nobody means well. Parsers: tests/http/raw-requests.test.ts. */
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { exchange } from '../support/socket.ts'
import { borrow, expectProblem, listening, ok } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`

test('no path leads out of the folder of assets, however it is written', async () => {
  const { port } = await listening(createWorld())
  const up = ['..', '%2e%2e', '.%2e', '%2E.', '..%00', '%252e%252e', '%c0%ae%c0%ae', '..;']
  const slashes = ['/', '%2f', '\\', '%5c', '%255c']
  const paths = ['/assets', '/vendor'].flatMap(folder =>
    up.flatMap(dots => slashes.map(slash => `${folder}/${[dots, dots, dots, 'package.json'].join(slash)}`)),
  )
  paths.push(
    '/assets//etc/passwd',
    '/assets/%2fetc%2fpasswd',
    '/assets/index.js%00.css',
    '/static/index.html',
    '/.env',
  )
  paths.push('/vendor/reveal/package.json', '/vendor/swagger-ui/index.html', '/assets/', '/assets')
  for (const path of paths) {
    const { text } = await exchange(port, get(path))
    expect(text, path).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(text, path).not.toMatch(/"dependencies"|root:/)
  }
})

test('a body that is packed is not unpacked', async () => {
  const world = createWorld()
  const bomb = gzipSync(JSON.stringify({ tool: 'cad_tool', user: 'a'.repeat(10_000_000) }))
  expect(bomb.length).toBeLessThan(64 * 1024)
  const response = await world.app.app.request('/licenses/borrow', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: new Uint8Array(bomb),
  })
  await expectProblem(response, 'malformed_json')
})

test('a body that nests a thousand times, or names prototypes, changes nothing for anybody', async () => {
  const world = createWorld()
  const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`
  const bodies = [
    `{"tool":"cad_tool","user":${deep}}`,
    '{"__proto__":{"tool":"cad_tool","user":"a"}}',
    '{"constructor":{"prototype":{"isAdmin":true}}}',
  ]
  for (const body of bodies)
    await expectProblem(await world.send('POST', '/licenses/borrow', body), 'invalid_request')
  const polluted =
    '{"tool":"cad_tool","user":"a","__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'
  expect((await world.send('POST', '/licenses/borrow', polluted)).status).toBe(200)
  expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
})

test('a line break makes no line of a log, no header and no metric', async () => {
  const world = createWorld()
  const forged = 'alice\r\n{"level":"info","event":"borrow_license","user":"forged"}\r\nSet-Cookie: x=1'
  const response = await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: forged })
  expect(response.headers.get('set-cookie')).toBeNull()
  await expectProblem(response, 'invalid_request')
  await ok(world.send('POST', '/frontend-error', { message: forged, url: forged }))
  await borrow(world, 'alice"} 1 # HELP forged')
  expect(world.lines().filter(({ user }) => user === 'forged')).toEqual([])
  expect(world.lines().filter(({ error }) => error === forged).length).toBe(1)
  const metrics = await (await world.send('GET', '/metrics')).text()
  expect(metrics).not.toMatch(/forged|alice/)
})

test('a request id that is no word is replaced, and comes back in no header', async () => {
  const world = createWorld()
  for (const id of ['<script>', 'a b', 'x'.repeat(65), '{"a":1}']) {
    const response = await world.send('GET', '/healthz', undefined, { 'x-request-id': id })
    expect(response.headers.get('x-request-id')).not.toBe(id)
  }
})

test('texts made to hold up a regular expression are answered like any others', async () => {
  const world = createWorld()
  const long = (text: string) => text.repeat(Math.floor(14_000 / text.length))
  const headers: Record<string, string>[] = [
    { authorization: `Bearer ${long(' ')}x y` },
    { traceparent: long('0') },
    { 'x-forwarded-for': long('1.'), cookie: 'a=b' },
    { 'idempotency-key': long('a ') },
    { cookie: long('a=b; ') },
    { accept: long('text/') },
    { 'content-type': long(' ') },
    { origin: `http://${long('a.')}`, cookie: 'a=b' },
  ]
  for (const header of headers)
    expect(
      (await world.send('POST', '/licenses/borrow', { tool: 'no_tool', user: 'a' }, header)).status,
    ).toBeLessThan(500)
  expect(await ok(world.send('GET', '/healthz'))).toEqual({ status: 'ok' })
})

test('who sends half a request holds nobody else up', async () => {
  const { port, origin } = await listening(createWorld())
  const halves = Array.from({ length: 50 }, () =>
    exchange(port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ', 300),
  )
  expect(await ok(fetch(`${origin}/healthz`))).toEqual({ status: 'ok' })
  for (const { text } of await Promise.all(halves)) expect(text).toBe('')
})
