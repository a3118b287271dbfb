import { expect, test } from 'vitest'
import { TOKEN } from '../support/world.ts'
import { describePages, looksOf, noViolations, sizes, violations, violationsInBoth } from './browser.ts'
import { inTime } from './deck-room.ts'
import { frameExample, stopped } from './estate-example.ts'
import { openEstate, shown } from './estate-room.ts'

const views = ['overview', 'servers', 'services', 'containers', 'analytics']

describePages('the estate for everybody', stage => {
  for (const view of views)
    for (const { size, ...look } of looksOf(sizes))
      test(`${view} has no violation and does not scroll sideways, on a ${size}, light and dark`, async () => {
        const { page, requests, troubles } = await openEstate(stage, `/estate?view=${view}`, {
          ...look,
          frame: frameExample({
            ...stopped(),
            history: { done: 1, total: 9, from: new Date(0).toISOString() },
          }),
        })
        await expect.poll(() => shown(page).getByText('Being read…').count(), inTime).toBe(0)
        expect(await violationsInBoth(page)).toEqual(noViolations)
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        expect(wide).toBeLessThanOrEqual(0)
        expect(troubles).toEqual([])
        expect(requests.filter(url => url.endsWith('/frontend-error'))).toEqual([])
      })

  test.each(views)('on a phone every target of %s is at least 44 px', async view => {
    const { page } = await openEstate(stage, `/estate?view=${view}`, { viewport: sizes.phone })
    await expect.poll(() => shown(page).getByText('Being read…').count(), inTime).toBe(0)
    for (const target of await page
      .locator('main :is(a, button, select, summary, .chip, input:not([type=checkbox])):visible')
      .all()) {
      const box = await target.boundingBox()
      expect(
        Math.round(box?.height ?? 0),
        await target.evaluate(one => one.outerHTML),
      ).toBeGreaterThanOrEqual(44)
    }
  })

  test('the keyboard alone changes view and range and sorts, and one always sees where one is', async () => {
    const { page } = await openEstate(stage, '/estate')
    const tabTo = async (text: string) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab')
        const now = await page.evaluate<{ text: string; outline: number }>(`(() => {
          const { textContent } = document.activeElement
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
          return { text: textContent, outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth) }
        })()`)
        expect(now.outline, `the outline of ${now.text}`).toBeGreaterThanOrEqual(2)
        if (now.text === text) return
      }
      throw new Error(`the Tab key does not get to ${text}`)
    }
    await tabTo('Servers')
    await page.keyboard.press('Enter')
    await expect.poll(() => shown(page).getAttribute('data-view')).toBe('servers')
    await tabTo('7dlast 7 days')
    await page.keyboard.press('Enter')
    expect(new URL(page.url()).search).toBe('?view=servers&range=7d')
    await page.locator('#servers-table tbody tr').first().waitFor(inTime)
    await tabTo('CPU')
    await page.keyboard.press('Enter')
    const head = page.locator('#servers-table').getByRole('columnheader', { name: 'CPU' })
    await expect.poll(() => head.getAttribute('aria-sort'), inTime).toBe('descending')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('CPU')
  })

  test('nothing moves for those who asked for less motion', async () => {
    const { page } = await openEstate(stage, '/estate', { reducedMotion: 'reduce' })
    await page.locator('#resources canvas').waitFor(inTime)
    const moving = `[...document.querySelectorAll('main *')].filter(element => {
      const { transitionDuration, animationName } = getComputedStyle(element)
      return parseFloat(transitionDuration) > 0.01 || animationName !== 'none'
    }).length`
    expect(await page.evaluate(moving)).toBe(0)
  })

  test('visitors are offered nothing that breaks things', async () => {
    const { page } = await openEstate(stage, '/estate?view=analytics')
    await page.getByText('This is the presenter’s.').waitFor(inTime)
    expect(await page.getByRole('button', { name: 'Inject the fault' }).count()).toBe(0)
    await page.getByLabel('Presenter token').fill('not the token')
    await page.getByRole('button', { name: 'Unlock' }).click()
    await page.getByText('This is not the presenter token').waitFor(inTime)
  })

  test('the presenter injects a fault and reads what became of it; a refusal stands beside its field', async () => {
    const sent: unknown[] = []
    const { page, troubles } = await openEstate(stage, `/estate?token=${TOKEN}`, {
      before: async page => {
        await page.route('**/estate/faults*', route => {
          if (route.request().method() === 'GET') return route.fallback()
          const body = route.request().postDataJSON()
          sent.push(body)
          return body.resource === 'nobody'
            ? route.fulfill({
                status: 400,
                json: {
                  status: 400,
                  reason: 'invalid_request',
                  detail: 'The request is not valid.',
                  errors: [{ path: 'resource', message: 'is not known' }],
                },
              })
            : route.fulfill({
                status: 201,
                json: {
                  id: 'fault-1',
                  kind: body.kind,
                  resource: 'checkout',
                  started_at: new Date().toISOString(),
                  ends_at: new Date(Date.now() + 600_000).toISOString(),
                },
              })
        })
      },
    })
    await page.getByRole('link', { name: 'Analytics', exact: true }).click()
    await page.locator('#break').getByLabel('What').selectOption('error_burst', inTime)
    await page.getByRole('button', { name: 'Inject the fault' }).click()
    await page.getByText('Error burst on checkout.').waitFor(inTime)
    await page.locator('#break').getByLabel('Where').fill('nobody')
    await page.getByRole('button', { name: 'Inject the fault' }).click()
    await page.getByText('The server says: is not known').waitFor(inTime)
    await page.locator('#faults').getByText('Error burst on checkout v2.4.2').waitFor(inTime)
    expect(sent).toEqual([
      { kind: 'error_burst', seconds: 600 },
      { kind: 'error_burst', resource: 'nobody', seconds: 600 },
    ])
    expect(await violations(page)).toEqual([])
    expect(troubles.filter(text => !/status of 400/.test(text))).toEqual([])
  })
})
