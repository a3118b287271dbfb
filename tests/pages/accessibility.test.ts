import { expect, test } from 'vitest'
import { pageAddresses } from '../support/page-addresses.ts'
import { describePages, looksOf, noViolations, sizes, violationsInBoth } from './browser.ts'
import { cardOf, freshPools, mine, take } from './pools.ts'

/** The API page has thousands of elements, looked through twice. */
const LONG_MS = 120_000
/** The runbook has no script, and tests of its own. */
const pages = pageAddresses.filter(address => address !== '/runbook')

describePages('every page', ({ open }) => {
  for (const path of pages)
    for (const { size, ...look } of looksOf(sizes))
      test(
        `${path} has no accessibility violation, on a ${size}, light and dark`,
        async () => {
          const { page, troubles } = await open(path, look)
          await page.waitForSelector('html[data-ready]')
          expect(await violationsInBoth(page)).toEqual(noViolations)
          // The pre-flight page returns a license that does not exist, to see that a refusal arrives.
          const known = path === '/preflight' ? /status of (401|404)/ : /^$/
          expect(troubles.filter(text => !known.test(text))).toEqual([])
        },
        LONG_MS,
      )
})

describePages('the borrow page for everybody', stage => {
  test('it has no violation with borrows, overage, charges and a denial, light and dark', async () => {
    await freshPools(stage.server)
    await take(stage.server, 'simulation', 3)
    const { page } = await stage.open('/', { colorScheme: 'light' })
    const { borrow } = cardOf(page, 'cad_tool')
    await borrow.click()
    await mine(page).waitFor()
    await cardOf(page, 'simulation').borrow.click()
    await page.getByText('Every seat of simulation is taken.').waitFor()
    await page.getByText('Overage charges, one by one').click()
    await page.locator('#charge-rows tr').first().waitFor()
    expect(await violationsInBoth(page)).toEqual(noViolations)
  })

  test('the keyboard alone borrows and returns, and one always sees where one is', async () => {
    await freshPools(stage.server)
    const { page } = await stage.open('/')
    const { borrow, giveBack, said } = cardOf(page, 'analysis')
    await borrow.waitFor()
    const focus = () =>
      page.evaluate<{ text: string; outline: number }>(`(() => {
        const { ariaLabel, textContent } = document.activeElement
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
        return { text: ariaLabel ?? textContent, outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth) }
      })()`)
    const tabTo = async (fits: (text: string) => boolean) => {
      for (let presses = 0; presses < 20; presses++) {
        await page.keyboard.press('Tab')
        const { text, outline } = await focus()
        expect(outline, `the outline of ${text}`).toBeGreaterThanOrEqual(2)
        if (fits(text)) return
      }
      throw new Error('the Tab key does not get there')
    }
    await page.keyboard.press('Tab')
    expect((await focus()).text).toBe('Skip to the content')
    await tabTo(text => text.startsWith('Borrow') && text !== 'Borrow')
    await page.keyboard.press('Enter')
    await said.getByText('Borrowed.').waitFor()
    expect((await focus()).text).toMatch(/^Borrow/)
    await tabTo(text => text === 'Return analysis')
    await page.keyboard.press('Space')
    await said.getByText('Returned.').waitFor()
    expect(await giveBack.isVisible()).toBe(false)
    expect((await focus()).text).toMatch(/^Borrow/)
  })

  test('Enter held down borrows one seat', async () => {
    await freshPools(stage.server)
    const { page } = await stage.open('/')
    const { borrow, said, ring } = cardOf(page, 'cad_tool')
    await borrow.focus()
    await page.keyboard.down('Enter')
    await said.getByText('Borrowed.').waitFor()
    for (let repeats = 0; repeats < 5; repeats++) await page.keyboard.down('Enter')
    await page.keyboard.up('Enter')
    await expect.poll(() => ring.textContent()).toContain('1 of 4 prepaid')
  })

  const narrow = { width: 320, height: 700 }
  test.each([
    ['at 320 px', narrow, 16],
    ['at 320 px with text of 200 %', narrow, 32],
    ['on a laptop with text of 200 %', sizes.laptop, 32],
  ])('nothing scrolls sideways %s', async (_title, viewport, fontSize) => {
    await freshPools(stage.server)
    await take(stage.server, 'simulation', 3, 'W'.repeat(80))
    const { page } = await stage.open('/', { viewport })
    await page.evaluate(`document.documentElement.style.fontSize = '${fontSize}px'`)
    await page.getByLabel('You borrow as').fill('W'.repeat(80))
    await cardOf(page, 'cad_tool').borrow.click()
    await mine(page).waitFor()
    const [wide, shown] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, innerWidth]',
    )
    expect(wide).toBeLessThanOrEqual(shown)
    for (const button of await page.getByRole('button').all()) {
      const box = await button.boundingBox()
      if (box) expect(box.x + box.width).toBeLessThanOrEqual(shown)
    }
  })

  test('nothing moves for those who asked for less motion', async () => {
    const moving = `[...document.querySelectorAll('*')].flatMap(element => {
      const { transitionDuration, animationDuration, animationName } = getComputedStyle(element)
      const moves = parseFloat(transitionDuration) > 0.01 || (animationName !== 'none' && parseFloat(animationDuration) > 0.01)
      return moves ? [element.outerHTML.slice(0, 80)] : []
    })`
    const { page: usual } = await stage.open('/')
    await cardOf(usual, 'cad_tool').borrow.waitFor()
    expect(await usual.evaluate(moving)).not.toEqual([])
    const { page } = await stage.open('/', { reducedMotion: 'reduce' })
    await cardOf(page, 'cad_tool').borrow.waitFor()
    expect(await page.evaluate(moving)).toEqual([])
  })

  test('every target on a phone is at least 48 px', async () => {
    const { page } = await stage.open('/', { viewport: sizes.phone })
    await cardOf(page, 'cad_tool').borrow.click()
    await mine(page).waitFor()
    for (const target of await page.locator('main :is(button, input, summary):visible').all()) {
      const box = await target.boundingBox()
      expect(Math.round(box?.height ?? 0), String(target)).toBeGreaterThanOrEqual(48)
    }
  })
})

describePages('the API page for everybody', ({ open }) => {
  // Parameters, a body, an example with a lock, and an answer that came.
  const calls = ['licenses-postLicensesBorrow', 'licenses-getBorrows', 'settings-putConfigBudget']
  test(
    'it has no violation with calls open, light and dark',
    async () => {
      const { page, troubles } = await open('/docs', { colorScheme: 'light' })
      await page.locator('.opblock').first().waitFor()
      for (const call of calls) await page.locator(`#operations-${call} .opblock-summary-control`).click()
      const status = page.locator('#operations-licenses-getLicensesStatus')
      await status.locator('.opblock-summary-control').click()
      await status.getByRole('button', { name: 'Execute' }).click()
      await status.locator('.live-responses-table').waitFor()
      expect(await violationsInBoth(page)).toEqual(noViolations)
      expect(troubles).toEqual([])
    },
    LONG_MS,
  )
})
