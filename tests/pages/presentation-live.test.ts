import { expect, test } from 'vitest'
import { describePages } from './browser.ts'
import { goTo, inTime, openDeck, ownStreams, say } from './deck-room.ts'
import { burnExample, deliveryExample } from './delivery-example.ts'
import { freshPools } from './pools.ts'

describePages('the live parts of the deck', stage => {
  const topics = (url: string) => new URL(url).searchParams.get('topics')
  const streamsOf = (requests: string[]) =>
    requests.filter(url => new URL(url).pathname === '/stream').map(topics)
  const open = async () =>
    /^live_streams_open (\d+)$/m.exec(await (await fetch(`${stage.url}/metrics`)).text())?.[1]

  test('the first slide has the code, the address and how many phones are here', async () => {
    const { page } = await openDeck(stage)
    await page.locator('#address', { hasText: new URL(stage.url).host }).waitFor(inTime)
    await expect
      .poll(() => page.evaluate('document.querySelector("#join-code img")?.naturalWidth ?? 0'), inTime)
      .toBeGreaterThan(0)
    await page.locator('#joined', { hasText: /^\d+$/ }).waitFor(inTime)
  })

  test('a slide listens to its topics from when it is shown until it is left, on one stream', async () => {
    await freshPools(stage.server)
    const { page, requests } = await openDeck(stage)
    await expect.poll(() => streamsOf(requests), inTime).toEqual(['stage'])
    await goTo(page, 'ownership')
    await expect.poll(open, inTime).toBe('0')
    await goTo(page, 'license-server')
    await page.getByText('Nobody holds a seat.').waitFor(inTime)
    await fetch(`${stage.url}/licenses/borrow`, {
      method: 'POST',
      body: JSON.stringify({ tool: 'cad_tool', user: 'front row' }),
    })
    await page.getByText('1 seat held').waitFor(inTime)
    expect(await open()).toBe('1')
    expect(streamsOf(requests)).toEqual(['stage', 'pools,activity'])
    await goTo(page, 'takeaways')
    await expect.poll(open, inTime).toBe('0')
  })

  test('with nothing to show each live slide says so in words', async () => {
    const { page, troubles } = await openDeck(stage)
    const said: Record<string, string | RegExp> = {
      signals: 'No vehicle has reported to this server yet',
      stack: 'of 8 answer',
      speed: 'These numbers are of the recorded race.',
      clarity: 'No vehicle has reported to this server yet',
      learning: /nothing burns|within its budget/,
    }
    for (const [slide, words] of Object.entries(said)) {
      await goTo(page, slide)
      await page.locator(`#${slide}`).getByText(words).first().waitFor(inTime)
    }
    await goTo(page, 'speed')
    expect(await page.locator('#speed .chip').textContent()).toBe('Replay')
    expect(troubles).toEqual([])
  })

  test('when the server is gone a live slide keeps what it last saw, and says when', async () => {
    await freshPools(stage.server)
    const { page } = await openDeck(stage, { slide: 'license-server' })
    await page.locator('#license-server .chip', { hasText: 'Live' }).waitFor(inTime)
    await stage.server.down()
    await page.locator('#license-server .chip', { hasText: /Seen \d/ }).waitFor(inTime)
    expect(await page.locator('#live-pools li').count()).toBe(3)
    await stage.server.up()
    await page.locator('#license-server .chip', { hasText: 'Live' }).waitFor({ timeout: 60_000 })
  })

  test('the newest incident is told with its version and commit', async () => {
    const { page } = await openDeck(stage, { before: ownStreams, slide: 'speed' })
    await say(page, 'delivery', deliveryExample([burnExample()]))
    const numbers = page.locator('#speed-numbers')
    await numbers.getByText('9 s', { exact: true }).waitFor(inTime)
    expect(await numbers.textContent()).toMatch(/9 s.*until the alert is over46 s.*1\.4\.39f3c2ab41d7e/)
    await page.getByText('is over: no burn above 6 × over 30 s. Way back taken after 20 s.').waitFor(inTime)
    expect(await page.locator('#speed-kpis').textContent()).toMatch(/no data.*50.%.*46 s/)
  })

  test('an incident and the race name what they wait for: the end of the alert, and five seconds without a failure', async () => {
    const { page } = await openDeck(stage, { slide: 'speed' })
    await page.locator('#speed-numbers').getByText('until it works again').waitFor(inTime)
    expect(await page.locator('#speed .source').textContent()).toContain('five seconds without a failure')
    expect(await page.locator('#race-source').textContent()).toContain('five seconds without a failure')
  })

  test('an overspent budget says how many times it was spent, on a full bar, and when it last burned', async () => {
    const { page } = await openDeck(stage, { before: ownStreams, slide: 'learning' })
    const budget = page.locator('#budgets li')
    const bar = () =>
      budget.evaluate(one => {
        const [whole, full] = ['.budget-bar', '.budget-fill'].map(
          name => one.querySelector(name)?.clientWidth,
        )
        return (full ?? 0) / (whole || 1)
      })
    await say(page, 'delivery', deliveryExample([burnExample({ budget_left: 0.5 })]))
    await budget.getByText('50\u00a0% left').waitFor(inTime)
    await expect.poll(bar, inTime).toBeCloseTo(0.5, 1)
    await say(page, 'delivery', deliveryExample([burnExample({ budget_left: -10.3 })]))
    await budget.getByText('11 × spent').waitFor(inTime)
    await budget.getByText(/^Last burn at .*, for 46 s$/).waitFor(inTime)
    await expect.poll(bar, inTime).toBe(1)
    expect(await budget.getAttribute('data-overspent')).toBe('')
  })

  test('in a small room borrows are counted by the minute, alike on both slides', async () => {
    const { page } = await openDeck(stage, { before: ownStreams, slide: 'license-server' })
    const activity = {
      window_seconds: 60,
      borrows_per_second: 4 / 60,
      latency_ms: { p50: 4, p95: 10, p99: 12 },
      series: [{ borrows: 0.8 }],
    }
    await say(page, 'activity', activity)
    await page.getByText('4borrows in the last minute').waitFor(inTime)
    expect(await page.locator('#license-plot .plot-word').first().textContent()).toBe('1 a second')
    await goTo(page, 'signals')
    await say(page, 'activity', activity)
    await page
      .locator('#borrow-words', { hasText: '4 in the last minute, 95\u00a0% within 10 ms.' })
      .waitFor(inTime)
  })

  test('versions of the fleet that have no row are counted as not shown', async () => {
    const { page } = await openDeck(stage, { before: ownStreams, slide: 'clarity' })
    const firmware = ['1.5.0', '1.4.0', '1.3.1', '1.3.0', '1.2.1', '1.2.0']
    await say(page, 'fleet', {
      total: 60,
      offline: 7,
      firmware: firmware.map(version => ({ version, vehicles: 10 })),
    })
    await page.getByText('60 vehicles, 6 versions (2 not shown), 7 offline now.').waitFor(inTime)
    expect(await page.locator('#clarity-mix li').count()).toBe(4)
  })
})
