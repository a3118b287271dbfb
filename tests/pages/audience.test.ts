/** The page on the phones of a room: who is there, which version runs, and what a broken release does to it. */
import { beforeEach, expect, test } from 'vitest'
import { describePages, sizes, violations } from './browser.ts'
import { borrowed, cardOf, everyone, freshPools, mine, take } from './pools.ts'

const PATIENCE = { timeout: 15_000 }
const lot = (value: number) => `try { localStorage.setItem('twinloop.lot', '${value}') } catch {}`

describePages('the page of the audience', stage => {
  const ship = (release: object) => stage.server.present('POST', '/deployments', release)
  const rollBack = () => stage.server.present('POST', '/deployments/rollback')
  const reports = () =>
    stage.lines().filter(({ event, error }) => event === 'frontend_error' && String(error).includes('row'))

  beforeEach(async () => {
    await freshPools(stage.server)
    for (let releases = 0; releases < 5; releases++) {
      const { version } = await stage.server.present('GET', '/version')
      if (version === '1.2.3') return
      await rollBack()
    }
  })

  test('a visitor sees at once what to do, how many are here and which version runs', async () => {
    const { page, troubles, requests } = await stage.open('/', { viewport: sizes.phone })
    await page.getByText('One tap takes a seat, one gives it back.').waitFor()
    expect(await page.getByLabel('You borrow as').inputValue()).toMatch(/^[a-z]+-[a-z]+-\d\d$/)
    await page.getByText('1 phone is here').waitFor()
    await page.getByText('Version 1.2.3', { exact: true }).waitFor()
    const { borrow } = cardOf(page, 'analysis')
    const box = await borrow.boundingBox()
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(sizes.phone.height)
    await stage.open('/', { viewport: sizes.phone })
    await page.getByText('2 phones are here').waitFor(PATIENCE)
    expect(requests.filter(url => url.includes('/stream?'))).toEqual([
      `${stage.url}/stream?topics=pools,room&every=1000`,
    ])
    expect(troubles).toEqual([])
  })

  test('a release changes the version with a sweep and in words, a rollback sweeps back', async () => {
    const { page, troubles } = await stage.open('/', { viewport: sizes.phone })
    const sweep = () =>
      page.evaluate<[string, string]>(`(() => {
        const { animationName, animationDirection } = getComputedStyle(document.getElementById('release'), '::after')
        return [animationName, animationDirection]
      })()`)
    await page.getByText('Version 1.2.3', { exact: true }).waitFor()
    expect((await sweep())[0]).toBe('none')
    await ship({ version: '1.3.0' })
    await page.getByText('Version 1.3.0', { exact: true }).waitFor(PATIENCE)
    expect(await sweep()).toEqual(['sweep', 'normal'])
    expect(await page.locator('#release-said').textContent()).toBe('Version 1.3.0 runs now.')
    await rollBack()
    await page.getByText('Version 1.2.3', { exact: true }).waitFor(PATIENCE)
    expect(await sweep()).toEqual(['sweep', 'reverse'])
    expect(await page.locator('#release-said').textContent()).toBe('Rolled back: version 1.2.3 runs again.')
    expect(troubles).toEqual([])
  })

  test('who asked for less motion sees the version change without a sweep', async () => {
    const { page } = await stage.open('/', { reducedMotion: 'reduce' })
    await page.getByText('Version 1.2.3', { exact: true }).waitFor()
    await ship({ version: '1.3.1' })
    await page.getByText('Version 1.3.1', { exact: true }).waitFor(PATIENCE)
    const name = `getComputedStyle(document.getElementById('release'), '::after').animationName`
    expect(await page.evaluate(name)).toBe('none')
    await rollBack()
  })

  test('a release that breaks the script: the page throws and reports it with its version, borrows all the same, and heals', async () => {
    const before = reports().length
    const { page, troubles } = await stage.open('/', {
      viewport: sizes.phone,
      before: page => page.addInitScript(lot(0.3)),
    })
    await cardOf(page, 'cad_tool').borrow.waitFor()
    await ship({ version: '1.4.0', faults: { browser_script: { share: 0.5 } } })
    const banner = page.locator('#defect')
    await banner.getByText('Version 1.4.0 of this page has a defect.').waitFor(PATIENCE)
    expect(await banner.textContent()).toContain('Your licenses are safe')
    await expect.poll(() => reports().length, PATIENCE).toBeGreaterThan(before)
    expect(reports().at(-1)).toMatchObject({ level: 'error', url: `${stage.url}/` })
    expect(reports().at(-1)?.stack).toContain('TypeError')
    await cardOf(page, 'cad_tool').borrow.click()
    await cardOf(page, 'cad_tool').said.getByText('Borrowed.').waitFor()
    expect(await violations(page)).toEqual([])
    await rollBack()
    await expect.poll(() => banner.textContent(), PATIENCE).toBe('')
    await mine(page).getByRole('button', { name: 'Return cad_tool' }).click()
    await expect.poll(() => borrowed(stage.server, 'cad_tool')).toBe(0)
    expect(new Set(troubles.map(text => text.slice(0, 9)))).toEqual(new Set(['TypeError']))
  })

  test('the defect is reported again and again, but never twice within five seconds, and no more once it is healed', async () => {
    const { page } = await stage.open('/', {
      before: page =>
        page.addInitScript(
          `${lot(0)}; window.thrownAt = []; addEventListener('error', () => thrownAt.push(performance.now()))`,
        ),
    })
    const thrownAt = () => page.evaluate<number[]>('thrownAt')
    const sent: string[] = []
    page.on('request', request => {
      if (request.url().endsWith('/frontend-error')) sent.push(request.postData() ?? '')
    })
    await page.getByText('Version 1.2.3', { exact: true }).waitFor()
    await ship({ version: '1.4.1', faults: { browser_script: { share: 0.01 } } })
    await expect.poll(async () => (await thrownAt()).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3)
    await rollBack()
    await expect.poll(() => page.locator('#defect').textContent(), PATIENCE).toBe('')
    const times = await thrownAt()
    times.slice(1).forEach((at, index) => {
      expect(at - (times[index] ?? 0)).toBeGreaterThan(4900)
    })
    await expect.poll(() => sent.length, PATIENCE).toBe(times.length)
    for (const report of sent) expect(JSON.parse(report)).toMatchObject({ page_version: '1.4.1' })
    await page.waitForTimeout(6000)
    expect((await thrownAt()).length).toBe(times.length)
  }, 60_000)

  test('a browser whose number is not below the share is spared, also after a reload', async () => {
    const { page, troubles } = await stage.open('/')
    await page.getByText('Version 1.2.3', { exact: true }).waitFor()
    const drawn = await page.evaluate<number>(`Number(localStorage.getItem('twinloop.lot'))`)
    expect(drawn).toBeGreaterThanOrEqual(0)
    expect(drawn).toBeLessThan(1)
    await page.evaluate(lot(0.9))
    await ship({ version: '1.4.2', faults: { browser_script: { share: 0.9 } } })
    await page.reload()
    await page.getByText('Version 1.4.2', { exact: true }).waitFor(PATIENCE)
    await page.waitForTimeout(3000)
    expect(await page.locator('#defect').textContent()).toBe('')
    expect(await page.evaluate(`Number(localStorage.getItem('twinloop.lot'))`)).toBe(0.9)
    await rollBack()
    expect(troubles).toEqual([])
  })

  const hostile = {
    'a script': '<script>document.title="taken"</script><img src=x onerror=document.title="taken">',
    'right to left': '\u202Eעברית‮ שלום abc',
    emoji: '👩🏽‍🚀'.repeat(16),
    '128 wide letters': 'W'.repeat(128),
    'letters with many marks': `Z${'\u0351\u0300'.repeat(60)}`,
  }
  for (const [kind, name] of Object.entries(hostile))
    test(`a name of ${kind} is text everywhere, and breaks no layout at 320 px`, async () => {
      await take(stage.server, 'simulation', 2, name)
      const { page, troubles } = await stage.open('/', { viewport: { width: 320, height: 700 } })
      await page.getByLabel('You borrow as').fill(name)
      await cardOf(page, 'cad_tool').borrow.click()
      await mine(page).waitFor()
      await expect.poll(() => everyone(page).count(), PATIENCE).toBe(3)
      await expect.poll(() => everyone(page).locator('.name').first().textContent(), PATIENCE).toBe(name)
      expect(await mine(page).locator('bdi').textContent()).toBe(name)
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      for (const row of await everyone(page).all())
        expect((await row.boundingBox())?.height ?? 0).toBeLessThan(120)
      expect(await page.title()).toContain('Borrow a license')
      expect(await page.locator('img[src=x]').count()).toBe(0)
      await mine(page).getByRole('button', { name: 'Return cad_tool' }).click()
      await expect.poll(() => borrowed(stage.server, 'cad_tool'), PATIENCE).toBe(0)
      expect(troubles).toEqual([])
    })

  test('a laptop that slept three hours is live again, and knows what is mine and for how long', async () => {
    const { page } = await stage.open('/', { before: page => page.clock.install() })
    await cardOf(page, 'cad_tool').borrow.click()
    await mine(page)
      .getByText(/1 h 59 min left|2 h 00 min left/)
      .waitFor()
    const streams: string[] = []
    page.on('request', request => request.url().includes('/stream?') && streams.push(request.url()))
    // The page's clock jumps, as after a sleep in which no timer ran; the server's does not.
    await page.clock.fastForward('03:00:00')
    await expect.poll(() => streams.length, PATIENCE).toBeGreaterThan(0)
    await page.getByText('Live', { exact: true }).waitFor(PATIENCE)
    await take(stage.server, 'simulation', 1, 'swift-heron-10')
    await everyone(page).getByText('swift-heron-10').waitFor(PATIENCE)
    await mine(page)
      .getByText(/1 h 5\d min left/)
      .waitFor(PATIENCE)
    await mine(page).getByRole('button', { name: 'Return cad_tool' }).click()
    await expect.poll(() => borrowed(stage.server, 'cad_tool'), PATIENCE).toBe(0)
  })

  test('a slow network shows first what to wait for, then the pools', async () => {
    const { page } = await stage.open('/', {
      viewport: sizes.phone,
      before: page =>
        page.route('**/stream?*', async route => {
          await new Promise(resolve => setTimeout(resolve, 1500))
          await route.continue()
        }),
    })
    await page.getByText('Waiting for the server…').waitFor()
    await cardOf(page, 'cad_tool').borrow.waitFor(PATIENCE)
  })

  test('a browser that keeps nothing borrows and returns too', async () => {
    const { page, troubles } = await stage.open('/', {
      before: page =>
        page.addInitScript(
          `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError') } })`,
        ),
    })
    await cardOf(page, 'cad_tool').borrow.click()
    await cardOf(page, 'cad_tool').giveBack.click()
    await cardOf(page, 'cad_tool').said.getByText('Returned.').waitFor()
    expect(troubles).toEqual([])
  })
})
