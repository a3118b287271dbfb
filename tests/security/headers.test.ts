/** The wall of headers: what browsers are told about every answer. */
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { policyOf } from '../../src/http/security-headers.ts'
import { serveMetricsOnly } from '../../src/http/service-routes.ts'
import { createMetrics } from '../../src/observability/metrics.ts'
import { pageAddresses } from '../support/page-addresses.ts'
import { exchange } from '../support/socket.ts'
import { listening } from '../support/wire.ts'
import { createWorld, TOKEN } from '../support/world.ts'

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}
const ofData = { ...always, 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" }

const answers: [string, string, string, unknown?, Record<string, string>?][] = [
  ['data', 'GET', '/licenses/status'],
  ['a text', 'GET', '/metrics'],
  ['what was made', 'POST', '/licenses/borrow', { tool: 'cad_tool', user: 'a' }],
  ['a sign-in', 'POST', '/session', { token: TOKEN }],
  ['a wrong sign-in', 'POST', '/session', { token: 'wrong' }],
  ['no page', 'GET', '/nothing'],
  ['another method', 'DELETE', '/healthz'],
  ['a body that is no JSON', 'POST', '/licenses/borrow', '{'],
  ['a stream asked for its headers', 'HEAD', '/stream'],
  ['the document', 'GET', '/openapi.json'],
]
test.each(answers)(
  '%s (%s %s) has the headers of data, and is kept by nobody',
  async (_title, method, path, body) => {
    const { headers } = await createWorld().send(method, path, body)
    expect(Object.fromEntries(headers)).toMatchObject(ofData)
    expect(headers.get('cache-control')).toMatch(/^(no-store|no-cache, no-transform)$/)
    expect(headers.get('x-request-id')).toMatch(/./)
    for (const name of ['server', 'x-powered-by', 'access-control-allow-origin', 'strict-transport-security'])
      expect(headers.get(name)).toBeNull()
  },
)

test.each(pageAddresses)(
  '%s may be framed by nobody, uses nothing of the machine, and has no unsafe word',
  async page => {
    const { headers } = await createWorld().send('GET', page)
    expect(Object.fromEntries(headers)).toMatchObject(always)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('x-frame-options')).toBe('DENY')
    for (const feature of ['camera', 'microphone', 'geolocation', 'payment'])
      expect(headers.get('permissions-policy')).toContain(`${feature}=()`)
  },
)

test('only pages whose package writes HTML as text do without trusted types', async () => {
  const without: string[] = []
  for (const page of pageAddresses) {
    const { headers } = await createWorld().send('GET', page)
    if (!headers.get('content-security-policy')?.includes("require-trusted-types-for 'script'"))
      without.push(page)
  }
  expect(without).toEqual(['/presentation', '/docs'])
})

test('a style that a package writes is allowed by the hash of its text, and no other', () => {
  // The hash of the CSP specification's own example: `alert('Hello, world.');`
  expect(policyOf({ styles: ["alert('Hello, world.');"] })).toContain(
    "style-src 'self' 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=';",
  )
})

test.each(['/assets/index.css', '/assets/index.js', '/vendor/reveal/reveal.css', '/assets/nothing.css'])(
  'the asset %s has them too',
  async path => {
    expect(Object.fromEntries((await createWorld().send('GET', path)).headers)).toMatchObject(always)
  },
)

test('a page that has not changed brings its policy with the 304', async () => {
  const world = createWorld()
  const etag = (await world.send('GET', '/')).headers.get('etag') ?? ''
  const { status, headers } = await world.send('GET', '/', undefined, { 'if-none-match': etag })
  expect(status).toBe(304)
  expect(Object.fromEntries(headers)).toMatchObject({ ...always, 'x-frame-options': 'DENY' })
  expect(headers.get('content-security-policy')).toContain("script-src 'self'")
})

test('so do an open stream, a request that is none, and the port for metrics', async () => {
  const { port } = await listening(createWorld())
  const head = await new Promise<string>(resolve => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /stream HTTP/1.1\r\nHost: x\r\n\r\n'))
    socket.once('data', chunk => {
      socket.destroy()
      resolve(chunk.toString().toLowerCase())
    })
  })
  const bad = await exchange(port, 'GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n')
  for (const text of [head, bad.text.toLowerCase()])
    for (const [name, value] of Object.entries(ofData)) expect(text).toContain(`${name}: ${value}`)
  const alone = await serveMetricsOnly(createMetrics()).request('/metrics')
  expect(Object.fromEntries(alone.headers)).toMatchObject({ ...ofData, 'cache-control': 'no-store' })
})

const schemes: [string, number, Record<string, string>, boolean][] = [
  ['a trusted proxy says https', 1, { 'x-forwarded-proto': 'https' }, true],
  ['a trusted proxy says http', 1, { 'x-forwarded-proto': 'http' }, false],
  ['the visitor says https, the proxy http', 1, { 'x-forwarded-proto': 'https, http' }, false],
  ['two proxies, https at the outer one', 2, { 'x-forwarded-proto': 'https, http' }, true],
  ['anybody says https', 0, { 'x-forwarded-proto': 'https' }, false],
  ['nobody says anything', 1, {}, false],
]
test.each(schemes)(
  '%s (%i trusted): browsers are told to stay with https and cookies are bound to it: %j %s',
  async (_title, trustedProxies, headers, isSecure) => {
    const world = createWorld({ trustedProxies })
    for (const path of ['/', '/licenses/status', '/nothing']) {
      const answer = await world.send('GET', path, undefined, headers)
      expect(answer.headers.get('strict-transport-security')).toBe(isSecure ? 'max-age=31536000' : null)
      for (const cookie of answer.headers.getSetCookie()) {
        expect(cookie.startsWith('__Host-')).toBe(isSecure)
        expect(cookie.includes('; Secure')).toBe(isSecure)
      }
    }
  },
)
