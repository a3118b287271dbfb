import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { describePages, looksOf, noViolations, sizes, violationsInBoth } from './browser.ts'
import { freshPools, take } from './pools.ts'

const inTime = { timeout: 15_000 }
const grafana = (state: string, url: string | null) => ({
  parts: [{ name: 'grafana', title: 'Grafana', state, detail: '', url, took_ms: 1 }],
})

describePages('the log on the dashboard', stage => {
  beforeEach(() => freshPools(stage.server))

  const card = (page: Page) => page.locator('#log')
  const rows = (page: Page) => page.locator('.log-row')
  const row = (page: Page, text: string) => rows(page).filter({ hasText: text })
  const look = (page: Page) => card(page).scrollIntoViewIfNeeded()
  const asked = (requests: string[]) => requests.filter(url => url.includes('/log?'))
  const borrow = (user: string, headers = {}) =>
    fetch(`${stage.url}/licenses/borrow`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ tool: 'cad_tool', user }),
    })
  const withGrafana = (state: string, url: string | null) => ({
    before: (page: Page) => page.route('**/stack', route => route.fulfill({ json: grafana(state, url) })),
  })

  test('new lines come within seconds, newest first, and none is asked for before the card is in view', async () => {
    const { page, troubles, requests } = await stage.open('/dashboard', { viewport: sizes.laptop })
    await page.waitForSelector('html[data-ready]')
    await page.locator('#history figure').first().waitFor(inTime)
    expect(asked(requests)).toEqual([])
    await look(page)
    await card(page).getByText('Follows, newest first').waitFor(inTime)
    await borrow('first-of-all')
    await row(page, 'first-of-all').waitFor(inTime)
    await borrow('second-of-all')
    await row(page, 'second-of-all').waitFor(inTime)
    const texts = await rows(page).allTextContents()
    const at = (user: string) => texts.findIndex(text => text.includes(user))
    expect(at('second-of-all')).toBeLessThan(at('first-of-all'))
    expect(
      asked(requests)
        .slice(1)
        .every(url => url.includes('after=')),
    ).toBe(true)
    expect(troubles).toEqual([])
  })

  test('out of view and while hidden it asks nothing', async () => {
    const { page, requests } = await stage.open('/dashboard', { viewport: sizes.laptop })
    await look(page)
    await rows(page).first().waitFor(inTime)
    await page.evaluate('scrollTo(0, 0)')
    // What was under way comes to its end.
    await page.waitForTimeout(300)
    const before = asked(requests).length
    await page.waitForTimeout(2500)
    expect(asked(requests).length).toBeLessThanOrEqual(before + 1)
    await look(page)
    await expect.poll(() => asked(requests).length, inTime).toBeGreaterThan(before + 1)
    await page.evaluate(`Object.defineProperty(document, 'hidden', { value: true, configurable: true })`)
    await page.waitForTimeout(300)
    const hidden = asked(requests).length
    await page.waitForTimeout(2500)
    expect(asked(requests).length).toBeLessThanOrEqual(hidden + 1)
  })

  test('paused, it stands still and says so; it goes on where it was', async () => {
    const { page } = await stage.open('/dashboard', { viewport: sizes.laptop })
    await look(page)
    await rows(page).first().waitFor(inTime)
    await card(page).getByRole('button', { name: 'Pause' }).click()
    await card(page).getByText('Paused', { exact: true }).waitFor(inTime)
    await borrow('while-paused')
    await page.waitForTimeout(2500)
    expect(await row(page, 'while-paused').count()).toBe(0)
    await card(page).getByRole('button', { name: 'Follow', exact: true }).click()
    await row(page, 'while-paused').waitFor(inTime)
    await card(page).getByText('Follows, newest first').waitFor(inTime)
  })

  test('level, event, tool and version choose the lines', async () => {
    await take(stage.server, 'analysis', 2)
    await fetch(`${stage.url}/licenses/borrow`, {
      method: 'POST',
      body: JSON.stringify({ tool: 'analysis', user: 'too-late' }),
    })
    await borrow('in-time')
    const { page } = await stage.open('/dashboard', { viewport: sizes.laptop })
    await look(page)
    await row(page, 'in-time').waitFor(inTime)
    const levels = () => page.locator('.log-level').allTextContents()
    await card(page).getByLabel('Level').selectOption('warn')
    await row(page, 'too-late').waitFor(inTime)
    await expect.poll(levels, inTime).not.toContain('info')
    await card(page).getByLabel('Level').selectOption('')
    await card(page).getByLabel('Event').selectOption('borrow_license')
    const events = async () => [...new Set(await page.locator('.log-event').allTextContents())]
    await expect.poll(events, inTime).toEqual(['borrow_license'])
    await card(page).getByLabel('Tool').fill('analysis')
    await expect.poll(() => row(page, 'in-time').count(), inTime).toBe(0)
    expect(await row(page, 'analysis').count()).toBeGreaterThan(0)
    await card(page).getByLabel('Version').fill('9.9.9')
    await card(page).getByText('No line matches yet.').waitFor(inTime)
    await card(page).getByRole('button', { name: 'Show all' }).click()
    await row(page, 'in-time').first().waitFor(inTime)
    expect(await card(page).getByLabel('Tool').inputValue()).toBe('')
    expect(await card(page).getByRole('button', { name: 'Show all' }).isDisabled()).toBe(true)
  })

  test('a request id leads to all lines of that request, by keyboard, also while paused', async () => {
    await borrow('one-of-many', { 'x-request-id': 'a-request-to-follow' })
    await borrow('another')
    const { page, troubles } = await stage.open('/dashboard', { viewport: sizes.laptop })
    await look(page)
    await row(page, 'another').waitFor(inTime)
    await card(page).getByRole('button', { name: 'Pause' }).click()
    const link = row(page, 'one-of-many').getByRole('button', {
      name: 'All lines of request a-request-to-follow',
    })
    await link.focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => rows(page).count(), inTime).toBe(2)
    expect(await card(page).getByLabel('Request', { exact: true }).inputValue()).toBe('a-request-to-follow')
    expect((await page.locator('.log-event').allTextContents()).sort()).toEqual([
      'borrow_license',
      'http_request',
    ])
    expect(await link.evaluate(element => element.ownerDocument.activeElement === element)).toBe(true)
    expect(troubles).toEqual([])
  })

  test('the server away: it says so, and goes on when it is back, also with lines of before', async () => {
    let away = false
    const { page } = await stage.open('/dashboard', {
      viewport: sizes.laptop,
      before: page => page.route('**/log?*', route => (away ? route.abort() : route.continue())),
    })
    await look(page)
    await rows(page).first().waitFor(inTime)
    away = true
    await card(page).getByText('The server does not answer. Trying again.').waitFor(inTime)
    const before = await rows(page).count()
    expect(before).toBeGreaterThan(0)
    await borrow('while-away')
    away = false
    await row(page, 'while-away').waitFor(inTime)
    await card(page).getByText('Follows, newest first').waitFor(inTime)
    expect(await rows(page).count()).toBeGreaterThan(before)
  })

  test('what a refused question says is shown', async () => {
    const { page } = await stage.open('/dashboard', { viewport: sizes.laptop })
    await look(page)
    await rows(page).first().waitFor(inTime)
    await page.evaluate(`document.querySelector('#log-filters [name=tool]').maxLength = 500`)
    await card(page).getByLabel('Tool').fill('x'.repeat(200))
    await card(page).getByText('The query is not valid: tool').waitFor(inTime)
  })

  test('at most 200 rows are kept, and a flood is called one', async () => {
    const { page } = await stage.open('/dashboard', { viewport: sizes.laptop })
    await look(page)
    await rows(page).first().waitFor(inTime)
    await card(page).getByRole('button', { name: 'Pause' }).click()
    for (let count = 0; count < 150; count++) {
      await fetch(`${stage.url}/version`)
      await borrow(`flood-${count}`)
    }
    await card(page).getByRole('button', { name: 'Follow', exact: true }).click()
    await card(page).getByText('More lines come than can be shown.').waitFor(inTime)
    expect(await rows(page).count()).toBe(200)
  }, 60_000)

  test('a script in a name or a filter is text', async () => {
    const script = '<script>document.title="taken"</script><img src=x onerror=document.title="taken">'
    await borrow(script.slice(0, 100))
    const { page, troubles } = await stage.open('/dashboard', { viewport: sizes.laptop })
    await look(page)
    await row(page, '<script>document.title="taken"</script>').first().waitFor(inTime)
    await card(page).getByLabel('Tool').fill(script)
    await card(page).getByText('No line matches yet.').waitFor(inTime)
    expect(await page.locator('.log :is(script, img)').count()).toBe(0)
    expect(await page.title()).not.toContain('taken')
    expect(troubles).toEqual([])
  })

  test('each part of the page leads to Grafana while it is up; without it no link does', async () => {
    for (const [state, url] of [
      ['absent', null],
      ['failing', 'http://localhost:3000'],
      ['up', 'http://localhost:3000'],
    ] as const) {
      const { page } = await stage.open('/dashboard', withGrafana(state, url))
      await page.waitForSelector('html[data-ready]')
      await look(page)
      await rows(page).first().waitFor(inTime)
      const links = page.locator('.stack-links a')
      if (state === 'up') await expect.poll(() => links.filter({ visible: true }).count(), inTime).toBe(20)
      else {
        expect(await links.filter({ visible: true }).count()).toBe(0)
        expect(await page.locator('.stack-links a[href]').count()).toBe(0)
      }
    }
  })

  test('the links of the log lead to what is filtered, and go when Grafana goes', async () => {
    let state = 'up'
    const { page } = await stage.open('/dashboard', {
      viewport: sizes.laptop,
      before: page =>
        page.route('**/stack', route => route.fulfill({ json: grafana(state, 'http://localhost:3000') })),
    })
    await look(page)
    const explore = page.getByRole('link', { name: 'Explore: these lines in Loki (new tab)' })
    await explore.waitFor(inTime)
    await card(page).getByLabel('Level').selectOption('warn')
    const href = async () => decodeURIComponent((await explore.getAttribute('href')) ?? '')
    await expect.poll(href, inTime).toContain('level=~\\"warn|error\\"')
    expect(await href()).toMatch(/^http:\/\/localhost:3000\/explore\?/)
    const panel = page.getByRole('link', { name: 'Grafana: Borrows and returns per second (new tab)' })
    expect(await panel.getAttribute('href')).toMatch(
      /^http:\/\/localhost:3000\/d\/license-operations\?viewPanel=panel-12&/,
    )
    state = 'absent'
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))')
    await explore.waitFor({ state: 'hidden', ...inTime })
    expect(await page.locator('.stack-links a[href]').count()).toBe(0)
  })

  for (const { size, ...looks } of looksOf(sizes))
    test(`lines, filters and links have no accessibility violation and fit, on a ${size}, light and dark`, async () => {
      await borrow('W'.repeat(100))
      await fetch(`${stage.url}/licenses/borrow`, {
        method: 'POST',
        body: JSON.stringify({ tool: `nothing-${'w'.repeat(90)}`, user: 'late' }),
      })
      await fetch(`${stage.url}/frontend-error`, {
        method: 'POST',
        body: JSON.stringify({ message: 'boom' }),
      })
      const { page, troubles } = await stage.open('/dashboard', {
        ...looks,
        ...withGrafana('up', 'http://localhost:3000'),
      })
      await look(page)
      await row(page, 'frontend_error').first().waitFor(inTime)
      await page.locator('#log-links a').first().waitFor(inTime)
      await card(page).getByRole('button', { name: 'Pause' }).click()
      expect(await violationsInBoth(page)).toEqual(noViolations)
      const [wide, shown] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, innerWidth]',
      )
      expect(wide).toBeLessThanOrEqual(shown)
      expect(troubles).toEqual([])
    })
})
