import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { paceOf } from '../../src/web/presenter/pace.ts'
import { TOKEN } from '../support/world.ts'
import { describePages, sizes, type Visit } from './browser.ts'
import { asPresenter, deckOn, inTime, show } from './presenter-room.ts'

describe('the pace', () => {
  test.each([
    ['s0', 0, 'On time'],
    ['s0', 60, 'On time'],
    ['s0', 61, '0:01 behind'],
    ['s1', 59, '0:01 ahead'],
    ['s1', 60, 'On time'],
    ['s2', 260, '1:20 behind'],
    ['s3', 0, '3:00 ahead'],
    ['s3', 4000, '1:02:40 behind'],
  ])('on %s after %i seconds it is %j', (slide, seconds, words) => {
    expect(paceOf(show, slide, seconds)?.words).toBe(words)
  })

  test('a slide that is not in the plan has none', () => {
    expect(paceOf(show, 'another', 10)).toBeNull()
  })
})

describePages('the remote', stage => {
  const next = (page: Page) => page.getByRole('button', { name: 'Next', exact: true })
  const previous = (page: Page) => page.getByRole('button', { name: 'Previous', exact: true })
  const driver = (page: Page, words: string) => page.locator('#remote-driver', { hasText: words })
  const title = (page: Page, words: string) => page.locator('#remote-slide', { hasText: words })
  const sent = ({ requests }: Visit) => requests.filter(url => url.endsWith('/deck/commands')).length
  const deck = () => deckOn(stage.server)
  const onSlide = async (index: number, options = {}) => {
    await deck().at(index)
    const visit = await asPresenter(stage, options)
    await title(visit.page, show.slides[index]?.title ?? '').waitFor(inTime)
    return visit
  }
  const where = async () => (await stage.server.present('GET', '/deck')).position
  beforeEach(() => deck().fresh())

  test('without a deck it says how to open one, and sends nothing', async () => {
    const visit = await asPresenter(stage, {
      before: page =>
        page.route('**/stream?*', async route => {
          const { stage: frame } = await stage.server.present('GET', '/stream/snapshot?topics=stage')
          const none = { ...frame, deck: { ...frame.deck, position: null } }
          const body = `event: stage\ndata: ${JSON.stringify(none)}\n\n`
          await route.fulfill({ contentType: 'text/event-stream', body })
        }),
    })
    await visit.page.getByText('No deck is open on a screen.').waitFor(inTime)
    await expect.poll(() => next(visit.page).isDisabled(), inTime).toBe(true)
    expect(await previous(visit.page).isDisabled()).toBe(true)
  })

  test('shows the slide, the next one, its notes and steps, and says a change politely', async () => {
    const { page, troubles } = await onSlide(1)
    expect(await page.locator('#remote-after').textContent()).toBe('Two paths')
    expect(await page.locator('#remote-notes').textContent()).toContain('Say The challenge first.')
    await deck().at(2, 3)
    await title(page, 'Two paths').waitFor(inTime)
    await page.getByText('Slide 3 of 4, 3 steps left on it').waitFor(inTime)
    expect(await page.locator('#remote-said[role=status]').textContent()).toBe('Slide 3 of 4: Two paths')
    await deck().at(3)
    await expect.poll(() => page.locator('#remote-after').textContent(), inTime).toBe('the end')
    expect(troubles).toEqual([])
  })

  test('a press sends one command, meant for the slide that is shown; a double tap sends no second', async () => {
    const visit = await onSlide(1)
    const { revision } = (await stage.server.present('GET', '/deck')).position
    await next(visit.page).dblclick()
    await driver(visit.page, 'You have the remote').waitFor(inTime)
    expect(await deck().command()).toMatchObject({ action: 'next', meant_for: revision })
    expect(sent(visit)).toBe(1)
    await deck().at(2)
    await title(visit.page, 'Two paths').waitFor(inTime)
    await expect.poll(() => next(visit.page).getAttribute('aria-disabled'), inTime).toBeNull()
    await previous(visit.page).click()
    await expect.poll(async () => (await deck().command()).action, inTime).toBe('previous')
    expect(sent(visit)).toBe(2)
    expect(visit.troubles).toEqual([])
  })

  test('arrow keys and a clicker’s keys work where the remote has the focus, and nowhere else', async () => {
    const visit = await onSlide(1)
    await visit.page.locator('#release-title').focus()
    await visit.page.keyboard.press('ArrowRight')
    expect(sent(visit)).toBe(0)
    for (const [key, action, index] of [
      ['ArrowRight', 'next', 2],
      ['ArrowLeft', 'previous', 1],
      ['PageDown', 'next', 2],
      ['PageUp', 'previous', 1],
    ] as const) {
      await visit.page.locator('#remote').focus()
      await visit.page.keyboard.press(key)
      await expect.poll(async () => (await deck().command())?.action, inTime).toBe(action)
      await deck().at(index)
      await title(visit.page, show.slides[index]?.title ?? '').waitFor(inTime)
      await expect.poll(() => next(visit.page).getAttribute('aria-disabled'), inTime).toBeNull()
      // A bounce of the same key would be ignored.
      await visit.page.evaluate(() => new Promise(resolve => setTimeout(resolve, 400)))
    }
    expect(sent(visit)).toBe(4)
  })

  test('a command that comes too late is told calmly and not sent again', async () => {
    const visit = await onSlide(1, {
      before: (page: Page) =>
        page.route('**/deck/commands', async route => {
          await deck().at(2)
          await route.continue()
        }),
    })
    await next(visit.page).click()
    await visit.page.getByText('The deck had moved on').waitFor(inTime)
    await title(visit.page, 'Two paths').waitFor(inTime)
    expect(sent(visit)).toBe(1)
    expect((await deck().command())?.action).not.toBe('next')
  })

  test('one drives at a time; the other takes over by a press of its own, and is told when it loses it', async () => {
    const first = await onSlide(1)
    await driver(first.page, 'The remote is free').waitFor(inTime)
    await next(first.page).click()
    await driver(first.page, 'You have the remote').waitFor(inTime)
    const second = await asPresenter(stage)
    await driver(second.page, 'has the remote').waitFor(inTime)
    await expect.poll(() => next(second.page).isDisabled(), inTime).toBe(true)
    await second.page.getByRole('button', { name: 'Take over' }).click()
    await driver(second.page, 'You have the remote').waitFor(inTime)
    await first.page.getByRole('button', { name: 'Take over' }).waitFor(inTime)
    await expect.poll(() => next(first.page).isDisabled(), inTime).toBe(true)
    await second.page.getByRole('button', { name: 'Leave it' }).click()
    await driver(first.page, 'The remote is free').waitFor(inTime)
    expect([...first.troubles, ...second.troubles]).toEqual([])
  })

  test('a real deck on another screen follows, step by step, and shows where it went', async () => {
    const screen = await stage.open(`/presentation?token=${TOKEN}`)
    await screen.page.locator('#follow').click()
    await expect.poll(async () => (await where())?.slide, inTime).toBe('title')
    const { page } = await asPresenter(stage)
    await page.locator('#remote-place', { hasText: 'Slide 1 of' }).waitFor(inTime)
    await next(page).click()
    await expect.poll(async () => (await where())?.index, inTime).toBe(1)
    await page.locator('#remote-place', { hasText: 'Slide 2 of' }).waitFor(inTime)
    await expect.poll(() => previous(page).getAttribute('aria-disabled'), inTime).toBeNull()
    await previous(page).click()
    await page.locator('#remote-place', { hasText: 'Slide 1 of' }).waitFor(inTime)
  })

  test('the clock starts by a press; time and pace are told against the plan', async () => {
    const { page } = await onSlide(2)
    expect(await page.locator('#clock-talk').textContent()).toBe('not started')
    expect(await page.locator('#clock-slide').textContent()).toBe('–')
    expect(await page.locator('#clock-slide').getAttribute('data-over')).toBeNull()
    await page.getByRole('button', { name: 'Start the clock' }).click()
    await page.locator('#clock-pace', { hasText: 'ahead' }).waitFor(inTime)
    expect(await page.locator('#clock-talk').textContent()).toMatch(/^0:\d\d$/)
    expect(await page.locator('#clock-talk-of').textContent()).toBe('of 4:00')
    expect(await page.locator('#clock-slide-of').textContent()).toBe('of 1:00')
    await page.getByRole('button', { name: 'Restart clock' }).waitFor(inTime)
  })

  test('the screen goes black, and the run of show goes to a slide', async () => {
    const { page } = await onSlide(0)
    await page.getByRole('button', { name: 'Black screen' }).click()
    await expect.poll(async () => (await deck().command())?.action, inTime).toBe('pause')
    await expect.poll(() => next(page).getAttribute('aria-disabled'), inTime).toBeNull()
    await page.getByText('Run of show', { exact: true }).last().click()
    await page.getByRole('button', { name: 'Show slide 3: Two paths' }).click()
    await expect.poll(async () => (await deck().command())?.to, inTime).toBe('s2')
  })

  test('in the hand both keys are at least 96 px high, at the bottom of the screen, and all else 48 px', async () => {
    const { page } = await onSlide(1, { viewport: sizes.phone })
    await driver(page, 'The remote is free').waitFor(inTime)
    for (const key of [next(page), previous(page)]) {
      const box = await key.boundingBox()
      expect(box?.height).toBeGreaterThanOrEqual(96)
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeGreaterThan(sizes.phone.height - 60)
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(sizes.phone.height)
    }
    await page.getByText('Run of show', { exact: true }).last().click()
    const targets = page.locator(
      'main :is(button, input:not([type=checkbox], [type=radio]), summary, .box, .choice):visible',
    )
    for (const target of await targets.all()) {
      const box = await target.boundingBox()
      expect(Math.round(box?.height ?? 0), String(target)).toBeGreaterThanOrEqual(48)
    }
  })
})
