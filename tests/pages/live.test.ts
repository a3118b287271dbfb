import { beforeEach, expect, test } from 'vitest'
import { describePages } from './browser.ts'
import { borrowed, cardOf, everyone, freshPools, mine, setPool, take } from './pools.ts'

describePages('the borrow page, live', stage => {
  beforeEach(() => freshPools(stage.server))

  test('what one page does shows in another', async () => {
    const { page: one } = await stage.open('/')
    const { page: two } = await stage.open('/')
    await two.getByText('Live', { exact: true }).waitFor()
    await one.getByText('Live', { exact: true }).waitFor()
    await cardOf(one, 'cad_tool').borrow.click()
    await mine(one).waitFor()
    await everyone(two).getByText('cad_tool').waitFor({ timeout: 10_000 })
    expect(await cardOf(two, 'cad_tool').ring.textContent()).toContain('1 of 4 prepaid seats held')
  })

  test('changed settings show without a reload', async () => {
    const { page } = await stage.open('/')
    const { ring, borrow } = cardOf(page, 'analysis')
    await ring.waitFor({ state: 'attached' })
    await setPool(stage.server, 'analysis', { commit: 0, max_overage: 2, overage_price_per_license: 12.5 })
    await expect.poll(() => borrow.textContent(), { timeout: 10_000 }).toBe('Borrowoverage, $12.50')
    expect(await ring.textContent()).toContain('0 of 2 overage seats held, 2 free')
  })

  test('where streams are blocked the page polls, says so, and keeps up', async () => {
    const { page } = await stage.open('/', { before: page => page.route('**/stream?*', r => r.abort()) })
    await page.getByText('Live, every 3 s').waitFor({ timeout: 10_000 })
    await take(stage.server, 'cad_tool', 1, 'swift-heron-10')
    await everyone(page).getByText('swift-heron-10').waitFor({ timeout: 7000 })
    await cardOf(page, 'cad_tool').borrow.click()
    await mine(page).waitFor()
    await page.reload()
    await mine(page).getByRole('button', { name: 'Return cad_tool' }).click({ timeout: 10_000 })
    await expect.poll(() => borrowed(stage.server, 'cad_tool')).toBe(1)
  })

  test('a stream that works again takes over from polling', async () => {
    let blocked = true
    const { page } = await stage.open('/', {
      before: page => page.route('**/stream?*', route => (blocked ? route.abort() : route.continue())),
    })
    await page.getByText('Live, every 3 s').waitFor({ timeout: 10_000 })
    blocked = false
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 15_000 })
  })

  test('a server that restarts: the page says it is gone, comes back by itself and still knows what is mine', async () => {
    const { page } = await stage.open('/')
    await cardOf(page, 'cad_tool').borrow.click()
    await mine(page).waitFor()
    await stage.server.down()
    await page.getByText('Reconnecting…').waitFor()
    expect(await mine(page).count()).toBe(1)
    await stage.server.up()
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 20_000 })
    await take(stage.server, 'simulation', 1, 'swift-heron-10')
    await everyone(page).getByText('swift-heron-10').waitFor()
    await mine(page).getByRole('button', { name: 'Return cad_tool' }).click()
    await expect.poll(() => borrowed(stage.server, 'cad_tool')).toBe(0)
  })

  test('a page that finds no data says that it waits, and starts when there is some', async () => {
    let blocked = true
    const { page } = await stage.open('/', {
      before: page => page.route('**/stream*', route => (blocked ? route.abort() : route.continue())),
    })
    await page.getByText('The server does not answer yet. This page keeps trying.').waitFor()
    expect(await page.locator('#data').isVisible()).toBe(false)
    blocked = false
    await cardOf(page, 'cad_tool').borrow.waitFor({ timeout: 20_000 })
    expect(await page.locator('#waiting').isVisible()).toBe(false)
  })
})
