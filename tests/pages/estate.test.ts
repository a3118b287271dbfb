import { expect, test } from 'vitest'
import { estateFrame } from '../../src/estate/api/pipeline.ts'
import { endpoints } from '../../src/estate/operations.ts'
import { describePages } from './browser.ts'
import { inTime } from './deck-room.ts'
import { emptyFrame, frameExample, stopped } from './estate-example.ts'
import { secondsAgo } from './estate-numbers.ts'
import { replies } from './estate-replies.ts'
import { openEstate, shown, tell } from './estate-room.ts'

const views = ['Overview', 'Servers', 'Services', 'Containers', 'Analytics']

test.each(Object.entries(replies))(
  '%s of the tests has the shape that the server declares',
  (_path, reply) => {
    expect(reply.shape.safeParse(reply.data(new URLSearchParams())).error).toBeUndefined()
  },
)

test.each([
  ['usual', frameExample()],
  ['with stages that do not work', frameExample(stopped())],
  ['empty', emptyFrame()],
])('a frame of the tests, %s, has the shape that the server declares', (_title, frame) => {
  expect(estateFrame.safeParse(frame).error).toBeUndefined()
})

describePages('the views of the estate', stage => {
  test('a bare address is the overview of a day', async () => {
    const { page, asked, troubles } = await openEstate(stage, '/estate')
    expect(await shown(page).getAttribute('data-view')).toBe('overview')
    await expect.poll(() => asked).toContain('/api/servers/trends/cpu?hours=24')
    expect(await page.getByRole('link', { name: 'last 24 hours' }).getAttribute('aria-current')).toBe('page')
    expect(troubles).toEqual([])
  })

  test.each(views)(
    '%s has an address of its own, and asks what the server takes, for nothing that it does not show',
    async name => {
      const view = name.toLowerCase()
      const { page, asked, troubles } = await openEstate(stage, `/estate?view=${view}&range=6h`)
      expect(await shown(page).count()).toBe(1)
      expect(await shown(page).getAttribute('data-view')).toBe(view)
      expect(await page.title()).toBe(`${name} · Estate · Twinloop`)
      await expect.poll(() => asked.length).toBeGreaterThan(0)
      const isOthers: Record<string, RegExp> = {
        overview: /restarts|top-errors|instances|forecast/,
        servers: /containers|services|analytics|forecast/,
        services: /servers|containers|analytics|forecast/,
        containers: /servers|\/services|analytics|forecast/,
        analytics: /current|instances|restarts/,
      }
      expect(asked.filter(address => isOthers[view]?.test(address))).toEqual([])
      expect(asked.filter(address => /hours=(?!6\b)/.test(address))).toEqual([])
      for (const address of asked.filter(address => !/pipeline/.test(address))) {
        const { pathname, searchParams } = new URL(address, 'http://here')
        const endpoint = endpoints.find(({ paths }) => paths.includes(pathname))
        const query = Object.fromEntries(searchParams)
        expect(endpoint?.query.strict().safeParse(query), address).toMatchObject({ success: true })
        expect(endpoint?.reply.safeParse(replies[pathname]?.data(searchParams)), address).toMatchObject({
          success: true,
        })
      }
      expect(troubles).toEqual([])
    },
  )

  test('links change view and range without loading the page anew, and the back button goes back', async () => {
    const { page } = await openEstate(stage, '/estate?view=overview&range=24h')
    await page.evaluate('window.isSame = true')
    await page.getByRole('link', { name: 'Servers', exact: true }).click()
    await page.getByRole('link', { name: 'last 7 days' }).click()
    expect(new URL(page.url()).search).toBe('?view=servers&range=7d')
    expect(await shown(page).getAttribute('data-view')).toBe('servers')
    await page.getByRole('heading', { name: 'CPU and memory, last 7 days' }).waitFor(inTime)
    await page.goBack()
    expect(new URL(page.url()).search).toBe('?view=servers&range=24h')
    await page.getByRole('heading', { name: 'CPU and memory, last 24 hours' }).waitFor(inTime)
    await page.goBack()
    await expect.poll(() => shown(page).getAttribute('data-view')).toBe('overview')
    expect(await page.evaluate('window.isSame')).toBe(true)
  })

  test('what is shown is asked for again every half minute, and nothing else', async () => {
    const { page, asked } = await openEstate(stage, '/estate?view=containers&range=1h', {
      before: page => page.clock.install(),
    })
    await page.locator('#containers-table tbody tr').first().waitFor(inTime)
    const before = new Set(asked)
    asked.length = 0
    await page.clock.runFor(31_000)
    await expect.poll(() => new Set(asked), inTime).toEqual(before)
  })

  test('nonsense in the address is the overview of a day', async () => {
    const { page, troubles } = await openEstate(stage, '/estate?view=<img%20src=x>&range=__proto__')
    expect(await shown(page).getAttribute('data-view')).toBe('overview')
    expect(await page.getByRole('link', { name: 'last 24 hours' }).getAttribute('aria-current')).toBe('page')
    expect(troubles).toEqual([])
  })

  test('the overview says how it is and why, what takes most away, what the score is made of, and what is real', async () => {
    const { page } = await openEstate(stage, '/estate')
    await page.locator('#score').getByText('Needs a look').waitFor(inTime)
    expect(await page.locator('#score .score-why').textContent()).toBe('3 of 1,001 servers are critical.')
    await page.locator('#score').getByText('A quarter each for free CPU').waitFor(inTime)
    expect(await page.locator('#score .contributors li').allTextContents()).toEqual([
      'Disk−14.5Disks are 58 % full on average.',
      'Memory−14.0Memory is 56 % used on average.',
      'Critical servers−10.02 servers are critical.',
    ])
    await page.locator('#simulated').getByText('host-stage').waitFor(inTime)
    expect(await page.locator('#simulated .badge-real').count()).toBe(1)
    await page.locator('#day-facts').getByText('48.2M').waitFor(inTime)
    expect(await page.locator('#open .anomaly').count()).toBe(3)
    expect(await page.locator('#history').isVisible()).toBe(false)
  })

  test('a stage that stopped looks stopped, and its old figures are not shown as new ones', async () => {
    const { page } = await openEstate(stage, '/estate', { frame: frameExample(stopped()) })
    const of = (name: string) => page.locator('.stage', { hasText: name })
    await of('Transformer').getByText('Stopped').waitFor(inTime)
    expect(await of('Transformer').textContent()).toContain('No report since')
    expect(await of('Transformer').locator('dd').first().textContent()).toBe('–')
    await of('Generator').getByText('The broker refuses the password.').waitFor(inTime)
    await of('Analytics').getByText('Never heard of').waitFor(inTime)
    await of('Ingestion').getByText('Healthy').waitFor(inTime)
  })

  test('while history is generated the page says how far it is, and then no more', async () => {
    const history = { done: 42, total: 168, from: secondsAgo(7 * 86_400) }
    const { page } = await openEstate(stage, '/estate', { frame: frameExample({ history }) })
    await page.getByText('25 % of what has been').waitFor(inTime)
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('42')
    await tell(page)
    await page.locator('#history').waitFor({ state: 'hidden' })
  })

  test('old data are called old', async () => {
    const { page } = await openEstate(stage, '/estate', {
      frame: frameExample({ data_at: secondsAgo(1200) }),
    })
    await page.getByText('No fresh data: the newest sample is from 20 min ago.').waitFor(inTime)
  })

  test('without data nothing is zero and nothing is well', async () => {
    const nothing = Object.fromEntries(
      Object.entries(replies).map(([path, { data }]) => [
        path,
        (query: URLSearchParams) => (Array.isArray(data(query)) ? [] : data(query)),
      ]),
    )
    const { page, troubles } = await openEstate(stage, '/estate', { answers: nothing, frame: emptyFrame() })
    await page.getByText('Unknown: no data').waitFor(inTime)
    await page.getByText('No sample has arrived yet.').waitFor(inTime)
    expect(await page.locator('#score .ring-number').textContent()).toBe('–')
    expect(await page.locator('.meter-value').allTextContents()).toEqual(['–', '–', '–'])
    await page.getByText('No server has reported in this time.').waitFor(inTime)
    for (const name of views.slice(1)) {
      await page.getByRole('link', { name, exact: true }).click()
      await expect.poll(() => shown(page).getByText('Being read…').count(), inTime).toBe(0)
      expect(await shown(page).textContent()).not.toMatch(/NaN|undefined|null|Infinity/)
    }
    expect(troubles).toEqual([])
  })
})
