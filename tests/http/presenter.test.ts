import { expect, test } from 'vitest'
import { cadSettings, cookiesOf, expectProblem, json, ok, statusOf } from '../support/wire.ts'
import { createWorld, TOKEN, type World } from '../support/world.ts'

const save = (world: World, headers: Record<string, string>, total = 6) =>
  world.send('PUT', '/config/budget', { ...cadSettings, total }, headers)

async function signedIn(world: World): Promise<string> {
  return cookiesOf(await world.send('POST', '/session', { token: TOKEN }))
}

test('the link with the token sets a cookie and leads to the page without the token', async () => {
  const world = createWorld()
  const response = await world.send('GET', `/config?token=${TOKEN}&x=1`)
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toBe('/config?x=1')
  const [cookie, ...others] = response.headers.getSetCookie()
  expect(others).toEqual([])
  expect(cookie).toMatch(/^twinloop_presenter=/)
  for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=2592000'])
    expect(cookie).toContain(attribute)
  expect(cookie).not.toMatch(/Secure|Domain/)
  expect(response.headers.get('referrer-policy')).toBe('same-origin')
  expect((await save(world, { cookie: cookiesOf(response) })).status).toBe(200)
})

test('cookies are Secure where visitors come by https', async () => {
  const world = createWorld({ publicUrl: 'https://demo.example' })
  const cookies = [
    ...(await world.send('GET', `/config?token=${TOKEN}`)).headers.getSetCookie(),
    ...(await world.send('POST', '/session', { token: TOKEN })).headers.getSetCookie(),
    ...(await world.send('GET', '/')).headers.getSetCookie(),
  ]
  expect(cookies.length).toBe(3)
  for (const cookie of cookies) expect(cookie).toMatch(/; HttpOnly; Secure;/)
})

test.each(['/', '/config', '/dashboard', '/docs'])(
  'a wrong token in the link of %s: 401, no cookie, no redirect',
  async page => {
    const world = createWorld()
    for (const token of ['wrong', '', `${TOKEN}x`, TOKEN.toUpperCase(), '%00']) {
      const response = await world.send('GET', `${page}?token=${token}`)
      expect(response.headers.getSetCookie()).toEqual([])
      expect(response.headers.get('location')).toBeNull()
      const body = await expectProblem(response, 'unauthorized')
      if (token.length > 3) expect(JSON.stringify(body)).not.toContain(token)
    }
  },
)

test('POST /session makes a browser the presenter’s, GET /session says so', async () => {
  const world = createWorld()
  expect(await ok(world.send('GET', '/session'))).toEqual({ presenter: false })
  const response = await world.send('POST', '/session', { token: TOKEN })
  expect(await json(response)).toEqual({ presenter: true })
  const cookie = cookiesOf(response)
  expect(response.headers.getSetCookie()[0]).toMatch(/HttpOnly; SameSite=Strict/)
  expect(await ok(world.send('GET', '/session', undefined, { cookie }))).toEqual({ presenter: true })
  expect(await ok(world.present('GET', '/session'))).toEqual({ presenter: true })
  expect(await ok(world.send('GET', '/session', undefined, { cookie: `${cookie}x` }))).toEqual({
    presenter: false,
  })
})

test('POST /session with a wrong token: 401, no cookie', async () => {
  const world = createWorld()
  const response = await world.send('POST', '/session', { token: 'wrong' })
  expect(response.headers.getSetCookie()).toEqual([])
  await expectProblem(response, 'unauthorized')
  await expectProblem(await world.send('POST', '/session', { token: '' }), 'invalid_request')
  await expectProblem(await world.send('POST', '/session', { token: 'x'.repeat(201) }), 'invalid_request')
})

test.each(['Bearer', 'bearer', 'BEARER '])('an API call may send the token as %s', async scheme => {
  const world = createWorld()
  expect((await save(world, { authorization: `${scheme} ${TOKEN}` })).status).toBe(200)
})

const sites: [string, Record<string, string>, number][] = [
  ['the same origin', { 'sec-fetch-site': 'same-origin' }, 200],
  ['the address bar', { 'sec-fetch-site': 'none' }, 200],
  ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
  ['a sister domain', { 'sec-fetch-site': 'same-site' }, 403],
  ['another site, in an old browser', { origin: 'https://evil.example' }, 403],
  ['a sandboxed frame', { origin: 'null' }, 403],
  ['another port', { origin: 'http://demo.example:81' }, 403],
  ['the same origin, in an old browser', { origin: 'http://demo.example' }, 200],
  ['no browser', {}, 200],
  [
    'another site that claims our origin',
    { 'sec-fetch-site': 'cross-site', origin: 'http://demo.example' },
    403,
  ],
]

test.each(sites)('a change with the cookie from %s: %#', async (_title, headers, status) => {
  const world = createWorld()
  const cookie = await signedIn(world)
  const response = await save(world, { cookie, host: 'demo.example', ...headers })
  expect(response.status).toBe(status)
  if (status === 403) await expectProblem(response, 'cross_site')
  expect(await statusOf(world)).toMatchObject({ total: status === 200 ? 6 : 5 })
})

test('the token as Bearer is good from anywhere: no browser adds it by itself', async () => {
  const world = createWorld()
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    'sec-fetch-site': 'cross-site',
    origin: 'https://evil.example',
  }
  expect((await save(world, headers)).status).toBe(200)
})

test('no answer allows other origins to read it', async () => {
  const world = createWorld()
  const origin = { origin: 'https://evil.example' }
  for (const path of ['/', '/borrows', '/config/budget', '/session'])
    expect(
      (await world.send('GET', path, undefined, origin)).headers.get('access-control-allow-origin'),
    ).toBeNull()
})

test('a visitor’s session is HttpOnly, SameSite=Lax, and no secret of the presenter', async () => {
  const world = createWorld()
  const response = await world.send('GET', '/')
  expect(response.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^twinloop_session=[\w-]{22}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/),
  ])
  await expectProblem(await save(world, { cookie: cookiesOf(response) }), 'unauthorized')
})

test('a browser that has a session keeps it', async () => {
  const world = createWorld()
  const cookie = cookiesOf(await world.send('GET', '/'))
  expect((await world.send('GET', '/', undefined, { cookie })).headers.getSetCookie()).toEqual([])
})

test('a browser that has the page but no session gets one with the 304', async () => {
  const world = createWorld()
  const etag = (await world.send('GET', '/')).headers.get('etag') ?? ''
  const again = await world.send('GET', '/', undefined, { 'if-none-match': etag })
  expect(again.headers.getSetCookie()).toEqual([expect.stringMatching(/^twinloop_session=/)])
})

test.each([
  'a; twinloop_presenter=',
  'twinloop_presenter=%',
  'twinloop_presenter=%00',
  '=;=;',
  'twinloop_session="x',
  '\xff',
])('a broken cookie %j makes nobody the presenter and breaks nothing', async cookie => {
  const world = createWorld()
  expect(await ok(world.send('GET', '/session', undefined, { cookie }))).toEqual({ presenter: false })
  await expectProblem(await save(world, { cookie }), 'unauthorized')
})
