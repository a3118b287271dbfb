import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { describePages } from './browser.ts'
import { goTo, inTime, openDeck, ownStreams, say } from './deck-room.ts'

describePages('the deck and its remote', stage => {
  const shown = (page: Page) => page.evaluate<string>(`document.querySelector('.slides > .present').id`)
  const deck = () => stage.server.present('GET', '/deck')
  const standsAt = (slide: string) =>
    expect.poll(async () => (await deck()).position?.slide, inTime).toBe(slide)
  async function command(action: string, to?: string) {
    const { position } = await deck()
    return stage.server.present('POST', '/deck/commands', { action, to, meant_for: position.revision })
  }
  /** The window of an earlier test may still count as open: it is taken over from. */
  async function follows(page: Page) {
    const button = page.locator('#follow')
    await button.waitFor(inTime)
    if ((await button.textContent()) === 'Follow the remote') await button.click()
    await page.getByRole('button', { name: 'Remote on' }).waitFor(inTime)
  }
  beforeEach(() => stage.server.present('POST', '/stage/reset'))

  test('the presenter’s deck says where it stands, and turns as the remote says', async () => {
    const { page } = await openDeck(stage, { presenter: true })
    await follows(page)
    await standsAt('title')
    expect((await deck()).position).toMatchObject({ index: 0, slides: 15, fragments_left: 0 })
    await command('next')
    await standsAt('challenge')
    expect((await deck()).position).toMatchObject({ index: 1, fragments_left: 5 })
    await command('next')
    await expect.poll(async () => (await deck()).position.fragments_left, inTime).toBe(4)
    await command('go', 'stack')
    await standsAt('stack')
    await command('previous')
    await standsAt('bridge')
    await command('pause')
    await page.locator('.reveal.paused').waitFor(inTime)
  })

  test('a reset brings it back to the first slide', async () => {
    const { page } = await openDeck(stage, { presenter: true })
    await follows(page)
    await standsAt('title')
    await goTo(page, 'thanks')
    await standsAt('thanks')
    await stage.server.present('POST', '/stage/reset')
    await standsAt('title')
  })

  test('a second window follows only when it is asked to', async () => {
    const first = await openDeck(stage, { presenter: true })
    await follows(first.page)
    await standsAt('title')
    const second = await openDeck(stage, { presenter: true, slide: 'clarity' })
    const follow = second.page.getByRole('button', { name: 'Follow the remote' })
    await follow.waitFor(inTime)
    await standsAt('title')
    await follow.click()
    await standsAt('clarity')
    await first.page.getByRole('button', { name: 'Follow the remote' }).waitFor(inTime)
    await command('next')
    await standsAt('clarity')
    expect(await shown(first.page)).toBe('title')
  })

  /** Closes a window as a person does, so that it hears of it. */
  async function close(page: Page) {
    await page.close({ runBeforeUnload: true })
    if (!page.isClosed()) await page.waitForEvent('close', inTime)
  }
  const reopened = async (page: Page, hash = '') => {
    const context = page.context()
    await close(page)
    const next = await context.newPage()
    await next.goto(`${stage.url}/presentation${hash}`)
    await next.waitForSelector('html[data-ready]')
    return next
  }

  test('closed and opened again in the same browser it goes on where it stood, with the remote', async () => {
    const { page } = await openDeck(stage, { presenter: true })
    await follows(page)
    await standsAt('title')
    await command('go', 'cloud-path')
    await standsAt('cloud-path')
    await command('next')
    await expect.poll(async () => (await deck()).position.fragments_left, inTime).toBe(3)
    const { deck: first } = (await deck()).position
    const next = await reopened(page)
    await next.getByRole('button', { name: 'Remote on' }).waitFor(inTime)
    expect(await shown(next)).toBe('cloud-path')
    expect((await deck()).position).toMatchObject({ slide: 'cloud-path', fragments_left: 3 })
    expect((await deck()).position.deck).not.toBe(first)
    await command('next')
    await expect.poll(async () => (await deck()).position.fragments_left, inTime).toBe(2)
  })

  test('opened again at an address that names a slide it shows that one, with the remote', async () => {
    const { page } = await openDeck(stage, { presenter: true })
    await follows(page)
    await goTo(page, 'clarity')
    await standsAt('clarity')
    const next = await reopened(page, '#/stack')
    await next.getByRole('button', { name: 'Remote on' }).waitFor(inTime)
    expect(await shown(next)).toBe('stack')
    await standsAt('stack')
  })

  test('it follows by itself once no other window shows the deck', async () => {
    const position = {
      slide: 'title',
      index: 0,
      slides: 15,
      fragments_left: 0,
      at: new Date(0).toISOString(),
    }
    let told = 0
    const { page } = await openDeck(stage, {
      presenter: true,
      before: async page => {
        await ownStreams(page)
        await page.route('**/deck/position', route => {
          const { deck } = route.request().postDataJSON()
          const reply = { position: { ...position, deck, revision: 5 }, command: null, driver: null }
          return told++ === 0
            ? route.fulfill({
                status: 409,
                json: { status: 409, reason: 'deck_elsewhere', detail: 'Elsewhere.' },
              })
            : route.fulfill({ json: { ...reply, started_at: null, me: null, driving: false } })
        })
      },
    })
    await page.getByRole('button', { name: 'Follow the remote' }).waitFor(inTime)
    const nobody = { position: null, command: null, driver: null, started_at: null }
    await say(page, 'stage', { joined: 0, streams: 0, deck: nobody, stack: [] })
    await page.getByRole('button', { name: 'Remote on' }).waitFor(inTime)
    expect(told).toBe(2)
  })

  test('a deck in the audience neither tells nor follows', async () => {
    const { page, requests } = await openDeck(stage)
    await goTo(page, 'challenge')
    expect(await page.locator('#follow').isVisible()).toBe(false)
    expect(requests.filter(url => url.includes('/deck'))).toEqual([])
  })
})
