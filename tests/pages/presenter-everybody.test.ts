import { afterEach, expect, test } from 'vitest'
import { describePages, looksOf, noViolations, sizes, violationsInBoth } from './browser.ts'
import { asPresenter, deckOn, hold, inTime, show } from './presenter-room.ts'

describePages('the presenter’s page for everybody', stage => {
  afterEach(() => stage.server.present('POST', '/stage/reset'))

  const busy = async (options: object) => {
    await deckOn(stage.server).at(1)
    await stage.server.present('POST', '/deployments', { faults: { seat_leak: { share: 0.5 } } })
    const visit = await asPresenter(stage, options)
    const { page } = visit
    await page.locator('#roll-bar').waitFor(inTime)
    await page
      .getByText(show.slides[1]?.title ?? '')
      .first()
      .waitFor(inTime)
    await page.getByLabel(/^Latency/).check()
    for (const summary of await page.locator('summary').all()) await summary.click()
    return visit
  }
  const screens = { ...sizes, desk: { width: 1920, height: 1080 } }
  for (const { size, ...look } of looksOf(screens))
    test(`no accessibility violation with all of it open, on a ${size}, light and dark`, async () => {
      const { page, troubles } = await busy(look)
      expect(await violationsInBoth(page)).toEqual(noViolations)
      await page.locator('#reset').click()
      expect(await violationsInBoth(page)).toEqual(noViolations)
      expect(troubles).toEqual([])
    })

  test.each([
    ['at 320 px', { width: 320, height: 640 }, 16],
    ['at 320 px with text of 200 %', { width: 320, height: 640 }, 32],
    ['on a laptop with text of 200 %', sizes.laptop, 32],
    ['at 1000 px', { width: 1000, height: 700 }, 16],
  ])('nothing scrolls sideways %s', async (_title, viewport, fontSize) => {
    const { page } = await busy({ viewport })
    await page.evaluate(`document.documentElement.style.fontSize = '${fontSize}px'`)
    const sticksOut = `[...document.querySelectorAll('body *')]
      .filter(element => !element.closest('.scroll, .jump, nav, .visually-hidden'))
      .filter(element => element.getBoundingClientRect().right > innerWidth + 1 || element.scrollWidth > innerWidth)
      .map(element => element.outerHTML.slice(0, 80))`
    expect(await page.evaluate(sticksOut)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
  })

  test('nothing moves for those who asked for less motion, also while a button is held', async () => {
    const { page } = await busy({ reducedMotion: 'reduce' })
    await hold(page, /^Hold: Ship/)
    const moving = `[...document.querySelectorAll('*')].flatMap(element => {
      const { transitionDuration, animationDuration, animationName } = getComputedStyle(element)
      const moves = parseFloat(transitionDuration) > 0.01 || (animationName !== 'none' && parseFloat(animationDuration) > 0.01)
      return moves ? [element.outerHTML.slice(0, 80)] : []
    })`
    expect(await page.evaluate(moving)).toEqual([])
    await page.mouse.up()
  })

  test('on paper there is the run of show, and nothing else', async () => {
    const { page } = await asPresenter(stage)
    await page.getByText('Run of show', { exact: true }).last().click()
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('#show-list').isVisible()).toBe(true)
    for (const id of ['#remote', '#release', '#scenarios-card', '.site-head'])
      expect(await page.locator(id).isVisible(), id).toBe(false)
  })
})
