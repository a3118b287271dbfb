import { describe, expect, test } from 'vitest'
import { expectProblem } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const NAVIGATION = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const get = (path: string, accept: string, method = 'GET') =>
  createWorld().app.app.request(path, { method, headers: { accept } })

describe('who is answered with a page', () => {
  test.each([
    [NAVIGATION, true],
    ['text/html', true],
    ['TEXT/HTML;q=0.9, application/json;q=0.5', true],
    ['', false],
    ['*/*', false],
    ['application/json', false],
    ['application/problem+json, text/html;q=0.9', false],
    ['application/json, text/html', false],
    ['text/html;q=0', false],
    ['text/plain', false],
  ])('Accept: %s: %s', async (accept, page) => {
    const type = (await get('/nothing', accept)).headers.get('content-type')
    expect(type).toMatch(page ? /^text\/html/ : /^application\/problem\+json/)
  })
})

describe('an address without anything', () => {
  test('is a page for a browser: 404, the policy of pages, a way home, kept by nobody', async () => {
    const response = await get('/nothing/here?secret=1', NAVIGATION)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(response.headers.get('vary')).toBe('Accept')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-request-id')).not.toBeNull()
    const policy = response.headers.get('content-security-policy')
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("trusted-types 'none'")
    const text = await response.text()
    expect(text).toContain('<code id="address">/nothing/here</code>')
    expect(text).toContain('href="/"')
    expect(text).toContain('<nav aria-label="Pages">')
    expect(text).not.toContain('secret')
  })

  test('is the same for HEAD, without a body', async () => {
    const response = await get('/nothing', NAVIGATION, 'HEAD')
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(response.headers.get('vary')).toBe('Accept')
    expect(await response.text()).toBe('')
  })

  test.each(['*/*', 'application/json', ''])('is a problem for who accepts "%s"', async accept => {
    const response = await get('/nothing', accept)
    expect(response.headers.get('vary')).toBe('Accept')
    await expectProblem(response, 'not_found')
  })

  test.each(['POST', 'PUT', 'DELETE'])('is a problem for %s, whatever it accepts', async method => {
    await expectProblem(await get('/nothing', NAVIGATION, method), 'not_found')
  })

  test('that takes another method is a page for a browser too: 405, with the methods that it takes', async () => {
    const response = await get('/licenses/borrow', NAVIGATION)
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
    expect(response.headers.get('vary')).toBe('Accept')
    expect(await response.text()).toContain('<code id="address">/licenses/borrow</code>')
    const asJson = await get('/licenses/borrow', '*/*')
    expect(asJson.headers.get('allow')).toBe('POST')
    await expectProblem(asJson, 'method_not_allowed')
  })

  test('keeps what the address holds as text, and no more than 200 characters of it', async () => {
    const world = createWorld()
    const ask = (c: string) =>
      world.app.app.request(new Request(`http://x${c}`, { headers: { accept: NAVIGATION } }))
    for (const path of ['/<script>alert(1)</script>', `/"'&$&`, '/%3Cscript%3E']) {
      const text = await (await ask(path)).text()
      expect(text).not.toMatch(/<script/)
      const shown = /<code id="address">(.*?)<\/code>/.exec(text)?.[1]
      expect(shown).toMatch(/^\/(&|%3C)/)
      expect(shown).not.toMatch(/[<>"']/)
    }
    const long = /<code id="address">(.*?)<\/code>/.exec(await (await ask(`/${'a'.repeat(900)}`)).text())?.[1]
    expect(long).toHaveLength(200)
  })

  test('is one route to the metrics, however it is answered', async () => {
    const world = createWorld()
    for (const path of ['/one', '/two/three'])
      await world.app.app.request(path, { headers: { accept: NAVIGATION } })
    const text = await (await world.send('GET', '/metrics')).text()
    expect(text).toMatch(/http_requests_total\{method="GET",route="\/\*",status="404"\} 2/)
    expect(text).not.toContain('/two')
  })
})
