/** The wall around writes: a page of another site cannot use what a visitor's cookie allows. */
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { apiDocument } from '../support/api-document.ts'
import {
  borrow,
  cadSettings,
  cookiesOf,
  expectProblem,
  listening,
  ok,
  statusOf,
  visitor,
} from '../support/wire.ts'
import { createWorld, TOKEN, type World } from '../support/world.ts'

const form = 'application/x-www-form-urlencoded'
const evil = 'https://evil.example'

const senders: [string, Record<string, string>, boolean][] = [
  ['a page of ours', { 'sec-fetch-site': 'same-origin' }, true],
  ['the address bar', { 'sec-fetch-site': 'none' }, true],
  ['another site', { 'sec-fetch-site': 'cross-site' }, false],
  ['a sister domain', { 'sec-fetch-site': 'same-site' }, false],
  [
    'another site that claims our origin',
    { 'sec-fetch-site': 'cross-site', origin: 'http://demo.example' },
    false,
  ],
  ['a page of ours by plain http', { origin: 'http://demo.example' }, true],
  ['another site by plain http', { origin: evil }, false],
  ['another port', { origin: 'http://demo.example:81' }, false],
  ['a sandboxed frame', { origin: 'null' }, false],
  ['a file', { origin: 'file://' }, false],
  [
    'a page of ours behind a proxy that changes Host',
    { origin: 'http://www.example', 'x-forwarded-host': 'www.example' },
    true,
  ],
  ['a form in a very old browser', { 'content-type': form }, false],
  ['a form of text in a very old browser', { 'content-type': 'text/plain; charset=utf-8' }, false],
  ['a form with files in a very old browser', { 'content-type': 'multipart/form-data; boundary=x' }, false],
  ['a page of ours in a very old browser', { 'content-type': 'application/json' }, true],
]

test.each(senders)('with a visitor’s cookie %s may borrow: %j %s', async (_title, headers, isAllowed) => {
  const world = createWorld()
  const sent = { ...(await visitor(world)), host: 'demo.example', ...headers }
  const response = await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'a' }, sent)
  if (isAllowed) expect(response.status).toBe(200)
  else await expectProblem(response, 'cross_site')
  expect(await statusOf(world)).toMatchObject({ borrowed: isAllowed ? 1 : 0 })
})

test.each(senders)(
  'with the presenter’s cookie %s may change a budget: %j %s',
  async (_title, headers, isAllowed) => {
    const world = createWorld()
    const cookie = cookiesOf(await world.send('POST', '/session', { token: TOKEN }))
    const sent = { cookie, host: 'demo.example', ...headers }
    const response = await world.send('PUT', '/config/budget', { ...cadSettings, total: 6 }, sent)
    if (isAllowed) expect(response.status).toBe(200)
    else await expectProblem(response, 'cross_site')
    expect(await statusOf(world)).toMatchObject({ total: isAllowed ? 6 : 5 })
  },
)

test.each(senders)(
  'without a cookie nobody’s rights are used, and %s is no matter: %j',
  async (_title, headers) => {
    const world = createWorld()
    const sent = { host: 'demo.example', ...headers }
    const response = await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'a' }, sent)
    expect(response.status).toBe(200)
  },
)

test('curl with its own content type borrows and returns, as the original’s clients do', async () => {
  const world = createWorld()
  const headers = { 'content-type': form }
  const { id } = await borrow(world, 'alice', 'cad_tool', headers)
  expect(await ok(world.send('POST', '/licenses/return', { id }, headers))).toMatchObject({ status: 'ok' })
})

test('every write there is refuses another site’s page, before it looks at anything else', async () => {
  const world = createWorld()
  const cookie = cookiesOf(await world.send('POST', '/session', { token: TOKEN }))
  const { operations } = await apiDocument(world)
  const writes = operations.filter(({ method }) => method.toUpperCase() !== 'GET')
  expect(writes.length).toBeGreaterThan(20)
  for (const { method, path } of writes)
    await expectProblem(
      await world.send(
        method.toUpperCase(),
        path.replaceAll(/\{\w+\}/g, 'x'),
        {},
        { cookie, 'sec-fetch-site': 'cross-site' },
      ),
      'cross_site',
    )
})

test('no origin may read an answer or ask whether it may', async () => {
  const world = createWorld()
  const asks = {
    origin: evil,
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'content-type',
  }
  for (const path of ['/config/budget', '/licenses/borrow', '/session', '/stream/snapshot'])
    for (const method of ['OPTIONS', 'GET']) {
      const { headers } = await world.send(method, path, undefined, asks)
      expect([...headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([])
    }
})

const knock = (world: World, headers: Record<string, string>) =>
  listening(world).then(
    ({ port }) =>
      new Promise<number>((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/metrics`, {
          headers: { host: 'demo.example', ...headers },
        })
        socket.on('open', () => {
          socket.terminate()
          resolve(101)
        })
        socket.on('unexpected-response', (request, { statusCode = 0 }) => {
          request.destroy()
          resolve(statusCode)
        })
        socket.on('error', reject)
      }),
  )

test.each([
  ['no page', {}, 101],
  ['a page of ours', { origin: 'http://demo.example' }, 101],
  [
    'a page of ours behind a proxy',
    { origin: 'https://www.example', 'x-forwarded-host': 'www.example' },
    101,
  ],
  ['a page of another site', { origin: evil }, 403],
  ['a sandboxed frame', { origin: 'null' }, 403],
] as [string, Record<string, string>, number][])(
  'the WebSocket asked for by %s answers: %j %i',
  async (_title, headers, status) => {
    expect(await knock(createWorld(), headers)).toBe(status)
  },
)
