import { expect, test } from 'vitest'
import { describePages, type Visit } from './browser.ts'
import { inTime } from './deck-room.ts'
import { openEstate } from './estate-room.ts'

const first = (page: Visit['page'], card: string) => page.locator(`#${card} tbody tr`).first()

describePages('the tables of the estate', stage => {
  test('servers: the head sorts, a number the greatest first, and says so', async () => {
    const { page, asked } = await openEstate(stage, '/estate?view=servers')
    const table = page.locator('#servers-table')
    await table.getByText('1 to 25 of 1,001 servers').waitFor(inTime)
    const head = table.getByRole('columnheader', { name: 'CPU' })
    expect(await head.getAttribute('aria-sort')).toBe('none')
    await head.getByRole('button').click()
    await expect.poll(() => head.getAttribute('aria-sort'), inTime).toBe('descending')
    await first(page, 'servers-table').getByText('Critical').waitFor(inTime)
    await head.getByRole('button').click()
    await expect.poll(() => head.getAttribute('aria-sort'), inTime).toBe('ascending')
    expect(asked.filter(address => address.includes('sort=cpu_percent'))).toEqual([
      '/api/servers/current?sort=cpu_percent&order=desc&limit=25&offset=0',
      '/api/servers/current?sort=cpu_percent&order=asc&limit=25&offset=0',
    ])
  })

  test('servers: filters and search narrow it, and it says when nothing fits', async () => {
    const { page } = await openEstate(stage, '/estate?view=servers')
    const table = page.locator('#servers-table')
    await table.getByLabel('Region').selectOption('north', inTime)
    await table.getByLabel('Status').selectOption('critical')
    await table.getByText(/^1 to \d+ of \d+ servers? that fit$/).waitFor(inTime)
    for (const row of await table.locator('tbody tr').all()) expect(await row.textContent()).toMatch(/north/)
    await table.getByLabel('Name has').fill('no such')
    await table.getByText('Nothing fits. Take a filter away.').waitFor(inTime)
    await table.getByLabel('Name has').fill('')
    await table.getByLabel('Region').selectOption('')
    await table.getByLabel('Status').selectOption('')
    await table.getByText('1 to 25 of 1,001 servers').waitFor(inTime)
  })

  test('servers: pages go forth and back, and stop at both ends', async () => {
    const { page } = await openEstate(stage, '/estate?view=servers')
    const table = page.locator('#servers-table')
    const [previous, next] = [
      table.getByRole('button', { name: 'Previous' }),
      table.getByRole('button', { name: 'Next' }),
    ]
    await table.getByText('1 to 25 of 1,001 servers').waitFor(inTime)
    expect(await previous.isDisabled()).toBe(true)
    await next.click()
    await table.getByText('26 to 50 of 1,001 servers').waitFor(inTime)
    await previous.click()
    await table.getByText('1 to 25 of 1,001 servers').waitFor(inTime)
    await table.getByLabel('Status').selectOption('critical')
    await table.getByText(/that fit$/).waitFor(inTime)
    expect(await next.isVisible()).toBe(false)
  })

  test('a page that is no more is left for the last one', async () => {
    let total = 60
    const rows = Array.from({ length: 60 }, (_, index) => ({
      timestamp: new Date().toISOString(),
      server_id: `server-${index}`,
      region: null,
      environment: null,
      version: null,
      cpu_percent: null,
      memory_percent: 0,
      disk_utilization: null,
      status: 'healthy',
      real: false,
    }))
    const { page } = await openEstate(stage, '/estate?view=servers', {
      before: page =>
        page.route('**/api/servers/current*', route => {
          const offset = Number(new URL(route.request().url()).searchParams.get('offset'))
          return route.fulfill({
            json: rows.slice(0, total).slice(offset, offset + 25),
            headers: { 'x-total-count': String(total) },
          })
        }),
    })
    const table = page.locator('#servers-table')
    const next = table.getByRole('button', { name: 'Next' })
    await table.getByText('1 to 25 of 60').waitFor(inTime)
    await next.click()
    await table.getByText('26 to 50 of 60').waitFor(inTime)
    total = 20
    await next.click()
    await table.getByText('1 to 20 of 20').waitFor(inTime)
    // Nothing known is a dash, nothing used is nothing.
    expect(await first(page, 'servers-table').locator('.number').allTextContents()).toEqual(['–', '0 %', '–'])
  })

  test('the real machine has a mark, the others have none', async () => {
    const { page } = await openEstate(stage, '/estate?view=servers')
    const table = page.locator('#servers-table')
    await table.getByLabel('Name has').fill('host')
    await table.getByText('1 to 1 of 1 server that fit').waitFor(inTime)
    expect(await table.locator('tbody .badge-real:visible').count()).toBe(1)
    await table.getByLabel('Name has').fill('server-0')
    await table.getByText('1 to 25').waitFor(inTime)
    expect(await table.locator('tbody .badge-real:visible').count()).toBe(0)
  })

  test('containers are filtered by their service', async () => {
    const { page } = await openEstate(stage, '/estate?view=containers')
    const table = page.locator('#containers-table')
    await table.getByText('1 to 25 of 2,000 containers').waitFor(inTime)
    await table.getByLabel('Service').selectOption('checkout', inTime)
    await table.getByText(/containers that fit$/).waitFor(inTime)
    for (const row of await table.locator('tbody tr').all())
      expect(await row.textContent()).toMatch(/checkout/)
  })

  test('services: a figure that one answer lacks is a dash and comes last', async () => {
    const { page } = await openEstate(stage, '/estate?view=services')
    const table = page.locator('#services-table')
    const button = table.getByRole('button', { name: 'Available' })
    for (const order of ['descending', 'ascending']) {
      await button.click(inTime)
      expect(await table.getByRole('columnheader', { name: 'Available' }).getAttribute('aria-sort')).toBe(
        order,
      )
      expect(await table.locator('tbody tr').last().locator('th').textContent()).toBe('catalog')
    }
  })

  test('services in more than one version come first and are named', async () => {
    const { page } = await openEstate(stage, '/estate?view=services')
    const card = page.locator('#services-versions')
    await card
      .getByText('20 services in 22 versions. More than one version runs of 2: checkout, payments.')
      .waitFor(inTime)
    expect(await card.locator('.version-list > li').first().textContent()).toContain('v2.4.1 19v2.4.2 6')
  })
})
