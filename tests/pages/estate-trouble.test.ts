import { expect, test } from 'vitest'
import { describePages, violations } from './browser.ts'
import { inTime } from './deck-room.ts'
import { anomaly, emptyFrame, frameExample, stopped } from './estate-example.ts'
import { allServers } from './estate-machines.ts'
import { replies } from './estate-replies.ts'
import { openEstate, shown, tell } from './estate-room.ts'

const hostile = '<img src=x onerror="document.title=1">'

describePages('the estate in trouble', stage => {
  test('a part that cannot be read says so in its place, and the rest goes on', async () => {
    const { page } = await openEstate(stage, '/estate?view=servers&range=24h', {
      answers: { '/api/servers/by-region': null },
    })
    await page.locator('#servers-regions').getByText('Not up to date: Not now.').waitFor(inTime)
    await page.locator('#servers-top').getByText('critical').first().waitFor(inTime)
    expect(await page.locator('.panel-error:not(:empty)').count()).toBe(1)
    expect(await violations(page)).toEqual([])
  })

  test('a part that was read keeps what it shows when it fails, and recovers', async () => {
    let isDown = false
    const { page } = await openEstate(stage, '/estate?view=servers&range=24h', {
      before: page =>
        page.route('**/api/servers/top-cpu*', route => (isDown ? route.abort() : route.fallback())),
    })
    const card = page.locator('#servers-top')
    await card.locator('.bars li').first().waitFor(inTime)
    isDown = true
    await page.getByRole('link', { name: 'last hour' }).click()
    await card.getByText('Not up to date: The server cannot be reached.').waitFor(inTime)
    expect(await card.locator('.bars li').count()).toBe(8)
    isDown = false
    await page.getByRole('link', { name: 'last 6 hours' }).click()
    await expect.poll(() => card.locator('.panel-error').textContent(), inTime).toBe('')
  })

  test('an answer that a newer question overtook is dropped', async () => {
    const waiting: (() => void)[] = []
    const { page } = await openEstate(stage, '/estate?view=containers&range=7d', {
      answers: {
        '/api/containers/restarts': async query => {
          const isSlow = query.get('hours') === '168'
          if (isSlow) await new Promise<void>(resolve => waiting.push(resolve))
          const list = replies['/api/containers/restarts']?.data(query) as Record<string, unknown>[]
          return list.slice(0, 1).map(one => ({ ...one, container_id: isSlow ? 'old-one' : 'new-one' }))
        },
      },
    })
    await expect.poll(() => waiting.length, inTime).toBe(1)
    await page.getByRole('link', { name: 'last hour' }).click()
    await page.locator('#containers-restarts').getByText('new-one').waitFor(inTime)
    const answered = page.waitForResponse(/restarts\?hours=168/)
    waiting[0]?.()
    await answered
    await page.evaluate('new Promise(resolve => setTimeout(resolve))')
    expect(await page.locator('#containers-restarts .bar-name').allTextContents()).toEqual([
      expect.stringContaining('new-one'),
    ])
  })

  test('names are text, whatever is in them', async () => {
    const { page, troubles } = await openEstate(stage, '/estate?view=analytics&range=24h', {
      answers: {
        '/api/analytics/regional-summary': () => [
          { region: hostile, server_count: 1, avg_cpu: 1, avg_memory: 1, avg_disk: 1, critical_count: 0 },
        ],
        '/api/servers/current': () => [{ ...allServers[0], server_id: hostile, region: hostile }],
        '/api/services/instances': () => [
          {
            service_name: hostile,
            instances_running: 2,
            cpu_avg_percent: 1,
            memory_avg_percent: 1,
            timestamp: new Date().toISOString(),
            versions: [
              { version: hostile, instances: 1 },
              { version: 'v1', instances: 1 },
            ],
          },
        ],
      },
      frame: frameExample({
        anomalies: [
          anomaly(1, { resource_name: hostile, description: hostile, anomaly_type: hostile, version: null }),
        ],
        anomalies_open: 1,
      }),
    })
    await page.locator('#anomalies').getByText(hostile).first().waitFor(inTime)
    await page.locator('#regions').getByText(hostile).waitFor(inTime)
    await page.getByRole('link', { name: 'Servers', exact: true }).click()
    await page.locator('#servers-table').getByText(hostile).first().waitFor(inTime)
    await page.getByRole('link', { name: 'Services', exact: true }).click()
    await page.locator('#services-versions').getByText(hostile).first().waitFor(inTime)
    expect(await page.locator('main img').count()).toBe(0)
    expect(troubles).toEqual([])
  })

  test('anomalies come and go live, and none is a calm state', async () => {
    const { page } = await openEstate(stage, '/estate?view=analytics&range=24h')
    const list = page.locator('#anomalies')
    expect(await list.locator('.anomaly').count()).toBe(3)
    await list.getByText('Error rate 14.2 %, expected 0.8 %').waitFor(inTime)
    await page.getByText('3 open, live').waitFor(inTime)
    await tell(page, frameExample({ anomalies: [], anomalies_open: 0 }))
    await list.getByText('Nothing is out of order.').waitFor(inTime)
    expect(await list.locator('.anomaly').count()).toBe(0)
    expect(await shown(page).locator('#anomalies-said').textContent()).toBe('No anomaly is open')
    await tell(page, frameExample({ ...stopped(), anomalies: [], anomalies_open: 0 }))
    await list.getByText('None is open, but nobody looks').waitFor(inTime)
    await tell(page, emptyFrame())
    await list.getByText('No sample has arrived yet, so nothing can be said.').waitFor(inTime)
  })
})
