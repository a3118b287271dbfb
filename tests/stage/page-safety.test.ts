import { expect, test } from 'vitest'
import { pageAddresses } from '../support/page-addresses.ts'
import { borrow, exhaust, ok, visitor } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const script = '<script>alert(1)</script><img src=x onerror=alert(1)>'

test.each(pageAddresses)(
  '%s loads nothing from elsewhere and runs no script that is written into it',
  async page => {
    const response = await createWorld().send('GET', page)
    const policy = response.headers.get('content-security-policy') ?? ''
    const directives = Object.fromEntries(
      policy.split('; ').map(part => [part.split(' ')[0], part.split(' ').slice(1)]),
    )
    expect(directives['default-src']).toEqual(["'none'"])
    expect(directives['script-src']).toEqual(["'self'"])
    expect(directives['connect-src']).toEqual(["'self'"])
    expect(directives['base-uri']).toEqual(["'none'"])
    expect(directives['frame-ancestors']).toEqual(["'none'"])
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(response.headers.get('x-frame-options')).toBe('DENY')
    expect(response.headers.get('referrer-policy')).toBe('same-origin')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  },
)

test.each([
  ['http://localhost/', {}, 'same-origin'],
  ['http://127.0.0.1:8000/', {}, 'same-origin'],
  ['http://192.168.1.20:8000/', {}, null],
  ['https://stage.example/', {}, 'same-origin'],
  ['http://stage.example/', { 'x-forwarded-proto': 'https' }, 'same-origin'],
  ['http://stage.example/', { 'x-forwarded-proto': 'http' }, null],
])('%s with %j is kept apart from other pages where browsers can: %s', async (url, headers, policy) => {
  const response = await createWorld({ trustedProxies: 1 }).app.app.request(url, { headers })
  expect(response.headers.get('cross-origin-opener-policy')).toBe(policy)
})

test('the front page has no inline script, no handler in an attribute and no address of another host', async () => {
  const response = await createWorld().send('GET', '/')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/html/)
  const html = await response.text()
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/i)
  expect(html).not.toMatch(/\son\w+=/i)
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//i)
})

test('a script stored in a user name is data in every answer, and in no page', async () => {
  const world = createWorld()
  const headers = await visitor(world)
  await exhaust(world, 'analysis')
  expect((await borrow(world, script, 'cad_tool', headers)).user).toBe(script)
  await world.send('POST', '/licenses/borrow', { tool: 'analysis', user: script })
  await world.send('POST', '/licenses/borrow', { tool: script, user: script })
  const data = [
    '/borrows',
    '/denials',
    '/stream/snapshot?topics=pools,activity',
    `/borrows?user=${encodeURIComponent(script)}`,
  ]
  for (const path of data) {
    const response = await world.send('GET', path)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(JSON.stringify(await response.json())).toContain(JSON.stringify(script).slice(1, -1))
  }
  for (const page of pageAddresses)
    expect(await (await world.send('GET', page)).text()).not.toContain('alert(1)')
})

test('a script in an address or a query comes back in no answer', async () => {
  const world = createWorld()
  const text = encodeURIComponent(script)
  for (const path of [
    `/${text}`,
    `/licenses/${text}/status`,
    `/?x=${text}`,
    `/borrows?limit=${text}`,
    `/stream/snapshot?topics=${text}`,
    `/config?token=${text}`,
  ]) {
    const body = await (await world.send('GET', path)).text()
    expect(body).not.toContain('alert(1)')
  }
})

test('a page is asked for anew each time, but not sent anew', async () => {
  const world = createWorld()
  const first = await world.send('GET', '/')
  expect(first.headers.get('cache-control')).toBe('no-cache')
  const again = await world.send('GET', '/', undefined, { 'if-none-match': first.headers.get('etag') ?? '' })
  expect(again.status).toBe(304)
  expect(await again.text()).toBe('')
})

test('answers with data are not kept by anybody', async () => {
  const world = createWorld()
  for (const path of ['/borrows', '/licenses/status', '/session', '/config/budget', '/version'])
    expect((await world.send('GET', path)).headers.get('cache-control')).toBe('no-store')
  expect(await ok(world.send('GET', '/session'))).toEqual({ presenter: false })
})
