/** What a phone shows of tables and small links, and what it does not have to scroll for. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describePages, noViolations, violationsInBoth } from './browser.ts'

const phone = { width: 360, height: 640 }
const NAVIGATION = '/nothing/<b>here</b>'
const isWider = (page: Page) => page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')
const inTime = { timeout: 5000 }

/** Cells that reach out of the screen, or of the box that they scroll in. */
const cutCells = (page: Page, table: string) =>
  page.evaluate<number>(`Array.from(document.querySelectorAll('${table} :is(td, th)')).filter(cell => {
    const { left, right } = cell.getBoundingClientRect()
    const box = cell.closest('.scroll')?.getBoundingClientRect() ?? { left: 0, right: innerWidth }
    return !cell.closest('thead') && (left < box.left || right > box.right + 1)
  }).length`)

describePages('on a small phone', stage => {
  test('the recent activity names tool and user in each row, and nothing is cut', async () => {
    await stage.server.present('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'w'.repeat(60) })
    const { page } = await stage.open('/dashboard', { viewport: phone })
    await page.locator('#recent td[data-label="Tool"]').first().waitFor(inTime)
    expect(await cutCells(page, '#recent-table')).toBe(0)
    expect(await isWider(page)).toBe(false)
  })

  test('the overview cuts neither the two paths nor the metrics of a borrow', async () => {
    const { page } = await stage.open('/overview', { viewport: phone })
    await page.locator('#try').click()
    await page.locator('#try-traces td').first().waitFor(inTime)
    expect(await cutCells(page, 'table')).toBe(0)
    expect(await isWider(page)).toBe(false)
    for (const sample of await page.locator('#try-traces td.number').allTextContents())
      expect(sample.length).toBeLessThan(12)
    expect(await violationsInBoth(page)).toEqual(noViolations)
  })

  test('the reasons of the interface fit', async () => {
    const { page } = await stage.open('/docs', { viewport: phone })
    await page.locator('#reasons td').first().waitFor({ timeout: 15_000 })
    expect(await cutCells(page, '.reasons table')).toBe(0)
    expect(await isWider(page)).toBe(false)
  })

  test('an unknown address is a page with a way home, and shows the address as text', async () => {
    const { page } = await stage.open(NAVIGATION, { viewport: phone })
    expect(await page.locator('#address').textContent()).toContain('here')
    expect(await page.locator('#main b').count()).toBe(0)
    expect(await isWider(page)).toBe(false)
    expect(await violationsInBoth(page)).toEqual(noViolations)
    await page.getByRole('link', { name: 'To the first page' }).click()
    expect(page.url()).toBe(`${stage.url}/`)
  })

  test('a return that no server hears says that it is given back once, and no more when the server is back', async () => {
    const { page } = await stage.open('/', { viewport: phone })
    await page.locator('.pool button.primary').first().click()
    const back = page.locator('#mine').getByRole('button', { name: /^Return/ })
    await back.waitFor(inTime)
    const said = page.locator('#mine .outcome')
    await stage.server.down()
    await page.locator('#link-state[data-state="reconnecting"]').waitFor({ timeout: 10_000 })
    await back.click()
    await said.getByText('a seat is given back only once').waitFor(inTime)
    await stage.server.up()
    await expect.poll(() => said.textContent(), { timeout: 15_000 }).toBe('')
  })
})
