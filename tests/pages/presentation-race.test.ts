import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { RaceShape } from '../../src/race/api.ts'
import { describePages } from './browser.ts'
import { goTo, inTime, openDeck, ownStreams, say } from './deck-room.ts'
import { raceExample } from './race-example.ts'

const cancelled = raceExample(3000, { id: 'b1f4a0de-55c1-4b7e-8f0e-2f9f3f6a7c22', state: 'cancelled' })

/** The server keeps these races. */
async function keeps(page: Page, races: RaceShape[]) {
  await page.route(/\/races$/, route => route.fulfill({ json: { races } }))
  await page.route(/\/races\/[\da-f-]{36}$/, route =>
    route.fulfill({ json: races.find(({ id }) => route.request().url().endsWith(id)) }),
  )
}

describePages('the race on the deck', stage => {
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
          if (route.request().method() === 'GET') return route.fallback()
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

  test.each([
    ['the newest that came to its end is', [cancelled, raceExample()], 'Run here'],
    ['with none the recording is', [cancelled], 'The recording'],
  ])('a race that was cancelled is not played back: %s', async (_case, races, words) => {
    const { page } = await openDeck(stage, {
      slide: 'race',
      reducedMotion: 'reduce',
      before: async page => {
        await ownStreams(page)
        await keeps(page, races)
      },
    })
    const race = page.locator('#race')
    await say(page, 'race', { race: cancelled })
    await race.getByText(words).waitFor(inTime)
    await race.getByRole('row', { name: 'Until it works again 16 s 20 d' }).waitFor(inTime)
    expect(await race.getByRole('table').textContent()).not.toContain('–')
  })

  test('a race that is cancelled while it is shown gives way to one that came to its end', async () => {
    const { page } = await openDeck(stage, {
      slide: 'race',
      reducedMotion: 'reduce',
      before: async page => {
        await ownStreams(page)
        await keeps(page, [cancelled, raceExample()])
      },
    })
    const race = page.locator('#race')
    await say(page, 'race', { race: { ...cancelled, state: 'running' } })
    await race.locator('.race-cloud .race-clock', { hasText: /^3 s$/ }).waitFor(inTime)
    await say(page, 'race', { race: cancelled })
    await race.getByRole('row', { name: 'Until it works again 16 s 20 d' }).waitFor(inTime)
  })

  test('without any race that came to its end the slide says so', async () => {
    const { page } = await openDeck(stage, {
      slide: 'race',
      before: async page => {
        await ownStreams(page)
        await keeps(page, [cancelled])
        await page.route('**/races/recorded', route =>
          route.fulfill({ status: 404, json: { status: 404, reason: 'unknown_race', detail: 'None.' } }),
        )
      },
    })
    await say(page, 'race', { race: { ...cancelled, state: 'running' } })
    await page.locator('.race-cloud .race-clock', { hasText: /^3 s$/ }).waitFor(inTime)
    await say(page, 'race', { race: cancelled })
    await page.getByText('No race was run here yet').waitFor(inTime)
    expect(await page.locator('#race .race-lanes').isVisible()).toBe(false)
  })
})
