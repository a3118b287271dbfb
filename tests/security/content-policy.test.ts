/** The wall of the content policy: every page, opened and used in a real browser, breaks no rule of it. */
import type { Page } from 'playwright-core'
import { expect, test, vi } from 'vitest'
import { describePages, type Stage, sizes } from '../pages/browser.ts'
import { pageAddresses } from '../support/page-addresses.ts'
import { TOKEN } from '../support/world.ts'

// The API page takes long on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 })

const told = 'POLICY BROKEN'
const listen = (page: Page) =>
  page.addInitScript(
    `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      console.error('${told}', violatedDirective, blockedURI, sample))`,
  )

/** Opens a page, and tells of the policy only: other troubles are for the page's own tests. */
async function opened(
  stage: Stage,
  path: string,
  viewport: { width: number; height: number } = sizes.laptop,
) {
  const { page, troubles } = await stage.open(path, { viewport, reducedMotion: 'reduce', before: listen })
  await page.waitForLoadState('load')
  if (!path.startsWith('/runbook')) await page.waitForSelector('html[data-ready]', { timeout: 60_000 })
  return {
    page,
    broken: () => troubles.filter(text => text.includes(told) || text.includes('Content Security Policy')),
  }
}

describePages('the content policy', stage => {
  test.each(pageAddresses)('%s breaks none of it', async path => {
    const { broken } = await opened(stage, path)
    expect(broken()).toEqual([])
  })

  test.each(['/presenter', '/config', '/presentation'])(
    '%s of the presenter breaks none of it',
    async path => {
      const { broken } = await opened(stage, `${path}?token=${TOKEN}`)
      expect(broken()).toEqual([])
    },
  )

  test.each(Object.entries(sizes))(
    'the deck, slide by slide, from above and in the dark, breaks none of it: %s',
    async (_name, viewport) => {
      const { page, broken } = await opened(stage, '/presentation', viewport)
      for (let presses = 0; presses < 60; presses++) await page.keyboard.press('ArrowRight')
      await page.keyboard.press('o')
      await page.locator('.reveal.overview').waitFor()
      await page.keyboard.press('Escape')
      await page.keyboard.press('b')
      await page.locator('.reveal.paused').waitFor()
      await page.keyboard.press('b')
      await page.setViewportSize({ width: viewport.height, height: viewport.width })
      await page.keyboard.press('t')
      expect(broken()).toEqual([])
    },
  )

  test('the deck to print keeps its style elements: a page is as large as a slide', async () => {
    const { page, broken } = await opened(stage, '/presentation?view=print')
    await page.locator('.pdf-page').first().waitFor()
    const sizesOfPages = () =>
      page.evaluate<string[]>(
        `[...document.styleSheets].filter(sheet => !sheet.href).flatMap(sheet => [...sheet.cssRules].map(rule => rule.cssText))`,
      )
    await expect
      .poll(sizesOfPages)
      .toContainEqual(expect.stringMatching(/@page \{ size: 1280px 720px; margin: 0px; \}/))
    expect(broken()).toEqual([])
  })

  test.each(Object.entries(sizes))(
    'the API page with a call opened and tried, a model and the sign-in breaks none of it: %s',
    async (_name, viewport) => {
      const { page, broken } = await opened(stage, '/docs', viewport)
      const call = page.locator('#operations-licenses-getLicensesStatus')
      await call.locator('.opblock-summary-control').click()
      await call.getByRole('button', { name: 'Execute' }).click()
      await call.locator('.live-responses-table').getByText('cad_tool').waitFor()
      await page.locator('#operations-licenses-postLicensesBorrow .opblock-summary-control').click()
      await page.locator('#operations-licenses-postLicensesBorrow textarea').waitFor()
      await page.locator('.authorize').first().click()
      await page.locator('.dialog-ux input').first().waitFor()
      expect(broken()).toEqual([])
    },
  )

  test('plain data shown by the browser breaks none of it and wraps on a phone', async () => {
    const { page, troubles } = await stage.open('/licenses/status', { viewport: sizes.phone, before: listen })
    const wide = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')
    expect([wide, troubles.filter(text => text.includes('Policy'))]).toEqual([false, []])
  })

  const walls: [string, string, RegExp][] = [
    ['a style in an attribute', `document.body.setAttribute('style', 'color:red')`, /style-src/],
    [
      'a style element',
      `document.head.append(Object.assign(document.createElement('style'), { textContent: 'p{}' }))`,
      /style-src/,
    ],
    [
      'a script in the page',
      `try { document.createElement('script').src = '/assets/index.js' } catch {}`,
      /script-src|trusted-types|TrustedScriptURL/,
    ],
    ['HTML as text', `try { document.body.innerHTML = '<p>x</p>' } catch {}`, /trusted-types/],
    [
      'code as text',
      `setTimeout(() => { try { (0, globalThis.eval)('1') } catch {} })`,
      /script-src|trusted-types/,
    ],
    ['a request to another host', `void fetch('http://127.0.0.1:9/').catch(() => {})`, /connect-src/],
    ['a picture of another host', `new Image().src = 'http://127.0.0.1:9/x.png'`, /img-src/],
    [
      'a frame',
      `document.body.append(Object.assign(document.createElement('iframe'), { src: '/' }))`,
      /frame-src|default-src|frame-ancestors/,
    ],
    [
      'a form to another host',
      `{ const form = document.createElement('form'); form.action = 'http://127.0.0.1:9/'; document.body.append(form); form.submit() }`,
      /form-action/,
    ],
    [
      'another base',
      `document.head.append(Object.assign(document.createElement('base'), { href: 'http://127.0.0.1:9/' }))`,
      /base-uri/,
    ],
  ]
  test('it stops what it is there to stop', async () => {
    for (const [title, code, rule] of walls) {
      const { page, broken } = await opened(stage, '/overview')
      await page.evaluate(code)
      await expect.poll(() => broken().join(' '), { message: title }).toMatch(rule)
      await page.context().close()
    }
  })
})
