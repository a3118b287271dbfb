import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describePages, sizes } from './browser.ts'
import { inTime } from './deck-room.ts'
import { forecastExample } from './estate-replies-analytics.ts'
import { openEstate } from './estate-room.ts'

/** Moves the mouse over a chart. @param share of its width */
async function over(page: Page, card: string, share: number) {
  const plot = page.locator(`#${card} .u-over`)
  await plot.waitFor(inTime)
  await plot.scrollIntoViewIfNeeded()
  const box = await plot.boundingBox()
  if (!box) throw new Error(`${card} has no chart`)
  await page.mouse.move(box.x + box.width * share, box.y + box.height / 2)
}

const count = 2000
/** Points a minute apart that end now, as many as are asked for. */
const many = () =>
  Array.from({ length: count }, (_, index) => ({
    time: new Date(Date.now() - (count - index) * 60_000).toISOString(),
    avg_cpu: index % 100,
    avg_memory: 50,
    avg_disk: index === count - 1 ? 70 : null,
  }))

describePages('the charts of the estate', stage => {
  test('a chart tells what it shows in a sentence, and which line is which', async () => {
    const { page } = await openEstate(stage, '/estate?view=servers')
    const card = page.locator('#servers-trend')
    await card.getByText(/^CPU: between \d+ % and \d+ %, last \d+ %\. Memory: between/).waitFor(inTime)
    expect(await card.locator('.legend li').allTextContents()).toEqual(['CPU', 'Memory', 'Disk'])
  })

  test('under the cursor stand the values of that time, and where there are none that there are none', async () => {
    const { page } = await openEstate(stage, '/estate?view=servers')
    const tip = page.locator('#servers-trend .tip')
    await over(page, 'servers-trend', 0.7)
    await expect.poll(() => tip.textContent(), inTime).toMatch(/CPU\d+ %Memory\d+ %/)
    await over(page, 'servers-trend', 0.33)
    await expect.poll(() => tip.textContent(), inTime).toMatch(/CPUno dataMemoryno dataDiskno data/)
    await page.mouse.move(0, 0)
    await expect.poll(() => tip.isVisible(), inTime).toBe(false)
  })

  test('two thousand points are drawn, and a new range is drawn into the same chart', async () => {
    const { page, troubles } = await openEstate(stage, '/estate?view=servers&range=7d', {
      answers: { '/api/servers/trends/cpu': many },
    })
    await page.locator('#servers-trend canvas').waitFor(inTime)
    await page.evaluate(`document.querySelector('#servers-trend canvas').dataset.kept = 'yes'`)
    await page.getByRole('link', { name: 'last 24 hours' }).click()
    await page.getByText('Disk: between 70 % and 70 %, last 70 %.').waitFor(inTime)
    expect(await page.locator('#servers-trend canvas').getAttribute('data-kept')).toBe('yes')
    expect(troubles).toEqual([])
  })

  test('a chart fits its card when the window changes', async () => {
    const { page, requests } = await openEstate(stage, '/estate?view=servers')
    const canvas = page.locator('#servers-trend canvas')
    await canvas.waitFor(inTime)
    for (const viewport of [sizes.phone, sizes.laptop, sizes.phone]) {
      await page.setViewportSize(viewport)
      const left = () =>
        page.evaluate<number>(`(() => {
          const [card, canvas] = ['#servers-trend', '#servers-trend canvas'].map(name => document.querySelector(name))
          return card.getBoundingClientRect().right - canvas.getBoundingClientRect().right
        })()`)
      await expect.poll(left, inTime).toBeGreaterThan(0)
      await expect.poll(left, inTime).toBeLessThan(40)
    }
    expect(requests.filter(url => url.endsWith('/frontend-error'))).toEqual([])
  })

  test('its colours are those of the scheme, and change with it', async () => {
    const { page } = await openEstate(stage, '/estate?view=servers', { colorScheme: 'light' })
    await page.locator('#servers-trend canvas').waitFor(inTime)
    const colours = () =>
      page.evaluate<string>(`(() => {
        const canvas = document.querySelector('#servers-trend canvas')
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
        const counts = new Map()
        for (let at = 0; at < data.length; at += 4) {
          if (data[at + 3] < 255) continue
          const colour = [data[at], data[at + 1], data[at + 2]].join()
          counts.set(colour, (counts.get(colour) ?? 0) + 1)
        }
        return [...counts.keys()].join(' ')
      })()`)
    await expect.poll(colours, inTime).toContain('0,106,148')
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(colours, inTime).toContain('92,200,242')
    expect(await colours()).not.toContain('0,106,148')
  })

  test('services are chosen, four at most, and each asks for its own lines', async () => {
    const { page, asked } = await openEstate(stage, '/estate?view=services')
    const chips = page.locator('#services-chosen')
    await chips.getByRole('checkbox', { name: 'checkout', checked: true }).waitFor(inTime)
    await page.locator('#services-latency .legend').getByText('checkout, p95').waitFor(inTime)
    for (const name of ['search', 'media']) await chips.getByRole('checkbox', { name }).check()
    await chips.getByText('Four at most').waitFor(inTime)
    expect(await chips.getByRole('checkbox', { name: 'fraud' }).isDisabled()).toBe(true)
    await expect.poll(() => page.locator('#services-latency .legend li').count(), inTime).toBe(8)
    await expect.poll(() => asked, inTime).toContain('/api/services/error-rate-trend?hours=24&service=media')
    for (const name of ['checkout', 'cart', 'search', 'media'])
      await chips.getByRole('checkbox', { name }).uncheck()
    await page.locator('#services-latency').getByText('No service is chosen').waitFor(inTime)
  })

  test('a forecast says how it was made and tested; a fallback and no forecast say so', async () => {
    const { page } = await openEstate(stage, '/estate?view=analytics')
    const card = page.locator('#forecast')
    await card.getByText('Seasonal method.').waitFor(inTime)
    await card.getByText('mean error 1.62 points, against 2.31 points of repeating the past').waitFor(inTime)
    await card.getByText('80 % of outcomes are expected here').waitFor(inTime)
    await card.getByRole('button', { name: 'Memory' }).click()
    await card.getByText('Fallback: the same as a season ago.').waitFor(inTime)
    await card.getByRole('button', { name: 'Disk' }).click()
    await card.getByText('No forecast.').waitFor(inTime)
    await card.getByText('There is no forecast: too little is known.').waitFor(inTime)
    expect(await card.getByRole('button', { name: 'Disk' }).getAttribute('aria-pressed')).toBe('true')
    await page.locator('#filling').getByText('3.4 days').waitFor(inTime)
  })

  test('without any metric the forecast is empty, not broken', async () => {
    const { page, troubles } = await openEstate(stage, '/estate?view=analytics', {
      answers: { '/estate/forecast': () => forecastExample({ metrics: [], filling_disks: [] }) },
    })
    await page.locator('#filling').getByText('None will be full as things go.').waitFor(inTime)
    await page.locator('#forecast').getByText('There is no forecast: too little is known.').waitFor(inTime)
    expect(troubles).toEqual([])
  })

  test('detectors are judged in words and by kind', async () => {
    const { page } = await openEstate(stage, '/estate?view=analytics')
    const card = page.locator('#detectors')
    await card.getByText('17 of 18 injected faults found (recall 94.4 %)').waitFor(inTime)
    await page.getByRole('row', { name: 'Silence 0 0 – –' }).waitFor(inTime)
  })
})
