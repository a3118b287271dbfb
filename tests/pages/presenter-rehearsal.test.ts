import { afterEach, expect, test } from 'vitest'
import { describePages } from './browser.ts'
import { asPresenter, inTime } from './presenter-room.ts'

describePages('traffic, scenarios and the race on the presenter’s page', stage => {
  const open = () => asPresenter(stage)
  afterEach(() => stage.server.present('POST', '/stage/reset'))

  test('traffic starts, changes and stops, with its numbers', async () => {
    const { page, troubles } = await open()
    await page.getByLabel(/^Busy/).check()
    expect(await page.getByLabel('Rate, a second', { exact: true }).inputValue()).toBe('40')
    await page.getByLabel('Rate, a second', { exact: true }).fill('10')
    await page.locator('#traffic').getByRole('button', { name: 'Start' }).click()
    await page.getByText(/^10 a second, started here, .* left$/).waitFor(inTime)
    await expect
      .poll(async () => Number(await page.locator('#traffic-summary dd').first().textContent()), inTime)
      .toBeGreaterThan(0)
    await page.getByLabel(/^Calm/).check()
    await page.getByRole('button', { name: 'Change to this' }).click()
    await page.getByText(/^5 a second/).waitFor(inTime)
    await page.locator('#traffic').getByRole('button', { name: 'Stop' }).click()
    await page.getByText('No traffic runs').waitFor(inTime)
    expect(troubles).toEqual([])
  })

  test('a scenario starts and stops, one at a time; one that is impossible says why', async () => {
    const { page } = await open()
    const start = (title: string) => page.getByRole('button', { name: `Start: ${title}` })
    await start('Lost coverage').click()
    await page.locator('.scenario', { hasText: 'Lost coverage' }).getByText('Not started.').waitFor(inTime)
    await start('Bad release').click()
    await page.getByRole('button', { name: 'Stop: Bad release' }).waitFor(inTime)
    expect(await start('Seat leak').isDisabled()).toBe(true)
    await page.locator('.scenario-state', { hasText: 'left' }).waitFor(inTime)
    await page.getByRole('button', { name: 'Stop: Bad release' }).click()
    await start('Bad release').waitFor(inTime)
    expect((await stage.server.present('GET', '/scenarios')).running).toBeNull()
  })

  test('a query can be taken away, also where the clipboard is out of reach', async () => {
    const { page } = await open()
    const card = page.locator('.scenario', { hasText: 'Bad release' })
    await card.getByText('Steps, what to look at, queries').click()
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
    await card
      .getByRole('button', { name: /^Copy: / })
      .first()
      .click()
    await card.getByText('Selected').waitFor(inTime)
    expect(await page.evaluate('getSelection().toString()')).toBe(
      await card.locator('code').first().textContent(),
    )
  })

  test('a race starts, shows both lanes, is cancelled, and is kept with its links', async () => {
    const { page } = await open()
    await page.getByRole('button', { name: 'Start the race' }).click()
    await page.getByRole('button', { name: 'Cancel the race' }).waitFor(inTime)
    expect(await page.locator('.lane').count()).toBe(2)
    await page
      .locator('.lane-vehicle .badge')
      .getByText(/SIMULATED|ASSUMED/)
      .waitFor(inTime)
    await page.getByRole('button', { name: 'Cancel the race' }).click()
    await page.getByText(/^The race with .* cancelled$/).waitFor(inTime)
    const [kept] = (await stage.server.present('GET', '/races')).races
    await page.locator(`#races a[href="/race?id=${kept.id}"]`).waitFor(inTime)
    expect(await page.locator(`#races a[href="/races/${kept.id}?download=1"]`).count()).toBe(1)
  })

  test('two presenters see the same: what one does shows with the other', async () => {
    const [first, second] = [await open(), await open()]
    await first.page.locator('#traffic').getByRole('button', { name: 'Start' }).click()
    await second.page.getByText(/^5 a second, started here/).waitFor(inTime)
    await second.page.locator('#traffic').getByRole('button', { name: 'Stop' }).click()
    await first.page.getByText('No traffic runs').waitFor(inTime)
  })
})
