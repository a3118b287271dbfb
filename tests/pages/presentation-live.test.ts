import { expect, test } from 'vitest'
import { describePages } from './browser.ts'
import { goTo, inTime, openDeck, ownStreams, say } from './deck-room.ts'
import { freshPools } from './pools.ts'
import { raceExample } from './race-example.ts'

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
    const at = (second: number) => new Date(second * 1000).toISOString()
    await say(page, 'delivery', {
      at: at(100),
      running: { version: '1.4.2', commit: '1234567' },
      deployments: [{ id: 3, version: '1.4.3', commit: '9f3c2ab41d7e' }],
      incidents: [
        {
          id: 7,
          subject: 'borrows',
          deployment: 3,
          started_at: at(10),
          detected_at: at(19),
          mitigated_at: at(30),
          resolved_at: at(56),
        },
      ],
      burn: [],
      kpis: {
        deployments_per_day: 0.5,
        lead_time_seconds: null,
        change_failure_rate: 0.5,
        failed_deployment_recovery_seconds: 46,
        rework_rate: 0,
      },
    })
    const numbers = page.locator('#speed-numbers')
    await numbers.getByText('9 s', { exact: true }).waitFor(inTime)
    expect(await numbers.textContent()).toMatch(/9 s.*46 s.*1\.4\.39f3c2ab41d7e/)
    expect(await page.locator('#speed-kpis').textContent()).toMatch(/no data.*50.%.*46 s/)
  })

  test('with no race the recording is played, marked as such; without motion its end is shown', async () => {
    const { page } = await openDeck(stage, { slide: 'race' })
    const race = page.locator('#race')
    await race.getByText('Replay', { exact: true }).first().waitFor(inTime)
    expect(await race.getByText('Simulated', { exact: true }).count()).toBe(1)
    await race.getByText('Trouble code pending', { exact: true }).waitFor(inTime)
    const calm = await openDeck(stage, { slide: 'race', reducedMotion: 'reduce' })
    const table = calm.page.locator('#race').getByRole('table')
    await table.getByRole('row', { name: 'Until it works again 16 s 20 d' }).waitFor(inTime)
  })

  test('a race that runs is drawn live: clocks, factor, steps, and the table at its end', async () => {
    const { page } = await openDeck(stage, { before: ownStreams, slide: 'race' })
    const race = page.locator('#race')
    await say(page, 'race', { race: raceExample(7000) })
    await race.locator('.race-cloud .race-clock', { hasText: /^7 s$/ }).waitFor(inTime)
    expect(await race.locator('.race-vehicle .race-time').textContent()).toBe('7 d 00 h simulated, 1 s = 1 d')
    expect(await race.locator('.race-cloud').first().getByText('Live', { exact: true }).isVisible()).toBe(
      true,
    )
    expect(await race.getByText('Assumed', { exact: true }).filter({ visible: true }).count()).toBe(1)
    expect(await race.locator('.race-cloud .race-stations [data-reached]').count()).toBe(2)
    expect(await race.getByRole('table').isVisible()).toBe(false)
    await say(page, 'race', { race: raceExample() })
    await race.getByRole('row', { name: 'Users or vehicles hit 4 users 60 vehicles' }).waitFor(inTime)
    expect(await race.getByRole('button', { name: 'Start the race' }).isVisible()).toBe(false)
  })

  test('the presenter starts the race and rolls back from the slide', async () => {
    const posts: string[] = []
    const { page } = await openDeck(stage, {
      presenter: true,
      before: async page => {
        await ownStreams(page)
        await page.route(/\/races(\/[\w-]+\/rollback)?$/, async route => {
          posts.push(new URL(route.request().url()).pathname)
          await route.fulfill({ status: 201, json: raceExample(posts.length === 1 ? 5000 : 11_000) })
        })
      },
    })
    await goTo(page, 'race')
    await page.getByRole('button', { name: 'Start the race' }).click()
    await page.getByRole('button', { name: 'Roll back now' }).click()
    await expect.poll(() => posts, inTime).toEqual(['/races', `/races/${raceExample().id}/rollback`])
    await expect
      .poll(() => page.getByRole('button', { name: 'Roll back now' }).isVisible(), inTime)
      .toBe(false)
  })
})
