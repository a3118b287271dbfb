/** Phones come by the address of a laptop on the LAN, without https: there a browser withholds much of what it can do. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isWithoutBrowser, launchBrowser, sizes, watch } from './browser.ts'
import { borrowed, cardOf, freshPools, mine } from './pools.ts'
import { type PageServer, startPageServer } from './server.ts'

describe.skipIf(isWithoutBrowser)('a phone on the LAN', () => {
  let server: PageServer
  let browser: Browser
  let url: string
  beforeAll(async () => {
    server = await startPageServer()
    url = server.url.replace('127.0.0.1', 'phone.test')
    browser = await launchBrowser(['--host-resolver-rules=MAP phone.test 127.0.0.1'])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.remove()
  })

  test('borrows and returns in a context that is not secure', async () => {
    await freshPools(server)
    const context = await browser.newContext({ viewport: sizes.phone, hasTouch: true, isMobile: true })
    const page = await context.newPage()
    const { troubles } = watch(page, url)
    await page.goto(url)
    expect(await page.evaluate('[isSecureContext, typeof crypto.randomUUID]')).toEqual([false, 'undefined'])
    const { borrow, giveBack, said } = cardOf(page, 'cad_tool')
    await borrow.tap()
    await said.getByText('Borrowed. Yours until').waitFor()
    await mine(page).waitFor()
    await page.getByText('1 phone is here').waitFor()
    await page.reload()
    await giveBack.tap()
    await said.getByText('Returned.').waitFor()
    expect(await borrowed(server, 'cad_tool')).toBe(0)
    expect(troubles).toEqual([])
    await context.close()
  })
})
