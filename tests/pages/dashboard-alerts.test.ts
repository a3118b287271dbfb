import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { type Announced, announcement } from '../delivery/announcements.ts'
import { WEBHOOK_TOKEN } from '../support/world.ts'
import { describePages, looksOf, noViolations, sizes, violationsInBoth } from './browser.ts'

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

const burn: Announced = {
  fingerprint: 'b1',
  startsAt: minutesAgo(4),
  labels: { time: 'demo' },
  annotations: { summary: 'Borrows burn 14 times their error budget' },
}
const poolFull: Announced = {
  name: 'PoolExhausted',
  severity: 'warning',
  fingerprint: 'b2',
  startsAt: minutesAgo(2),
  labels: { tool: 'cad_tool' },
}
const targetDown: Announced = {
  name: 'TargetDown',
  severity: 'ticket',
  fingerprint: 'b3',
  startsAt: minutesAgo(1),
}
const inTime = { timeout: 5000 }

describePages('alerts on the dashboard', stage => {
  const announce = async (...alerts: Announced[]) => {
    const response = await fetch(`${stage.url}/alerts/webhook`, {
      method: 'POST',
      headers: { authorization: `Bearer ${WEBHOOK_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(announcement(...alerts)),
    })
    expect(response.status).toBe(200)
  }
  const end = (...alerts: Announced[]) =>
    announce(...alerts.map(alert => ({ ...alert, endsAt: new Date().toISOString() })))
  const row = (page: Page, name: string) => page.locator('.alert', { hasText: name })
  const quiet = (page: Page) => page.locator('#alerts').getByText('No alert fires')
  const said = (page: Page) => page.locator('#alerts [role=status]').textContent()

  // Each test begins its own firings: one that has ended does not come back with the same beginning.
  let round = 0
  const fresh = (alert: Announced): Announced => ({ ...alert, fingerprint: `${alert.fingerprint}${round}` })
  beforeEach(async () => {
    round += 1
    await stage.server.present('DELETE', '/faults')
    const { alerts } = await stage.server.present('GET', '/alerts')
    for (const { fingerprint, starts_at, ends_at } of alerts)
      if (ends_at === null) await end({ fingerprint, startsAt: starts_at })
  })

  test('an alert shows within two seconds with its severity, words, age, link, and goes when it ends', async () => {
    const { page, troubles, requests } = await stage.open('/dashboard')
    await quiet(page).waitFor()
    await announce(fresh(burn))
    const alert = row(page, 'BorrowAvailabilityBurn')
    await alert.waitFor(inTime)
    expect(await quiet(page).count()).toBe(0)
    expect(await alert.locator('.severity').textContent()).toBe('Page')
    await alert.getByText('Borrows burn 14 times their error budget').waitFor()
    await alert.getByText('demo time').waitFor()
    await alert.getByText('borrow-availability').waitFor()
    const age = alert.locator('time')
    expect(await age.textContent()).toMatch(/^for 4 min \d\d s$/)
    const first = await age.textContent()
    await expect.poll(() => age.textContent(), { timeout: 3000 }).not.toBe(first)
    await end(fresh(burn))
    await quiet(page).waitFor(inTime)
    expect(await alert.count()).toBe(0)
    expect(requests.filter(url => url.includes('/stream')).length).toBe(1)
    expect(troubles).toEqual([])
  })

  test('the link of an alert leads to its section of the runbook on this server', async () => {
    await announce({
      ...fresh(burn),
      annotations: { runbook_url: 'http://elsewhere.example/runbook#BorrowAvailabilityBurn' },
    })
    const { page, troubles } = await stage.open('/dashboard')
    await page.getByRole('link', { name: 'Runbook: BorrowAvailabilityBurn' }).click()
    expect(page.url()).toBe(`${stage.url}/runbook#BorrowAvailabilityBurn`)
    await page.locator('h2:target', { hasText: 'BorrowAvailabilityBurn' }).waitFor()
    expect(troubles).toEqual([])
  })

  test('the most urgent alert stands first, and only those of demo time say so', async () => {
    await announce(fresh(poolFull), fresh(targetDown), fresh(burn))
    const { page } = await stage.open('/dashboard')
    await row(page, 'TargetDown').waitFor()
    expect(await page.locator('.alert .severity').allTextContents()).toEqual(['Page', 'Ticket', 'Warning'])
    expect(await page.getByText('demo time').filter({ visible: true }).count()).toBe(1)
    await page.getByText('3 alerts fire').waitFor()
  })

  test('a new alert is said once, politely; what fired before the page was opened is not news', async () => {
    await announce(fresh(poolFull))
    const { page } = await stage.open('/dashboard')
    await row(page, 'PoolExhausted').waitFor()
    expect(await said(page)).toBe('')
    await page.evaluate(`(() => {
      globalThis.heard = []
      const region = document.querySelector('#alerts [role=status]')
      new MutationObserver(() => heard.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true })
    })()`)
    await announce(fresh(burn))
    await row(page, 'BorrowAvailabilityBurn').waitFor(inTime)
    // The same again, and another frame after it.
    await announce(fresh(burn))
    await stage.server.present('PUT', '/faults', { errors: { share: 0.1 } })
    await page.locator('#faults').waitFor(inTime)
    await end(fresh(burn))
    await expect.poll(() => row(page, 'BorrowAvailabilityBurn').count(), inTime).toBe(0)
    expect(await page.evaluate('heard')).toEqual([
      'New alert, page: BorrowAvailabilityBurn. Borrows burn 14 times their error budget',
      'BorrowAvailabilityBurn has ended.',
    ])
  })

  test('HTML in what an alert says stays text', async () => {
    const script = '<script>document.title="taken"</script><img src=x onerror=document.title="taken">'
    await announce({
      ...fresh(burn),
      name: `"><b>${script}`.slice(0, 120),
      slo: script,
      annotations: { summary: script },
    })
    const { page, troubles } = await stage.open('/dashboard')
    await page.locator('.alert-summary').getByText(script).waitFor()
    expect(await page.locator('.alert :is(script, img, b)').count()).toBe(0)
    const link = page.locator('.alert a')
    expect(await link.getAttribute('href')).toMatch(/^\/runbook#%22%3E%3Cb%3E/)
    expect(await page.title()).not.toContain('taken')
    expect(troubles).toEqual([])
  })

  test('faults that are switched on are named and called simulated, until they are switched off', async () => {
    const { page } = await stage.open('/dashboard')
    await quiet(page).waitFor()
    const strip = page.locator('#faults')
    expect(await strip.isVisible()).toBe(false)
    await stage.server.present('PUT', '/faults', {
      latency: { share: 0.5, ms: 100 },
      errors: { share: 0.5 },
    })
    await strip.waitFor(inTime)
    expect(await strip.textContent()).toMatch(/^Faults switched on: latency, errors\. Simulated: /)
    await stage.server.present('DELETE', '/faults')
    await strip.waitFor({ state: 'hidden', ...inTime })
  })

  test('where no stream gets through, alerts are polled', async () => {
    await announce(fresh(burn))
    const { page } = await stage.open('/dashboard', {
      before: page => page.route('**/stream?*', route => route.abort()),
    })
    await row(page, 'BorrowAvailabilityBurn').waitFor({ timeout: 15_000 })
  })

  test('what the faults do is said, each in its words', async () => {
    await stage.server.present('PUT', '/faults', { seat_leak: { share: 0.5 } })
    const { page } = await stage.open('/dashboard')
    await page.locator('#faults').waitFor(inTime)
    expect(await page.locator('#faults').textContent()).toBe(
      'Faults switched on: seat_leak. Simulated: seats that came back are held by nobody.',
    )
  })

  test('an open incident and the budget that burns show without Alertmanager, and nothing is called quiet', async () => {
    await stage.server.present('PUT', '/faults', { errors: { share: 1 } })
    const { page, troubles } = await stage.open('/dashboard')
    await quiet(page).waitFor()
    const open = async () => {
      for (let borrow = 0; borrow < 20; borrow++)
        await stage.server
          .present('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'x' })
          .catch(() => {})
      return row(page, 'borrow-availability').count()
    }
    await expect.poll(open, { timeout: 15_000, interval: 500 }).toBe(1)
    const incident = row(page, 'borrow-availability')
    expect(await incident.locator('h3').textContent()).toMatch(/^Incident \d+: borrow-availability$/)
    await incident.getByText('seen by this server').waitFor()
    await incident.getByText(/the error budget burns 200\s× as fast as it may \(last 2 min\)/).waitFor(inTime)
    expect(await incident.locator('a').getAttribute('href')).toBe('/runbook#BorrowAvailabilityBurn')
    await page.locator('#alerts').getByText('1 incident is open').waitFor()
    expect(await quiet(page).count()).toBe(0)
    expect(await page.locator('#alerts').getAttribute('data-state')).toBe('firing')
    // The same as Alertmanager sees it: one row, not two.
    await announce(fresh(burn))
    await row(page, 'BorrowAvailabilityBurn').waitFor(inTime)
    await expect.poll(() => page.locator('#trouble-list > *').count(), inTime).toBe(0)
    expect(troubles).toEqual([])
  })

  for (const { size, ...look } of looksOf(sizes))
    test(`alerts and faults have no accessibility violation and fit, on a ${size}, light and dark`, async () => {
      const other = { ...targetDown, severity: 'odd', fingerprint: 'b4', name: 'W'.repeat(60) }
      await announce(fresh(burn), fresh(poolFull), fresh(targetDown), fresh(other))
      await stage.server.present('PUT', '/faults', { errors: { share: 0.1 } })
      const { page, troubles } = await stage.open('/dashboard', look)
      await page.locator('#faults').waitFor()
      await row(page, 'PoolExhausted').waitFor()
      expect(await violationsInBoth(page)).toEqual(noViolations)
      const [wide, shown] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, innerWidth]',
      )
      expect(wide).toBeLessThanOrEqual(shown)
      expect(troubles).toEqual([])
    })
})
