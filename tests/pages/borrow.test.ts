import { beforeEach, expect, test } from 'vitest'
import { describePages, sizes } from './browser.ts'
import { borrowed, cardOf, everyone, freshPools, mine, setPool, take } from './pools.ts'

describePages('the borrow page', stage => {
  beforeEach(() => freshPools(stage.server))

  test('one tap borrows a seat, one tap returns it', async () => {
    const { page, troubles } = await stage.open('/', { viewport: sizes.phone })
    const { borrow, giveBack, said, ring } = cardOf(page, 'cad_tool')
    await borrow.click()
    await said.getByText('Borrowed. Yours until').waitFor()
    await mine(page).getByText('cad_tool').waitFor()
    await expect.poll(() => ring.textContent(), { timeout: 5000 }).toContain('1 of 4 prepaid seats held')
    expect(await borrowed(stage.server, 'cad_tool')).toBe(1)
    await giveBack.click()
    await said.getByText('Returned.').waitFor()
    expect(await borrowed(stage.server, 'cad_tool')).toBe(0)
    await expect.poll(() => mine(page).count()).toBe(0)
    await expect.poll(() => ring.textContent(), { timeout: 5000 }).toContain('0 of 4 prepaid seats held')
    expect(troubles).toEqual([])
  })

  test('a seat is returned from the list of my licenses too, and its card no longer says it is mine', async () => {
    const { page } = await stage.open('/')
    const { borrow, said } = cardOf(page, 'cad_tool')
    await borrow.click()
    await said.getByText('Borrowed.').waitFor()
    await mine(page).getByRole('button', { name: 'Return cad_tool' }).click()
    await page.locator('#mine').getByText('Returned: cad_tool.').waitFor()
    expect(await borrowed(stage.server, 'cad_tool')).toBe(0)
    await expect.poll(() => said.textContent()).toBe('')
  })

  test('an overage seat says before and after what it costs, and shows in the charges', async () => {
    await take(stage.server, 'analysis', 1)
    const { page } = await stage.open('/')
    const { borrow, said } = cardOf(page, 'analysis')
    await expect.poll(() => borrow.textContent(), { timeout: 5000 }).toBe('Borrowoverage, $100')
    await borrow.click()
    await said.getByText('This overage seat cost $100.').waitFor()
    await everyone(page).first().getByText('overage').waitFor()
    await page.getByText('Overage charges, one by one').click()
    const name = await page.getByLabel('You borrow as').inputValue()
    const newest = page.locator('#charge-rows tr').first()
    await newest.getByText(name).waitFor()
    expect(await newest.textContent()).toContain('analysis')
    expect(await newest.textContent()).toContain('$100')
  })

  test('renewing starts the lease anew', async () => {
    await setPool(stage.server, 'cad_tool', { lease_ttl_seconds: 600 })
    const { page } = await stage.open('/')
    await cardOf(page, 'cad_tool').borrow.click()
    await mine(page).getByText('9 min').waitFor()
    await setPool(stage.server, 'cad_tool', { lease_ttl_seconds: 7200 })
    await mine(page).getByRole('button', { name: 'Renew cad_tool' }).click()
    await page.locator('#mine').getByText('Renewed: cad_tool.').waitFor()
    expect(await mine(page).textContent()).toMatch(/1 h 59 min left|2 h 00 min left/)
  })

  test('the time left counts down, and at its end the seat is no longer mine', async () => {
    await setPool(stage.server, 'cad_tool', { lease_ttl_seconds: 4 })
    const { page } = await stage.open('/')
    await cardOf(page, 'cad_tool').borrow.click()
    const left = mine(page).locator('.license-left')
    const seconds = async () => Number.parseInt((await left.textContent()) ?? '', 10)
    const first = await seconds()
    expect(first).toBeLessThanOrEqual(4)
    await expect.poll(seconds, { timeout: 3000 }).toBe(first - 1)
    await expect.poll(() => mine(page).count(), { timeout: 15_000 }).toBe(0)
    expect(await borrowed(stage.server, 'cad_tool')).toBe(0)
  })

  test('a clock of the phone that is an hour wrong does not change the time left', async () => {
    const { page } = await stage.open('/', {
      before: page => page.clock.install({ time: Date.now() + 3600_000 }),
    })
    await cardOf(page, 'cad_tool').borrow.click()
    await mine(page)
      .getByText(/1 h 59 min left/)
      .waitFor()
  })

  test.each([
    ['exhausted', {}, 2, 'Every seat of analysis is taken. All 2 seats are borrowed.'],
    ['max_overage', { total: 5 }, 2, 'analysis is at its overage limit. 1 prepaid and 1 overage are in use.'],
    ['spend_cap', { spend_cap: 0 }, 1, 'This month’s overage budget of analysis is spent.'],
  ])('a denial for %s says in plain words why and what helps', async (reason, settings, held, words) => {
    await setPool(stage.server, 'analysis', settings)
    await take(stage.server, 'analysis', held)
    const { page } = await stage.open('/')
    const { borrow, said } = cardOf(page, 'analysis')
    const answer = page.waitForResponse('**/licenses/borrow')
    await borrow.click()
    expect(await (await answer).json()).toMatchObject({ reason })
    await said.getByText(words).waitFor()
    expect(await said.getAttribute('data-tone')).toBe('bad')
    expect(await borrowed(stage.server, 'analysis')).toBe(held)
    expect(await mine(page).count()).toBe(0)
  })

  test('a denial is taken back as soon as a seat is free', async () => {
    const [first] = await take(stage.server, 'analysis', 2)
    const { page } = await stage.open('/')
    const { borrow, said } = cardOf(page, 'analysis')
    await borrow.click()
    await said.getByText('Every seat of analysis is taken.').waitFor()
    await stage.server.present('POST', '/licenses/return', { id: first.id })
    await expect.poll(() => said.textContent(), { timeout: 5000 }).toBe('')
  })

  test('my licenses survive a reload', async () => {
    const { page } = await stage.open('/')
    await cardOf(page, 'cad_tool').borrow.click()
    await mine(page).getByText('cad_tool').waitFor()
    await page.reload()
    await mine(page).getByRole('button', { name: 'Return cad_tool' }).click()
    await expect.poll(() => borrowed(stage.server, 'cad_tool')).toBe(0)
  })

  test('another browser sees my borrow and cannot return it', async () => {
    const { page: me } = await stage.open('/')
    const { page: other } = await stage.open('/')
    await me.getByLabel('You borrow as').fill('brisk-otter-42')
    await cardOf(me, 'cad_tool').borrow.click()
    await cardOf(me, 'cad_tool').giveBack.waitFor()
    await everyone(other).getByText('brisk-otter-42').waitFor()
    expect(await other.getByRole('button', { name: /^Return/ }).count()).toBe(0)
    expect(await mine(other).count()).toBe(0)
    const listed = await (await other.request.get(`${stage.url}/borrows`)).json()
    expect(listed).toMatchObject([{ user: 'brisk-otter-42', mine: false }])
    expect(listed[0]).not.toHaveProperty('id')
  })

  test('a seat that the presenter takes back leaves my licenses', async () => {
    const { page } = await stage.open('/')
    await cardOf(page, 'cad_tool').borrow.click()
    await mine(page).getByText('cad_tool').waitFor()
    await expect.poll(() => everyone(page).count(), { timeout: 5000 }).toBe(1)
    await freshPools(stage.server)
    await expect.poll(() => mine(page).count(), { timeout: 5000 }).toBe(0)
  })

  test('the ring shows one’s own tap at once, though the stream comes once a second', async () => {
    const { page } = await stage.open('/')
    const { borrow, giveBack, ring } = cardOf(page, 'cad_tool')
    await borrow.waitFor()
    await page.route('**/stream*', route => route.abort())
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await page.getByText('Reconnecting…').waitFor()
    await borrow.click()
    await expect.poll(() => ring.textContent(), { timeout: 5000 }).toContain('1 of 4 prepaid seats held')
    await giveBack.click()
    await expect.poll(() => ring.textContent(), { timeout: 5000 }).toContain('0 of 4 prepaid seats held')
  })

  test('a double click on Borrow takes one seat', async () => {
    const { page } = await stage.open('/')
    const { borrow, said } = cardOf(page, 'cad_tool')
    await borrow.dblclick()
    await said.getByText('Borrowed.').waitFor()
    // The second click as a fast server meets it: after the answer to the first.
    await borrow.dispatchEvent('click', { detail: 2 })
    // Had it been taken, it would have been sent before this.
    await page.evaluate(() => fetch('/version'))
    expect(await borrowed(stage.server, 'cad_tool')).toBe(1)
    expect(await mine(page).count()).toBe(1)
  })

  test('an answer that got lost is asked for again and takes no second seat', async () => {
    let lost = 0
    const { page } = await stage.open('/', {
      before: page =>
        page.route('**/licenses/borrow', async route => {
          if (lost++ > 0) return route.continue()
          await route.fetch()
          await route.abort()
        }),
    })
    const { borrow, said } = cardOf(page, 'cad_tool')
    await borrow.click()
    await said.getByText('Borrowed.').waitFor()
    expect(lost).toBe(2)
    expect(await borrowed(stage.server, 'cad_tool')).toBe(1)
  })

  test('without a connection the page says so, and borrows when it is back', async () => {
    const { page } = await stage.open('/')
    const { borrow, said } = cardOf(page, 'cad_tool')
    await borrow.waitFor()
    await page.context().setOffline(true)
    await borrow.click()
    await said.getByText('The server cannot be reached.').waitFor()
    await page.context().setOffline(false)
    // The browser's network takes a moment to notice.
    const answers = () => page.evaluate(`fetch('/healthz').then(({ ok }) => ok, () => false)`)
    await expect.poll(answers, { timeout: 10_000 }).toBe(true)
    // A tap within 600 ms of the first would be taken for the same one.
    await page.waitForTimeout(700)
    await borrow.click()
    await said.getByText('Borrowed.').waitFor()
    expect(await borrowed(stage.server, 'cad_tool')).toBe(1)
  })

  test('the name is offered, can be changed, and is remembered', async () => {
    const { page } = await stage.open('/')
    const name = page.getByLabel('You borrow as')
    expect(await name.inputValue()).toMatch(/^[a-z]+-[a-z]+-\d\d$/)
    await name.fill('Zoë 😀')
    await page.reload()
    expect(await name.inputValue()).toBe('Zoë 😀')
    await name.fill('   ')
    await name.press('Enter')
    expect(await name.inputValue()).toMatch(/^[a-z]+-[a-z]+-\d\d$/)
  })
})
