import { request } from 'node:http'
import { expect, test } from 'vitest'
import { exchange, hangUp } from '../support/socket.ts'
import { cadSettings, expectProblem, json, listening, ok, statusOf } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const MAX = 64 * 1024
const asked = { tool: 'cad_tool', user: 'alice' }

test.each([
  'application/json',
  'application/json; charset=utf-8',
  'application/x-www-form-urlencoded',
  'text/plain',
  'multipart/form-data; boundary=x',
  'nonsense',
])('a JSON body is read as JSON under the content type %s', async type => {
  const world = createWorld()
  const response = await world.send('POST', '/licenses/borrow', asked, { 'content-type': type })
  expect(await json(response)).toMatchObject({ tool: 'cad_tool', user: 'alice' })
})

test('curl, python-requests and browsers ask with headers of their own: all are ignored', async () => {
  const world = createWorld()
  const response = await world.send('POST', '/licenses/borrow', asked, {
    'user-agent': 'python-requests/2.31.0',
    accept: 'text/html, */*;q=0.1',
    'x-api-key': 'k',
    'x-tenant': '../../etc',
    prefer: 'return=minimal',
    expect: '',
    cookie: 'a=b; twinloop_session=short; =; ;;',
    range: 'bytes=0-1',
    'if-match': '"x"',
    'if-none-match': '*',
  })
  expect(response.status).toBe(200)
})

test('fields that nobody asked for are ignored, not stored and not answered', async () => {
  const world = createWorld()
  const body =
    '{"tool":"cad_tool","user":"alice","is_overage":true,"id":"mine","__proto__":{"admin":true},"constructor":1}'
  const answer = await ok(world.send('POST', '/licenses/borrow', body))
  expect(answer).toMatchObject({ tool: 'cad_tool', user: 'alice', is_overage: false })
  expect(answer.id).not.toBe('mine')
  expect(Object.keys(answer)).not.toContain('constructor')
  expect(({} as { admin?: boolean }).admin).toBeUndefined()
  await ok(world.present('PUT', '/config/budget', { ...cadSettings, borrowed: 0, revision: 99, tools: [] }))
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
})

test('of a field that is there twice the last one counts, as JSON.parse has it', async () => {
  const body = '{"tool":"nothing","user":"alice","tool":"cad_tool"}'
  expect(await ok(createWorld().send('POST', '/licenses/borrow', body))).toMatchObject({ tool: 'cad_tool' })
})

const malformed = [
  '',
  ' ',
  '{',
  '{"tool":"cad_tool"',
  "{'tool':'cad_tool'}",
  'tool=cad_tool&user=alice',
  '{"a":NaN}',
  '{"a":01}',
  '[1,]',
  '\0',
  '\ufffe{}',
  '<xml/>',
  '{}{}',
]
const bodies = [
  ['POST', '/licenses/borrow'],
  ['POST', '/licenses/return'],
  ['POST', '/licenses/renew'],
  ['POST', '/licenses/revoke'],
  ['PUT', '/config/budget'],
  ['POST', '/frontend-error'],
  ['POST', '/session'],
] as const

test.each(bodies)(
  '%s %s with what is not JSON: 422 malformed_json, and the text is not echoed',
  async (method, path) => {
    const world = createWorld()
    for (const text of malformed) {
      const body = await expectProblem(await world.present(method, path, text), 'malformed_json')
      if (text.length > 3) expect(JSON.stringify(body)).not.toContain(text)
    }
  },
)

test.each(bodies)('%s %s with JSON that is no object: 422 invalid_request', async (method, path) => {
  const world = createWorld()
  for (const text of ['null', '[]', '"x"', '0', 'true', `${'['.repeat(30_000)}${']'.repeat(30_000)}`])
    await expectProblem(await world.present(method, path, text), 'invalid_request')
})

test('a body may have 65536 bytes, one more is 413', async () => {
  const world = createWorld()
  const sized = (bytes: number) => JSON.stringify(asked).padEnd(bytes, ' ')
  expect((await world.send('POST', '/licenses/borrow', sized(MAX))).status).toBe(200)
  await expectProblem(await world.send('POST', '/licenses/borrow', sized(MAX + 1)), 'body_too_large')
  const wide = JSON.stringify({ ...asked, note: 'é'.repeat(MAX / 2) })
  expect(wide.length).toBeLessThan(MAX)
  await expectProblem(await world.send('POST', '/licenses/borrow', wide), 'body_too_large')
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
})

test('a body that does not say its length is stopped at the limit, not read to its end', async () => {
  const world = createWorld()
  const { port } = await listening(world)
  const answer = await new Promise<{ status: number | undefined; written: number }>(resolve => {
    let written = 0
    const sending = request(
      { host: '127.0.0.1', port, path: '/licenses/borrow', method: 'POST', agent: false },
      response => {
        response.resume()
        clearInterval(timer)
        resolve({ status: response.statusCode, written })
        sending.destroy()
      },
    )
    sending.on('error', () => {})
    const timer = setInterval(() => {
      written += 16 * 1024
      sending.write(Buffer.alloc(16 * 1024, 32))
    }, 2)
  })
  expect(answer.status).toBe(413)
  expect(answer.written).toBeLessThan(4 * 1024 * 1024)
  await ok(world.send('POST', '/licenses/borrow', asked))
})

test('a body that says it is too long is refused before it is sent', async () => {
  const { port } = await listening(createWorld())
  const head = `POST /licenses/borrow HTTP/1.1\r\nHost: x\r\nContent-Length: ${10 * MAX}\r\n\r\n{`
  expect((await exchange(port, head, 300)).text).toMatch(/^HTTP\/1\.1 413 .*body_too_large/s)
})

const interrupted = [
  'Content-Length: 100\r\n\r\n{"tool":"cad_to',
  'Transfer-Encoding: chunked\r\n\r\n8\r\n{"tool":\r\n',
]
test.each(interrupted)(
  'a client that hangs up in the middle of its body is no fault of ours: %j',
  async rest => {
    const world = createWorld()
    const { port } = await listening(world)
    await hangUp(port, `POST /licenses/borrow HTTP/1.1\r\nHost: x\r\n${rest}`)
    await ok(fetch(`http://127.0.0.1:${port}/healthz`))
    await expect.poll(() => world.lines().some(({ route }) => route === '/licenses/borrow')).toBe(true)
    const lines = world
      .lines()
      .filter(({ event, status }) => event === 'internal_error' || Number(status) >= 500)
    expect(lines).toEqual([])
    expect(await (await world.send('GET', '/metrics')).text()).not.toMatch(
      /http_requests_total\{[^}]*status="5/,
    )
  },
)
