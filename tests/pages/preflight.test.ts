import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { median, took } from '../../src/web/preflight/check.ts'
import { TOKEN } from '../support/world.ts'
import { describePages, looksOf, noViolations, type OpenOptions, sizes, violationsInBoth } from './browser.ts'

const inTime = { timeout: 20_000 }

/** A stream as a test wants it: `send` makes an event come, `cut` breaks it. */
const stubbedStream = `globalThis.EventSource = class extends EventTarget {
  constructor(url) { super(); if (url.includes('topics=pools')) globalThis.held = this }
  close() {}
}`
const send = (page: Page, event: string) => page.evaluate(`held.dispatchEvent(new Event('${event}'))`)

describe('what the checks count with', () => {
  test('the middle one of what was measured', () => expect(median([90, 1, 2, 3, 80])).toBe(3))
  test.each([
    [7.4, '7 ms'],
    [999, '999 ms'],
    [1250, '1.3 s'],
  ])('%d ms in words', (ms, words) => expect(took(ms)).toBe(words))
})

describePages('the pre-flight page', stage => {
  const check = (page: Page, title: string) => page.locator('.check', { hasText: title })
  const comes = (page: Page, title: string, state: string) =>
    page.locator(`.check[data-state=${state}]`, { hasText: title }).waitFor(inTime)
  const open = async (options: OpenOptions = {}, path = `/preflight?token=${TOKEN}`) => {
    const visit = await stage.open(path, {
      ...options,
      before: async page => {
        await page.addInitScript(stubbedStream)
        await options.before?.(page)
      },
    })
    await visit.page.waitForSelector('html[data-ready]')
    return visit
  }
  /** All but the minute. */
  const settled = async (page: Page) => {
    await expect
      .poll(() => page.locator('.check:is([data-state=waiting], [data-state=running])').count(), inTime)
      .toBe(1)
  }
  /** The rest of a minute goes by, with a heartbeat every 15 s. */
  const aMinute = async (page: Page, beats: number) => {
    await send(page, 'pools')
    for (let beat = 0; beat < 4; beat++) {
      await page.clock.fastForward(15_100)
      if (beat < beats) await send(page, 'heartbeat')
    }
    await page.clock.runFor(1000)
  }

  test('runs each check and says what it found, with what to do where something is wrong', async () => {
    const { page } = await open()
    await settled(page)
    for (const title of [
      'The page loads',
      'The way to the server',
      'takes requests',
      'The clocks agree',
      'presenter’s',
      'secure context',
    ])
      await comes(page, title, 'good')
    await comes(page, 'Phones find the server', 'bad')
    expect(await check(page, 'Phones find the server').textContent()).toContain('HOST=0.0.0.0')
    await comes(page, 'Vehicles report', 'bad')
    expect(await check(page, 'Vehicles report').textContent()).toContain('npm run fleet')
    await comes(page, 'The stack', 'note')
    expect(await check(page, 'The stack').textContent()).toMatch(/Absent: .*Prometheus/)
    await comes(page, 'The limit of requests', 'unknown')
    await page.locator('#verdict-words', { hasText: /things? to mend/ }).waitFor(inTime)
  })

  test('its requests change nothing', async () => {
    const status = () => stage.server.present('GET', '/licenses/status')
    const before = await status()
    const { page, requests } = await open()
    await settled(page)
    expect(await status()).toEqual(before)
    expect(stage.lines().filter(({ event }) => event === 'frontend_error')).toEqual([])
    expect(requests.filter(url => url.endsWith('/licenses/return')).length).toBe(5)
  })

  test('the deck’s page, its program and its fonts are really loaded, and a missing one is named', async () => {
    const good = await open()
    await comes(good.page, 'The deck’s files load', 'good')
    const bad = await open({
      before: page => page.route('**/vendor/reveal/reveal.mjs', route => route.fulfill({ status: 404 })),
    })
    await comes(bad.page, 'The deck’s files load', 'bad')
    expect(await check(bad.page, 'The deck’s files load').textContent()).toContain('reveal.mjs (404)')
  })

  test('without the token it says so and takes it; with it the check is green', async () => {
    const { page } = await open({}, '/preflight')
    await comes(page, 'This browser is the presenter’s', 'bad')
    await page.fill('#token', TOKEN)
    await page.click('text=Unlock')
    await comes(page, 'This browser is the presenter’s', 'good')
    expect(await page.locator('#gate').isVisible()).toBe(false)
  })

  test('the stream is held for a minute, with its progress, and counts heartbeats', async () => {
    const { page } = await open({ before: page => page.clock.install() })
    await settled(page)
    await aMinute(page, 3)
    await comes(page, 'A stream stays open', 'good')
    expect(await check(page, 'A stream stays open').textContent()).toMatch(/Held, with 1 frame, 3 heartbeats/)
  })

  test('a stream without heartbeats, and one that breaks, are told as such', async () => {
    const { page } = await open({ before: page => page.clock.install() })
    await settled(page)
    await aMinute(page, 1)
    await comes(page, 'A stream stays open', 'bad')
    await page.getByRole('button', { name: 'Run again' }).click()
    await comes(page, 'A stream stays open', 'running')
    await page.evaluate('held.onerror()')
    await comes(page, 'A stream stays open', 'bad')
    expect(await check(page, 'A stream stays open').textContent()).toContain('Broke after')
  })

  test('when all is well it is ready; what was not run is not counted as well', async () => {
    const { page } = await open({
      before: async page => {
        await page.clock.install()
        await page.route('**/join', route =>
          route.fulfill({ json: { url: `${stage.url}/`, local_only: false, wifi: null } }),
        )
        await page.route('**/fleet/summary', route => route.fulfill({ json: { total: 9, online: 8 } }))
        await page.route('**/races/recorded', route =>
          route.fulfill({ json: { release: { version: '1.2.4' }, started_at: '2026-01-01T00:00:00Z' } }),
        )
      },
    })
    await settled(page)
    await page.locator('#verdict-words', { hasText: 'Checking' }).waitFor(inTime)
    await aMinute(page, 3)
    await page.locator('#verdict-words', { hasText: 'Ready' }).waitFor(inTime)
    expect(await page.locator('#verdict-more').textContent()).toMatch(/\d not run/)
  })

  test('a server that is away is no result: those checks were not run', async () => {
    const { page } = await open({ before: page => page.route('**/version', route => route.abort()) })
    await comes(page, 'The way to the server', 'unknown')
    expect(await check(page, 'The way to the server').textContent()).toContain('cannot be reached')
  })

  for (const { size, ...look } of looksOf({ ...sizes, narrow: { width: 320, height: 640 } }))
    test(`no accessibility violation and nothing sideways, ${size}, light and dark`, async () => {
      const { page } = await open(look)
      await settled(page)
      expect(await violationsInBoth(page)).toEqual(noViolations)
      const [wide, shown] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, innerWidth]',
      )
      expect(wide).toBeLessThanOrEqual(shown)
    })
})
