import { beforeEach, expect, test } from 'vitest'
import { pageAddresses } from '../support/page-addresses.ts'
import { describePages, sizes, until } from './browser.ts'
import { borrowed, cardOf, everyone, freshPools, mine, take } from './pools.ts'

/** The runbook has no script, and tests of its own; the pre-flight is refused on purpose. */
const pages = pageAddresses.filter(address => !['/runbook', '/preflight'].includes(address))
const script = '<script>document.title="taken"</script><img src=x onerror=document.title="taken">'

describePages('pages', stage => {
  beforeEach(() => freshPools(stage.server))

  const reports = (text: string) =>
    stage.lines().filter(line => line.event === 'frontend_error' && String(line.error).includes(text))

  test.each(pages)('%s asks no other host, breaks no policy and logs no error', async path => {
    const { page, troubles, requests } = await stage.open(path, {
      before: page =>
        page.addInitScript(
          'addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => console.error(violatedDirective, blockedURI))',
        ),
    })
    await page.waitForSelector('html[data-ready]')
    await page.waitForLoadState('load')
    expect(requests.length).toBeGreaterThan(2)
    expect(troubles).toEqual([])
  })

  test('the check above sees a broken policy and another host', async () => {
    const { page, troubles } = await stage.open('/')
    await page.evaluate('document.body.setAttribute("style", "color: red")')
    await page.evaluate('void fetch("http://127.0.0.1:9/").catch(() => {})')
    await until(
      () => troubles.some(text => /style-src/.test(text)) && troubles.some(t => /connect-src/.test(t)),
    )
  })

  test('a script in a user name is text in every place', async () => {
    await take(stage.server, 'analysis', 1, script)
    const { page, troubles } = await stage.open('/')
    await page.getByLabel('You borrow as').fill(script)
    await cardOf(page, 'analysis').borrow.click()
    await mine(page).getByText(script).waitFor()
    await expect.poll(() => everyone(page).getByText(script).count(), { timeout: 10_000 }).toBe(2)
    await page.getByText('Overage charges, one by one').click()
    await page.locator('#charge-rows').getByText(script).first().waitFor()
    await page.reload()
    await mine(page).getByText(script).waitFor()
    expect(await page.title()).not.toContain('taken')
    expect(await page.locator('img[src=x]').count()).toBe(0)
    expect(troubles).toEqual([])
  })

  test('a script in a user name is text on the dashboard', async () => {
    await take(stage.server, 'analysis', 1, script)
    const { page, troubles } = await stage.open('/dashboard')
    await page.waitForSelector('html[data-ready]')
    await page.getByText('document.title="taken"').first().waitFor()
    expect(await page.title()).not.toContain('taken')
    expect(await page.locator('img[src=x]').count()).toBe(0)
    expect(troubles).toEqual([])
  })

  test('a thrown error is reported to the server', async () => {
    const { page } = await stage.open('/')
    await page.waitForSelector('html[data-ready]')
    await page.evaluate(
      () =>
        void setTimeout(() => {
          throw new Error('thrown in a test')
        }),
    )
    await until(() => reports('thrown in a test').length > 0)
    expect(reports('thrown in a test')).toMatchObject([{ level: 'error', url: `${stage.url}/` }])
    expect(reports('thrown in a test')[0]?.stack).toContain('thrown in a test')
  })

  test('an unhandled rejection is reported to the server', async () => {
    const { page } = await stage.open('/docs')
    await page.waitForSelector('html[data-ready]')
    await page.evaluate(() => void Promise.reject(new Error('rejected in a test')))
    await until(() => reports('rejected in a test').length > 0)
    expect(reports('rejected in a test').length).toBe(1)
  })

  test('a page reports at most ten errors, each once, and never its query', async () => {
    const { page, requests } = await stage.open('/?token-like=secret-of-the-query')
    await page.waitForSelector('html[data-ready]')
    await page.evaluate(
      'for (let i = 0; i < 40; i++) dispatchEvent(new ErrorEvent("error", { message: "flood " + (i >> 1) + " of a test" }))',
    )
    await until(() => reports('of a test').length >= 10)
    await page.evaluate(() => fetch('/version'))
    expect(requests.filter(url => url.endsWith('/frontend-error')).length).toBe(10)
    expect(new Set(reports('of a test').map(({ error }) => error)).size).toBe(10)
    expect(JSON.stringify(reports('of a test'))).not.toContain('secret-of-the-query')
  })

  test('without JavaScript each page says what still works', async () => {
    for (const path of ['/', '/docs']) {
      const { page } = await stage.open(path, { javaScriptEnabled: false, viewport: sizes.phone })
      const notice = page.locator('noscript .notice')
      expect(await notice.isVisible()).toBe(true)
      expect(await page.locator('#starting').isVisible()).toBe(false)
      const href = await notice.getByRole('link').first().getAttribute('href')
      expect((await fetch(stage.url + href)).status).toBe(200)
    }
  })

  test('a page whose script does not load shows a hint instead of waiting for ever', async () => {
    const { page } = await stage.open('/', { before: page => page.route('**/assets/*.js', r => r.abort()) })
    await page.getByText('Still starting.').waitFor({ timeout: 8000 })
    expect(await page.getByRole('link', { name: 'its plain answer' }).isVisible()).toBe(true)
  })

  test('a page whose script fails at its start says so and reports it', async () => {
    const { page } = await stage.open('/', {
      before: page =>
        page.route('**/', async route => {
          const response = await route.fetch()
          await route.fulfill({ response, body: (await response.text()).replace('id="pools"', '') })
        }),
    })
    await page.getByText('This page could not start.').waitFor()
    await until(() => reports('The page has no #pools').length > 0)
  })

  test('the API page works offline from this server, and its calls can be tried', async () => {
    const { page, troubles } = await stage.open('/docs')
    const call = page.locator('#operations-licenses-getLicensesStatus')
    await call.locator('.opblock-summary-control').click()
    await call.getByRole('button', { name: 'Execute' }).click()
    const answer = call.locator('.live-responses-table')
    await answer.getByText('cad_tool').waitFor()
    expect(await answer.locator('.response-col_status').last().textContent()).toContain('200')
    expect(await borrowed(stage.server, 'cad_tool')).toBe(0)
    expect(troubles).toEqual([])
  })
})
