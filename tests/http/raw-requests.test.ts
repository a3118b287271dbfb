import { expect, test } from 'vitest'
import { exchange } from '../support/socket.ts'
import { listening, ok } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const body = '{"tool":"cad_tool","user":"alice"}'
const post = (head: string) => `POST /licenses/borrow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${head}`

const answered: [string, string, number][] = [
  ['HTTP/1.0 with a Host', 'GET /healthz HTTP/1.0\r\nHost: x\r\n\r\n', 200],
  [
    'an absolute address',
    'GET http://elsewhere.example/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    200,
  ],
  [
    'a chunked body',
    post(`Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`),
    200,
  ],
  [
    'a body in two parts',
    post(
      `Transfer-Encoding: chunked\r\n\r\n10\r\n${body.slice(0, 16)}\r\n${(body.length - 16).toString(16)}\r\n${body.slice(16)}\r\n0\r\n\r\n`,
    ),
    200,
  ],
  [
    'Expect: 100-continue',
    post(`Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
    200,
  ],
  [
    'a body with GET',
    `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    200,
  ],
  [
    'headers in capitals',
    post(`CONTENT-LENGTH: ${body.length}\r\nCONTENT-TYPE: APPLICATION/JSON\r\n\r\n${body}`),
    200,
  ],
  ['no body at all', post('\r\n'), 422],
]
test.each(answered)('%s is answered', async (_title, bytes, status) => {
  const { port } = await listening(createWorld())
  const { text, closed } = await exchange(port, bytes)
  expect(text.replace('HTTP/1.1 100 Continue\r\n\r\n', '')).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(closed).toBe(true)
})

const refused: [string, string][] = [
  ['what is no HTTP', 'hello\r\n\r\n'],
  ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['two lengths', post(`Content-Length: ${body.length}\r\nContent-Length: 35\r\n\r\n${body}`)],
  [
    'a length and chunks',
    post(`Content-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
  ],
  ['a negative length', post('Content-Length: -1\r\n\r\n')],
  ['a chunk that is no number', post('Transfer-Encoding: chunked\r\n\r\nzz\r\n')],
  ['a line break in a header', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n'],
  ['a space in the address', 'GET /health z HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['16 KiB of headers', `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`],
  ['an unknown method', 'BREW /coffee HTTP/1.1\r\nHost: x\r\n\r\n'],
]
test.each(refused)('%s is refused with a 4xx, and the next request is served', async (_title, bytes) => {
  const world = createWorld()
  const { port, origin } = await listening(world)
  const { text } = await exchange(port, bytes)
  expect(text).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(text).not.toContain('HTTP/1.1 2')
  expect(await ok(fetch(`${origin}/healthz`))).toEqual({ status: 'ok' })
  expect(await ok(world.send('GET', '/borrows'))).toEqual([])
})

const targets: [string, string][] = [
  ['a Host that is no host', 'GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
  ['a Host with a path', 'GET /healthz HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n'],
  ['a backslash in the path', 'GET /licenses/\\/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ['HTTP/1.0 without a Host', 'GET /healthz HTTP/1.0\r\n\r\n'],
]
test.each(targets)(
  '%s is well-formed HTTP: the refusal is a problem with a request id',
  async (_title, bytes) => {
    const { port } = await listening(createWorld())
    const { text } = await exchange(port, bytes)
    expect(text).toMatch(/^HTTP\/1\.1 [24]\d\d /)
    if (text.startsWith('HTTP/1.1 2')) return
    expect(text.toLowerCase()).toContain('content-type: application/problem+json')
    expect(text.toLowerCase()).toContain('x-request-id: ')
  },
)

test('requests that come in one packet are answered in their order', async () => {
  const { port } = await listening(createWorld())
  const get = (path: string, close = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${close}\r\n`
  const bytes = get('/healthz') + get('/nothing') + get('/version', 'Connection: close\r\n')
  const { text } = await exchange(port, bytes)
  expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '404', '200'])
})

test('a body that nobody reads does not become the next request', async () => {
  const world = createWorld()
  const { port } = await listening(world)
  const smuggled = `POST /licenses/borrow HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  const bytes = `POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
  const { text } = await exchange(port, bytes)
  expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['404', '200'])
  expect(await ok(world.send('GET', '/borrows'))).toEqual([])
})
