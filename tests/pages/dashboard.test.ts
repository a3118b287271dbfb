import { expect, test } from 'vitest'
import { describePages } from './browser.ts'

describePages('the dashboard', stage => {
  const post = (path: string, body: unknown) =>
    fetch(`${stage.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
  const tile = (label: string) => `.tile:has-text("${label}")`

  test('without traffic it has no percentiles, and says so', async () => {
    const { page, troubles } = await stage.open('/dashboard')
    await page
      .locator(tile('p99'), { hasText: 'no borrow yet' })
      .or(page.locator(`${tile('99 %')} >> text=no borrow yet`))
      .waitFor()
    await page.getByText('Nothing has happened yet.').waitFor()
    expect(troubles).toEqual([])
  })

  test('shows what happens elsewhere within two seconds: borrow, overage, denial, return', async () => {
    const { page } = await stage.open('/dashboard')
    await page.waitForSelector('html[data-ready]')
    const { id } = await (await post('/licenses/borrow', { tool: 'analysis', user: 'anna' })).json()
    await post('/licenses/borrow', { tool: 'analysis', user: 'ben' })
    await post('/licenses/borrow', { tool: 'analysis', user: 'late' })
    await post('/licenses/return', { id })
    const inTime = { timeout: 2000 }
    await page.locator('#recent tr', { hasText: 'anna' }).first().waitFor(inTime)
    await page.locator('#recent tr', { hasText: 'borrowed as overage' }).first().waitFor(inTime)
    await page.locator('#recent tr', { hasText: 'denied: every seat taken' }).first().waitFor(inTime)
    await page.locator('#recent tr', { hasText: 'returned' }).first().waitFor(inTime)
    await page
      .locator('#pools li', { hasText: '1 of 2 held: 1 of 1 prepaid, 0 overage, 1 free' })
      .waitFor(inTime)
    await page.locator('#denials dt:has-text("every seat taken") + dd', { hasText: '1' }).waitFor(inTime)
    await page.locator('#costs dt:has-text("Sum") + dd', { hasText: '$3,100' }).waitFor(inTime)
    await page.locator(`${tile('99 %')} >> text=ms (p99)`).waitFor()
  })

  test('charts have a sentence for those who do not see them', async () => {
    const { page } = await stage.open('/dashboard')
    const sentence = page.locator('#traffic figcaption')
    await expect.poll(() => sentence.textContent()).toMatch(/^Borrows: at most [\d.]+ a second, Returns: /)
  })

  test('the last 24 hours are drawn for each pool, from the record', async () => {
    const { page } = await stage.open('/dashboard')
    await page.locator('#history figure').nth(2).waitFor()
    await page
      .locator('#history figure:has-text("analysis")', { hasText: '2 borrows, at most 2 seats at once' })
      .waitFor()
    await page.locator('#history figure:has-text("simulation")', { hasText: 'No record yet' }).waitFor()
  })
})
