/** The wall of cookies: what a stolen, planted or guessed one is good for. */
import { expect, test } from 'vitest'
import { cookiesOf, expectProblem, json, ok } from '../support/wire.ts'
import { createWorld, TOKEN } from '../support/world.ts'

const https = { publicUrl: 'https://demo.example' }

test('the presenter’s cookie does not hold the token, and the token is no cookie', async () => {
  const world = createWorld()
  const signedIn = await world.send('POST', '/session', { token: TOKEN })
  expect(cookiesOf(signedIn)).not.toContain(TOKEN)
  expect(await ok(world.send('GET', '/session', undefined, { cookie: cookiesOf(signedIn) }))).toEqual({
    presenter: true,
  })
  const planted = { cookie: `twinloop_presenter=${TOKEN}` }
  expect(await ok(world.send('GET', '/session', undefined, planted))).toEqual({ presenter: false })
})

test('another token makes every presenter’s cookie void', async () => {
  const cookie = cookiesOf(await createWorld().send('POST', '/session', { token: TOKEN }))
  const other = createWorld({ presenterToken: 'another-token-of-the-tests' })
  expect(await ok(other.send('GET', '/session', undefined, { cookie }))).toEqual({ presenter: false })
})

test('over https a cookie that a sister domain could plant is not read', async () => {
  const world = createWorld(https)
  const cookies = cookiesOf(await world.send('POST', '/session', { token: TOKEN }))
  expect(cookies).toMatch(/^__Host-twinloop_presenter=/)
  expect(await ok(world.send('GET', '/session', undefined, { cookie: cookies }))).toEqual({ presenter: true })
  const planted = cookies.replace('__Host-', '')
  expect(await ok(world.send('GET', '/session', undefined, { cookie: planted }))).toEqual({
    presenter: false,
  })
})

const links: [string, string][] = [
  [`/config?token=${TOKEN}`, '/config'],
  [`/?token=${TOKEN}`, '/'],
  [`/presentation?view=print&token=${TOKEN}&dialog=1`, '/presentation?view=print&dialog=1'],
  [`/estate?token=${TOKEN}&server=a%20b%26c`, '/estate?server=a+b%26c'],
  [`/config?token=${TOKEN}&token=${TOKEN}`, '/config'],
  [`/config?token=${TOKEN}&next=https://evil.example`, '/config?next=https%3A%2F%2Fevil.example'],
]
test.each(links)(
  'the link %s leads to %s: without the token, with all else, on this host',
  async (link, location) => {
    const response = await createWorld().send('GET', link)
    expect([response.status, response.headers.get('location')]).toEqual([303, location])
    expect(response.headers.get('cache-control')).toBe('no-store')
  },
)

test.each(['//evil.example', '//evil.example/config', '/\\evil.example', '/%2f%2fevil.example', '//config'])(
  'no address %s redirects to another host',
  async path => {
    const { app } = createWorld().app
    const response = await app.request(new Request(`http://demo.example${path}?token=${TOKEN}`))
    expect(response.headers.get('location') ?? '/').not.toMatch(/^(\/\/|\/\\|\w+:)/)
  },
)

test('a redirect names no host, whatever the request says', async () => {
  const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' }
  const response = await createWorld().send('GET', `/config?token=${TOKEN}`, undefined, headers)
  expect(response.headers.get('location')).toBe('/config')
})

test('somebody who tries tokens is refused after a hundred, wherever he tries, and others are not', async () => {
  const world = createWorld({ trustedProxies: 1, rateLimitPerSecond: 0 })
  const from = (address: string) => ({ 'x-forwarded-for': address })
  const guesses: (() => Promise<Response>)[] = [
    () => world.send('POST', '/session', { token: 'guess' }, from('203.0.113.7')),
    () => world.send('GET', '/config?token=guess', undefined, from('203.0.113.7')),
    () =>
      world.send('GET', '/run-of-show', undefined, { ...from('203.0.113.7'), authorization: 'Bearer guess' }),
  ]
  for (let index = 0; index < 100; index++) expect((await guesses[index % 3]?.())?.status).toBe(401)
  for (const guess of guesses) await expectProblem(await guess(), 'rate_limited')
  // The right one is not told from the wrong ones.
  const right = await world.send('POST', '/session', { token: TOKEN }, from('203.0.113.7'))
  expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0)
  await expectProblem(right, 'rate_limited')
  expect((await world.send('POST', '/session', { token: TOKEN }, from('203.0.113.8'))).status).toBe(200)
  expect((await world.send('GET', '/licenses/status', undefined, from('203.0.113.7'))).status).toBe(200)
  world.clock.advance(5000)
  expect((await world.send('POST', '/session', { token: TOKEN }, from('203.0.113.7'))).status).toBe(200)
})

test('who has signed in is not kept out by what others at the address try', async () => {
  const world = createWorld({ trustedProxies: 1, rateLimitPerSecond: 0 })
  const from = { 'x-forwarded-for': '203.0.113.7' }
  const cookie = cookiesOf(await world.send('POST', '/session', { token: TOKEN }, from))
  for (let index = 0; index < 101; index++) await world.send('POST', '/session', { token: 'guess' }, from)
  const shown = await world.send('GET', '/run-of-show', undefined, { ...from, cookie })
  expect(shown.status).toBe(200)
})

test('a wrong token is counted and logged as a refusal, without the token', async () => {
  const world = createWorld()
  const response = await world.send('POST', '/session', { token: 'a-guess-that-is-wrong' })
  const { request_id } = await json(response)
  expect(world.lines()).toContainEqual(
    expect.objectContaining({ event: 'http_request', route: '/session', status: 401, request_id }),
  )
  expect(JSON.stringify(world.lines())).not.toContain('a-guess-that-is-wrong')
  const metrics = await (await world.send('GET', '/metrics')).text()
  expect(metrics).toMatch(/http_requests_total\{method="POST",route="\/session",status="401"\} 1/)
})
