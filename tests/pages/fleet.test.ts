import { expect, onTestFinished, test } from 'vitest'
import { TOKEN } from '../support/world.ts'
import { describePages, sizes, type Visit, violations } from './browser.ts'
import { testVehicle } from './fleet-vehicles.ts'

const tile = ({ page }: Visit, label: string) => page.locator('.tile', { hasText: label })
const row = ({ page }: Visit, vehicle: string) => page.locator('#vehicle-rows tr', { hasText: vehicle })

describePages('the page of an empty fleet', stage => {
  test('says with words that there is nothing, and how to begin', async () => {
    const visit = await stage.open('/fleet')
    const { page, troubles } = visit
    await tile(visit, 'Vehicles').getByText('none reported yet').waitFor()
    await tile(visit, 'Eligible now').getByText('no release yet').waitFor()
    expect(await page.getByText('No vehicle has reported yet. Start some: npm run fleet').count()).toBe(2)
    await page.getByText('No campaign yet.').waitFor()
    await page.getByText('No charge has been reported in the last hour.').waitFor()
    expect(await violations(page)).toEqual([])
    expect(troubles).toEqual([])
  })
})

describePages('the fleet page', stage => {
  const vehicle = async (wanted: Parameters<typeof testVehicle>[1]) => {
    const made = await testVehicle(stage.url, wanted)
    onTestFinished(() => made.end())
    return made
  }
  const asPresenter = () => stage.open(`/fleet?token=${TOKEN}`)

  test('shows a vehicle that reports, without a reload, with its words', async () => {
    const visit = await stage.open('/fleet')
    await visit.page.waitForSelector('html[data-ready]')
    await vehicle({
      number: 1,
      signals: {
        'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current': 22,
        'Vehicle.Private.Connectivity.SignalStrength': -85,
      },
    })
    const mine = row(visit, 'vehicle_00001')
    await mine.getByText('22 % low').waitFor()
    await mine.getByText('-85 dBm poor').waitFor()
    await mine.getByText('Online').waitFor()
    await visit.page
      .locator('#regions tr', { hasText: 'Austin' })
      .locator('td', { hasText: '1' })
      .first()
      .waitFor()
    expect(visit.troubles).toEqual([])
  })

  test('VINs are masked for visitors and whole for the presenter', async () => {
    await vehicle({ number: 2 })
    const visitor = await stage.open('/fleet')
    expect(await row(visitor, 'vehicle_00002').locator('.vin').textContent()).toMatch(/^•{11}000002$/)
    const presenter = await asPresenter()
    expect(await row(presenter, 'vehicle_00002').locator('.vin').textContent()).toMatch(/^0TW\w{8}000002$/)
  })

  test('search and filters narrow the table, and say when nothing fits', async () => {
    await vehicle({ number: 3, region: 'boston', model: 'comet' })
    await vehicle({ number: 4, region: 'denver' })
    const visit = await stage.open('/fleet')
    await row(visit, 'vehicle_00004').waitFor()
    await visit.page.getByLabel('Name, or the end of a VIN').fill('00003')
    await row(visit, 'vehicle_00004').waitFor({ state: 'detached' })
    expect(await row(visit, 'vehicle_00003').count()).toBe(1)
    await visit.page.locator('#filter-region').selectOption('denver')
    await visit.page.getByText('No vehicle fits. Take a filter away.').waitFor()
    expect(visit.troubles).toEqual([])
  })

  test('a vehicle opens with the keyboard: manifest and samples for all, its place for the presenter', async () => {
    await vehicle({ number: 5 })
    for (const [open, place] of [
      [() => stage.open('/fleet'), 'only for the presenter, or not known'],
      [asPresenter, '30.2700°'],
    ] as const) {
      const visit = await open()
      await row(visit, 'vehicle_00005').getByRole('button').focus()
      await visit.page.keyboard.press('Enter')
      const dialog = visit.page.getByRole('dialog', { name: 'vehicle_00005' })
      await dialog.getByText('telematics').waitFor()
      await dialog.getByText(place).waitFor()
      expect(await violations(visit.page)).toEqual([])
      await visit.page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
      expect(visit.troubles).toEqual([])
    }
  })

  test('a region is shown on the map from its button, and the keyboard comes back to it', async () => {
    const { page, troubles } = await stage.open('/fleet')
    const austin = page.getByRole('button', { name: 'Austin' })
    await austin.click()
    expect(await austin.getAttribute('aria-pressed')).toBe('true')
    await page.getByRole('img', { name: /^Map of Austin with/ }).waitFor()
    await page.getByRole('button', { name: 'Whole country' }).click()
    expect(await austin.evaluate(button => button === document.activeElement)).toBe(true)
    expect(troubles).toEqual([])
  })

  test('visitors see whose console it is, and are offered no button of it', async () => {
    const { page } = await stage.open('/fleet')
    await page.getByText('This is the presenter’s').waitFor()
    expect(await page.getByRole('button', { name: 'Create release' }).count()).toBe(0)
    expect(await page.locator('.presenter-only:visible').count()).toBe(0)
    await page.getByLabel('Presenter token').fill('not the token')
    await page.getByRole('button', { name: 'Unlock' }).click()
    await page.getByText('This is not the presenter token').waitFor()
  })

  test('a refusal of the server stands beside the field', async () => {
    const { page } = await asPresenter()
    const version = page.getByLabel('Version', { exact: true })
    await version.fill('two')
    await page.getByRole('button', { name: 'Create release' }).click()
    await page.locator('.field', { has: version }).getByText('The server says: must be a version').waitFor()
    expect(await version.getAttribute('aria-invalid')).toBe('true')
  })

  test('the presenter makes a release and a campaign, previews, approves, starts, pauses, resumes, aborts', async () => {
    await vehicle({ number: 6 })
    await vehicle({
      number: 7,
      signals: { 'Vehicle.Powertrain.Transmission.IsParkLockEngaged': false, 'Vehicle.Speed': 50 },
    })
    const visit = await asPresenter()
    const { page, troubles } = visit
    await page.getByLabel('Version', { exact: true }).fill('3.0.0')
    await page.getByRole('button', { name: 'Create release' }).click()
    await page.getByText('Release 3.0.0 is made.').waitFor()
    await expect.poll(() => page.locator('select', { hasText: '3.0.0' }).count()).toBeGreaterThan(0)
    await page.getByText('Which vehicles: all of them').click()
    await page.getByLabel('Single vehicles').fill('vehicle_00006, vehicle_00007')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByText('1 of 2 vehicles').waitFor()
    await page.locator('.excluded', { hasText: '1 vehicle: not parked' }).waitFor()

    await page.getByLabel('Name', { exact: true }).fill('Autumn')
    await page.getByLabel('Waves, %').fill('50, 51')
    await page.getByRole('button', { name: 'Create as a draft' }).click()
    await page.getByText('numbers that add up to 100').waitFor()
    await page.getByLabel('Waves, %').fill('100')
    await page.getByRole('button', { name: 'Create as a draft' }).click()
    const campaign = page.locator('.campaign', { hasText: 'Autumn' })
    const isNow = (state: string) =>
      page.locator(`.campaign[data-state="${state}"]`, { hasText: 'Autumn' }).waitFor()
    await isNow('draft')
    await campaign.getByRole('button', { name: 'Approve Autumn' }).click()
    await isNow('approved')
    await campaign.getByRole('button', { name: 'Start Autumn' }).click()
    await isNow('running')
    await campaign.locator('.wave', { hasText: '2 vehicles' }).waitFor()
    await campaign.getByRole('button', { name: 'Pause Autumn' }).click()
    await isNow('paused')
    await campaign.getByText('Paused by the presenter').waitFor()
    await campaign.getByRole('button', { name: 'Resume… Autumn' }).click()
    const resume = page.getByRole('dialog', { name: 'Resume Autumn' })
    expect(await violations(page)).toEqual([])
    await resume.getByRole('button', { name: 'Resume' }).click()
    await isNow('running')

    await campaign.getByRole('button', { name: 'Updates of Autumn' }).click()
    const updates = page.getByRole('dialog', { name: 'Updates of Autumn' })
    await updates.getByRole('button', { name: 'vehicle_00006' }).click()
    await updates.locator('.history-list li', { hasText: 'Scheduled' }).first().waitFor()
    expect(await violations(page)).toEqual([])
    await updates.getByRole('button', { name: 'Close' }).click()

    await campaign.getByRole('button', { name: 'Abort… Autumn' }).click()
    await page.getByRole('button', { name: 'Keep it' }).click()
    expect(await campaign.getAttribute('data-state')).toBe('running')
    await campaign.getByRole('button', { name: 'Abort… Autumn' }).click()
    await page.getByRole('button', { name: 'Abort the campaign' }).click()
    await isNow('aborted')
    expect(await violations(page)).toEqual([])
    expect(troubles).toEqual([])
  })

  for (const [size, viewport] of Object.entries(sizes))
    for (const colorScheme of ['light', 'dark'] as const)
      test(`nothing is wrong or too wide with vehicles and a campaign, on a ${size}, ${colorScheme}`, async () => {
        await vehicle({ number: 8 })
        const { page, troubles } = await stage.open('/fleet', { viewport, colorScheme })
        await page.locator('#vehicle-rows tr').first().waitFor()
        await page.locator('.campaign').first().waitFor()
        for (const closed of await page.locator('.campaign details:not([open]) summary').all())
          await closed.click()
        const [wide, shown] = await page.evaluate<[number, number]>(
          '[document.documentElement.scrollWidth, innerWidth]',
        )
        expect(wide).toBeLessThanOrEqual(shown)
        expect(await violations(page)).toEqual([])
        expect(troubles).toEqual([])
      })

  test('who asked for less motion sees vehicles where they were reported, and nothing drawn in between', async () => {
    const mover = await vehicle({ number: 9 })
    const { page } = await stage.open('/fleet', {
      reducedMotion: 'reduce',
      before: page =>
        page.addInitScript(`{
          window.drawn = 0
          const ask = window.requestAnimationFrame.bind(window)
          window.requestAnimationFrame = draw => ask(now => { window.drawn += 1; draw(now) })
        }`),
    })
    await page.getByRole('button', { name: 'Austin' }).click()
    await page.waitForTimeout(500)
    const before = await page.evaluate<number>('drawn')
    await mover.sample({ 'Vehicle.CurrentLocation.Longitude': -97.72, 'Vehicle.Speed': 60 })
    await page.waitForTimeout(2500)
    expect((await page.evaluate<number>('drawn')) - before).toBeLessThan(10)
  })
})
