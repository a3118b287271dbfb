import { describe, expect, test } from 'vitest'
import type { RaceShape } from '../../src/race/api.ts'
import { raceAt, realLength } from '../../src/web/race/moment.ts'
import { clockWords, factorWords, raceSummary } from '../../src/web/race/words.ts'
import { describePages, looksOf, noViolations, type OpenOptions, sizes, violationsInBoth } from './browser.ts'
import { inTime, ownStreams, say } from './deck-room.ts'
import { raceExample, recordingExample } from './race-example.ts'

describe('a race as it stood', () => {
  const race = raceExample()

  test('it is as long as its slower lane, in real time', () => {
    expect(realLength(race)).toBe(20_000)
  })

  test('each lane is cut at its own time', () => {
    const { cloud, vehicle } = raceAt(race, 7000)
    expect(cloud.steps.map(({ at_ms: at }) => at)).toEqual([0, 6000, null, null, null])
    expect(cloud.series.at(-1)?.at_ms).toBe(7000)
    expect(clockWords(cloud)).toBe('7 s')
    expect(clockWords(vehicle)).toBe('7 d 00 h')
    expect(vehicle.steps.filter(({ at_ms: at }) => at !== null).length).toBe(3)
  })

  test('the table knows no more than the lanes', () => {
    const table = (ms: number) =>
      raceAt(race, ms).table.map(({ cloud, vehicle }) => [cloud !== null, vehicle !== null])
    expect(table(0)).toEqual([
      [false, false],
      [false, false],
      [false, false],
      [false, false],
    ])
    expect(table(8000)).toEqual([
      [true, true],
      [true, false],
      [false, false],
      [false, false],
    ])
    expect(table(19_999)).toEqual([
      [true, true],
      [true, true],
      [true, false],
      [false, false],
    ])
    expect(table(20_000)).toEqual([
      [true, true],
      [true, true],
      [true, true],
      [true, true],
    ])
  })

  test('before its start and long after its end it is what it was first and last', () => {
    expect(raceAt(race, 0).cloud.steps[0]?.at_ms).toBe(0)
    expect(raceAt(race, 1e9)).toEqual(race)
  })

  test.each([
    [14_400, '4 h'],
    [600, '10 min'],
    [86_400, '1 d'],
    [3601, '3601 s'],
  ])('the factor %i is told as %j', (factor, words) => {
    expect(factorWords(factor)).toBe(words)
  })

  test('it is told in words for who cannot see it', () => {
    const words = raceSummary(raceAt(race, 4000))
    expect(words).toContain('The license server, 4 s real: Release shipped at 0 s.')
    expect(words).toContain('Ticket at 3 d (assumed)')
    expect(words).toContain('One real second is 1 d of simulated time.')
  })
})

interface Options extends OpenOptions {
  races?: RaceShape[]
  recording?: boolean
}

describePages('the page of a race', stage => {
  const mine = raceExample()
  async function open(path: string, { races = [mine], recording = true, ...options }: Options = {}) {
    const visit = await stage.open(path, {
      ...options,
      before: async page => {
        await page.route('**/races', route => route.fulfill({ json: { races } }))
        await page.route('**/races/recorded', route =>
          recording
            ? route.fulfill({ json: recordingExample() })
            : route.fulfill({ status: 404, json: { status: 404, reason: 'unknown_race', detail: 'None.' } }),
        )
        await page.route(`**/races/${mine.id}`, route => route.fulfill({ json: races[0] }))
        await ownStreams(page)
      },
    })
    await visit.page.waitForSelector('html[data-ready]')
    return visit
  }

  test('without an id it shows the newest run: headline, steps, table, assumptions, options, the file', async () => {
    const { page, troubles } = await open('/race')
    await page.getByRole('heading', { name: '16 s in the cloud, 20 d in the fleet' }).waitFor(inTime)
    expect(await page.locator('.race-vehicle .race-steps li').count()).toBe(5)
    expect(await page.locator('.race-steps').getByText('Assumed').filter({ visible: true }).count()).toBe(2)
    await page.getByRole('row', { name: 'Until it works again 16 s 20 d' }).waitFor(inTime)
    await page.getByText('A workshop date is two days away.').waitFor(inTime)
    await page.getByText('one real second is 1 d of simulated time', { exact: true }).waitFor(inTime)
    expect(await page.getByRole('link', { name: 'Download as JSON' }).getAttribute('href')).toBe(
      `/races/${mine.id}?download=1`,
    )
    expect(await page.locator('#kept').getByRole('link').getAttribute('href')).toBe(`/race?id=${mine.id}`)
    expect(await page.locator('#mark').isVisible()).toBe(false)
    expect(troubles).toEqual([])
  })

  test('with no run it shows the recording, and says that it is one', async () => {
    const { page } = await open('/race', { races: [] })
    await page.locator('#mark', { hasText: 'Replay' }).waitFor(inTime)
    await page.getByText('The recording that comes with the program, run').waitFor(inTime)
    await page.getByText('None was run on this server yet.').waitFor(inTime)
  })

  test('with neither it says so', async () => {
    const { page } = await open('/race', { races: [], recording: false })
    await page.getByText('No race was run here yet, and this build has no recording.').waitFor(inTime)
  })

  test('a run that goes on is drawn on until it ends', async () => {
    const { page } = await open('/race', { races: [raceExample(7000)] })
    await page.locator('.race-cloud .race-clock', { hasText: /^7 s$/ }).waitFor(inTime)
    await say(page, 'race', { race: raceExample(12_000) })
    await page.locator('.race-cloud .race-clock', { hasText: /^12 s$/ }).waitFor(inTime)
    await say(page, 'race', { race: raceExample() })
    await page.getByRole('heading', { name: '16 s in the cloud, 20 d in the fleet' }).waitFor(inTime)
  })

  for (const { size, ...look } of looksOf(sizes))
    test(`it has no accessibility violation and nothing scrolls sideways, on a ${size}, light and dark`, async () => {
      const { page } = await open('/race', look)
      await page.getByRole('heading', { name: '16 s in the cloud' }).waitFor(inTime)
      expect(await violationsInBoth(page)).toEqual(noViolations)
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    })

  test('printed it fits on two sheets of A4', async () => {
    const { page } = await open('/race')
    await page.getByRole('heading', { name: '16 s in the cloud' }).waitFor(inTime)
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length).toBeLessThanOrEqual(2)
  })
})
