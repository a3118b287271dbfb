import { expect, test } from 'vitest'
import { describePages } from './browser.ts'

const SLIDES = 7

describePages('the deck', stage => {
  test('each slide is reached by the keyboard, and none says anything to another host', async () => {
    const { page, troubles } = await stage.open('/presentation')
    await page.waitForSelector('html[data-ready]')
    for (let slide = 2; slide <= SLIDES; slide++) {
      await page.keyboard.press('ArrowRight')
      await page
        .locator('.slide-number', { hasText: new RegExp(`^\\s*${slide}\\s*/\\s*${SLIDES}\\s*$`) })
        .waitFor()
    }
    expect(troubles).toEqual([])
  })

  test('the first slide names the address of this server', async () => {
    const { page } = await stage.open('/presentation')
    expect(await page.locator('#address').textContent()).toBe(new URL(stage.url).host)
  })

  test('the live slide listens from when it is shown until it is left', async () => {
    const { page, requests } = await stage.open('/presentation')
    await page.waitForSelector('html[data-ready]')
    const streams = () => requests.filter(url => url.includes('/stream'))
    expect(streams()).toEqual([])
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight')
    await page.getByText('Nobody holds a seat.').waitFor()
    await fetch(`${stage.url}/licenses/borrow`, {
      method: 'POST',
      body: JSON.stringify({ tool: 'cad_tool', user: 'front row' }),
    })
    await page.getByText('1 seat held').waitFor()
    const open = async () =>
      /^live_streams_open (\d+)$/m.exec(await (await fetch(`${stage.url}/metrics`)).text())?.[1]
    expect(await open()).toBe('1')
    await page.keyboard.press('ArrowRight')
    await expect.poll(open).toBe('0')
  })

  test('it is a document, not an application, and has a way back', async () => {
    const { page } = await stage.open('/presentation')
    await page.waitForSelector('html[data-ready]')
    expect(await page.locator('[role="application"]').count()).toBe(0)
    await page.click('text=Leave the deck')
    await page.waitForURL(`${stage.url}/`)
  })

  test('printed, it has a page for each slide', async () => {
    const { page } = await stage.open('/presentation?view=print')
    await page.waitForSelector('.pdf-page')
    expect(await page.locator('.pdf-page').count()).toBe(SLIDES)
  })
})
