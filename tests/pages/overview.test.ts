import { expect, test } from 'vitest'
import { describePages } from './browser.ts'

describePages('the overview', stage => {
  test('sends one real borrow, shows what it left behind, and gives the seat back', async () => {
    const { page, troubles } = await stage.open('/overview')
    await page.click('text=Borrow one seat')
    const said = await page.locator('#try-outcome', { hasText: 'was given back' }).textContent()
    const requestId = /request id (\S+)\./.exec(said ?? '')?.[1] ?? ''
    const line = stage.lines().find(({ event }) => event === 'borrow_license')
    expect(line?.request_id).toBe(requestId)
    await page.locator('td', { hasText: 'license_borrow_success_total' }).waitFor()
    await page
      .locator('code', { hasText: `request_id="${requestId}"` })
      .first()
      .waitFor()
    expect(await (await fetch(`${stage.url}/borrows`)).json()).toEqual([])
    expect(troubles).toEqual([])
  })

  test('a query can be taken away, also where the clipboard is out of reach', async () => {
    const { page } = await stage.open('/overview')
    await page.click('text=Borrow one seat')
    await page.getByRole('button', { name: 'Copy: Loki: every line of this request' }).click()
    await expect
      .poll(() => page.evaluate(() => String(getSelection())))
      .toMatch(/^\{job="license-server"\} \| json \| request_id="/)
  })

  test('with every seat taken it says so and takes none', async () => {
    const seats = [...Array(5).fill('cad_tool'), ...Array(3).fill('simulation'), ...Array(2).fill('analysis')]
    for (const tool of seats)
      await fetch(`${stage.url}/licenses/borrow`, {
        method: 'POST',
        body: JSON.stringify({ tool, user: 'all' }),
      })
    const { page } = await stage.open('/overview')
    await page.click('text=Borrow one seat')
    await page.getByText('Every seat is taken just now.').waitFor()
  })
})
