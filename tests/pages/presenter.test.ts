import type { Page } from 'playwright-core'
import { afterEach, describe, expect, test } from 'vitest'
import { frequencyWords } from '../../src/web/format.ts'
import { announcement } from '../delivery/announcements.ts'
import { TOKEN, WEBHOOK_TOKEN } from '../support/world.ts'
import { describePages, sizes } from './browser.ts'
import { asPresenter, deckOn, hold, inTime } from './presenter-room.ts'

const script = '<script>document.title="taken"</script><img src=x onerror=document.title="taken">'

describe('how often was deployed', () => {
  test.each([
    [2.53, '2.5 a day'],
    [1, '1.0 a day'],
    [0.9, '0.9 a day'],
    [0.133, '1 in 8 days'],
    [0.5, '1 in 2 days'],
    [0, '0.0 a day'],
  ])('%s a day: %s', (perDay, words) => {
    expect(frequencyWords(perDay)).toBe(words)
  })
})

describePages('the presenter’s page', stage => {
  const open = (options = {}) => asPresenter(stage, options)
  const running = async () => (await stage.server.present('GET', '/deployments')).deployments[0]
  const fault = (page: Page, title: string) =>
    page.locator('.fault', { hasText: title }).getByRole('checkbox')
  const ship = (page: Page) => page.locator('.hold')
  const bar = (page: Page) => page.locator('#roll-bar')
  afterEach(() => stage.server.present('POST', '/stage/reset'))

  test('shows nothing of the stage without the token, and everything after it was pasted', async () => {
    const { page } = await stage.open('/presenter')
    await page.getByText('This page is the presenter’s').waitFor(inTime)
    expect(await page.locator('#console').isVisible()).toBe(false)
    await page.fill('#token', 'not the token')
    await page.click('text=Unlock')
    await page.getByText('This is not the presenter token').waitFor(inTime)
    await page.fill('#token', TOKEN)
    await page.click('text=Unlock')
    await page.locator('#remote').waitFor(inTime)
    await page.getByText('Live', { exact: true }).waitFor(inTime)
  })

  test('shows the room: who is here, the address as text and code, what runs', async () => {
    const { page, troubles } = await open()
    const { url } = await stage.server.present('GET', '/join')
    await page.getByRole('img', { name: `QR code of ${url}` }).waitFor(inTime)
    await expect.poll(() => page.locator('#room-joined').textContent(), inTime).toMatch(/^\d+$/)
    await expect.poll(() => page.locator('#room-version').textContent(), inTime).toMatch(/^\d+\.\d+\.\d+/)
    await page.getByText('Only this machine can reach this address').waitFor(inTime)
    await page.getByRole('button', { name: 'Larger: the code to join' }).click()
    const large = page.getByRole('dialog').getByRole('img', { name: `QR code of ${url}` })
    expect((await large.boundingBox())?.width).toBeGreaterThan(400)
    await page.keyboard.press('Escape')
    await large.waitFor({ state: 'hidden', ...inTime })
    expect(troubles).toEqual([])
  })

  test('a release with faults is shipped by holding, shown with the way back, and rolled back', async () => {
    const { page, troubles } = await open()
    const before = await running()
    await fault(page, 'Errors').check()
    await page.getByLabel('Of borrows, %').first().fill('50')
    await hold(page, /^Hold: Ship/)
    await bar(page).waitFor(inTime)
    await page.mouse.up()
    expect(await running()).toMatchObject({ by: 'presenter', faults: ['errors'] })
    expect(await stage.server.present('GET', '/faults')).toMatchObject({ errors: { share: 0.5 } })
    await bar(page)
      .getByText(/Rolled back by itself in \d:\d\d/)
      .waitFor(inTime)
    expect(await page.locator('#deployments li').first().textContent()).toContain('faults: errors')
    await bar(page)
      .getByRole('button', { name: /^Roll back to/ })
      .click()
    await bar(page).waitFor({ state: 'hidden', ...inTime })
    expect(await running()).toMatchObject({ kind: 'rollback', version: before.version })
    expect(troubles).toEqual([])
  })

  test('the button names the version that is shipped, also after a rollback, and what is running is no measure of it', async () => {
    const { page } = await open()
    for (let round = 0; round < 2; round++) {
      const { deployments } = await stage.server.present('GET', '/deployments')
      const patches = deployments.map(({ version }: { version: string }) => Number(version.split('.')[2]))
      const next = `1.2.${Math.max(...patches) + 1}`
      await ship(page).getByText(`Ship ${next}`).waitFor(inTime)
      await ship(page).click()
      await page.getByRole('button', { name: `Ship ${next} now` }).click()
      await expect.poll(async () => (await running()).version, inTime).toBe(next)
      await stage.server.present('POST', '/deployments/rollback', {})
    }
  })

  test('a scenario’s card says no more that it was started when it is over', async () => {
    const { page } = await open()
    const card = page.locator('.scenario').first()
    await card.getByRole('button', { name: /^Start/ }).click()
    const said = card.locator('.outcome')
    await said.getByText('Started.').waitFor(inTime)
    await card.getByRole('button', { name: /^Stop/ }).waitFor(inTime)
    await stage.server.present('POST', '/stage/reset')
    await expect.poll(() => said.textContent(), inTime).toBe('')
  })

  test('the way back stays in reach wherever one has scrolled to', async () => {
    const { page } = await open({ viewport: sizes.phone })
    await stage.server.present('POST', '/deployments', { faults: { noisy_logs: { lines: 1 } } })
    await bar(page).waitFor(inTime)
    await page.locator('#show').scrollIntoViewIfNeeded()
    const box = await bar(page).getByRole('button').boundingBox()
    expect(box?.y).toBeGreaterThanOrEqual(0)
    expect(box?.y).toBeLessThan(sizes.phone.height)
  })

  test('a short press ships nothing, and offers a button that does it at once', async () => {
    const { page } = await open()
    const { id } = await running()
    await ship(page).click()
    const now = page.getByRole('button', { name: /^Ship \S+ now$/ })
    await now.waitFor(inTime)
    expect((await running()).id).toBe(id)
    await now.click()
    await page.getByText('Without faults.').waitFor(inTime)
    expect((await running()).id).toBeGreaterThan(id)
  })

  test.each(['Enter', 'Space'])('%s held ships once; pressed shortly it offers the other way', async key => {
    const { page } = await open()
    const { id } = await running()
    await ship(page).focus()
    await page.keyboard.press(key)
    await page.getByRole('button', { name: /^Ship \S+ now$/ }).waitFor(inTime)
    expect((await running()).id).toBe(id)
    await page.keyboard.down(key)
    await page.getByText('Without faults.').waitFor(inTime)
    for (let repeats = 0; repeats < 5; repeats++) await page.keyboard.down(key)
    await page.keyboard.up(key)
    expect((await running()).id).toBe(id + 1)
  })

  test('what the server does not accept is said beside the field', async () => {
    const { page } = await open()
    await page.getByLabel('Cap, seconds').fill('3')
    await page.getByLabel('Version', { exact: true }).fill('latest')
    await ship(page).click()
    await page.getByRole('button', { name: /^Ship \S+ now$/ }).click()
    await page.getByText('Not shipped.').waitFor(inTime)
    expect(await page.getByLabel('Version', { exact: true }).getAttribute('aria-invalid')).toBe('true')
    expect(await page.getByLabel('Cap, seconds').getAttribute('aria-invalid')).toBe('true')
    await page.getByText('The server says: must be like 1.4.2').waitFor(inTime)
  })

  test('an incident shows with its times, and is acknowledged', async () => {
    await fetch(`${stage.url}/alerts/webhook`, {
      method: 'POST',
      headers: { authorization: `Bearer ${WEBHOOK_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(
        announcement({ fingerprint: 'a1', startsAt: new Date(Date.now() - 60_000).toISOString() }),
      ),
    })
    const { page, troubles } = await open()
    const { alerts } = await stage.server.present('GET', '/alerts')
    const { incident: id } = alerts.find(({ fingerprint }: { fingerprint: string }) => fingerprint === 'a1')
    const incident = page.locator('.incident', { hasText: `#${id} ` })
    const reached = incident.locator('.stages li[data-reached]')
    await incident.getByText('open', { exact: true }).waitFor(inTime)
    const before = await reached.count()
    expect(before).toBeGreaterThanOrEqual(2)
    await incident.getByRole('button', { name: /^Acknowledge incident/ }).click()
    await expect.poll(() => reached.count(), inTime).toBeGreaterThan(before)
    expect(await incident.getByRole('button').count()).toBe(0)
    await page.getByText('no data').first().waitFor(inTime)
    expect(troubles).toEqual([])
  })

  test('the reset says what it ends, does nothing when it is dismissed, and ends it when confirmed', async () => {
    const { page } = await open()
    await stage.server.present('PUT', '/traffic', { rate: 1, seconds: 600 })
    await page.getByText(/^1 a second/).waitFor(inTime)
    await page.locator('#reset').click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.textContent()).toContain('every borrow')
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'hidden', ...inTime })
    expect((await stage.server.present('GET', '/traffic')).running).toBe(true)
    await page.locator('#reset').click()
    await dialog.getByRole('button', { name: 'Reset the demo' }).click()
    await page.getByText('The demo is reset.').waitFor(inTime)
    await page.getByText('No traffic runs').waitFor(inTime)
  })

  test('a browser that is the presenter’s no more is told so beside the control', async () => {
    const { page } = await open()
    await page.context().clearCookies()
    await page.locator('#traffic').getByRole('button', { name: 'Start' }).click()
    await page.locator('#traffic').getByText('This browser is the presenter’s no more').waitFor(inTime)
  })

  test('a script in a title, a note or a story is text', async () => {
    await deckOn(stage.server).at(0)
    const { page, troubles } = await open({
      plan: { total_seconds: 1, slides: [{ slide: 's0', title: script, seconds: 1, notes: [script] }] },
      before: (page: Page) =>
        page.route('**/scenarios', async route => {
          const json = await (await route.fetch()).json()
          Object.assign(json.scenarios[0], { title: script, story: script })
          json.scenarios[0].look_at = [
            { title: script, href: 'javascript:document.title="taken"', what: script },
          ]
          await route.fulfill({ json })
        }),
    })
    await page.locator('#remote-slide').getByText('document.title').waitFor(inTime)
    await page.locator('.scenario').first().getByText('Steps, what').click()
    expect(await page.locator('img[src=x], a[href^=javascript]').count()).toBe(0)
    expect(await page.title()).not.toContain('taken')
    expect(troubles).toEqual([])
  })

  test('where faults are impossible it says so, and none can be chosen', async () => {
    const { page } = await open({
      before: (page: Page) =>
        page.route('**/stream?*', async route => {
          const { delivery } = await stage.server.present('GET', '/stream/snapshot?topics=delivery')
          const off = { ...delivery, faults: { ...delivery.faults, possible: false } }
          const body = `event: delivery\ndata: ${JSON.stringify(off)}\n\n`
          await route.fulfill({ contentType: 'text/event-stream', body })
        }),
    })
    await page.getByText('This server was started with FAULTS=off').waitFor(inTime)
    expect(await fault(page, 'Errors').isDisabled()).toBe(true)
  })
})
