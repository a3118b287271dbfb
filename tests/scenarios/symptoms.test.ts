/** Each scenario on a whole server: its own queries show its symptom, and stopping it heals. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import type { ScenarioName } from '../../src/scenarios/api.ts'
import { scenarios } from '../../src/scenarios/data/index.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { seededRandom } from '../../src/shared/random.ts'
import { parseExposition, type Sample } from '../support/exposition.ts'
import { borrow, listening, ok, statusOf } from '../support/wire.ts'
import { createWorld, temporaryFolder, testConfig, type World } from '../support/world.ts'
import { logqlAnswer } from './logql-answer.ts'
import { promqlAnswer } from './promql-answer.ts'

/** That is how soon a symptom must be there. A loaded machine is slower than a stage. */
const SOON = { timeout: 30_000, interval: 200 }
const SLOW = 90_000

interface Scrape {
  samples: Sample[]
  at: number
}

const scrape = async (world: World): Promise<Scrape> => {
  const response = await world.send('GET', '/metrics')
  return { samples: parseExposition(await response.text()).samples, at: performance.now() }
}

/** Asks a scenario's queries of what came after a scrape. The first of each kind is number 0. */
async function asked(world: World, name: ScenarioName, since: Scrape, from = 0) {
  const after = await scrape(world)
  const seconds = (after.at - since.at) / 1000
  const { promql, logql } = scenarios[name]
  const lines = world.lines().slice(from)
  return {
    promql: promql.map(({ query }) =>
      promqlAnswer(query, { before: since.samples, after: after.samples, seconds }),
    ),
    /** Summed over its series; NaN when there is none. */
    value: (index: number) => {
      const answer = promqlAnswer(promql[index]?.query ?? '', {
        before: since.samples,
        after: after.samples,
        seconds,
      })
      return answer.length === 0 ? Number.NaN : answer.reduce((sum, { value }) => sum + value, 0)
    },
    logql: logql.map(({ query }) => logqlAnswer(query, lines)),
  }
}

const start = (world: World, name: string) => ok(world.present('POST', `/scenarios/${name}/start`))
const stop = (world: World) => ok(world.present('POST', '/scenarios/stop'))
const now = (config: Partial<Config> = {}) =>
  createWorld({ logLevel: 'info', ...config }, { clock: systemClock, random: seededRandom(1) })

/** Starts it, waits for what shows, stops it, waits until all is as before. @returns what its queries say of three borrows afterwards */
async function shown(
  world: World,
  name: ScenarioName,
  isVisible: (seen: Awaited<ReturnType<typeof asked>>) => void,
) {
  // Counters that begin with the first borrow are there before it.
  await ok(world.send('POST', '/licenses/return', { id: (await borrow(world)).id }))
  const healthy = await scrape(world)
  expect(await start(world, name)).toMatchObject({ running: { name } })
  await expect.poll(async () => void isVisible(await asked(world, name, healthy)), SOON).toBeUndefined()

  expect(await stop(world)).toMatchObject({ running: null })
  await expect.poll(() => world.lines().some(({ event }) => event === 'traffic_stopped'), SOON).toBe(true)
  await expect.poll(() => ok(world.send('GET', '/borrows')), SOON).toEqual([])
  const { possible: _, ...faults } = await ok(world.send('GET', '/faults'))
  expect(Object.values(faults).filter(value => value !== null)).toEqual([])
  expect(await ok(world.send('GET', '/version'))).toMatchObject({ version: '1.2.3', commit: 'abc1234' })
  return async () => {
    const healed = await scrape(world)
    const lines = world.lines().length
    for (const user of ['ada', 'bela', 'chen'])
      await ok(world.send('POST', '/licenses/return', { id: (await borrow(world, user)).id }))
    return asked(world, name, healed, lines)
  }
}

describe('on a whole server, its own queries show the symptom, and stopping it heals', () => {
  test('bad-release', { timeout: SLOW }, async () => {
    const world = now()
    const afterwards = await shown(world, 'bad-release', ({ value, promql, logql }) => {
      expect(value(0)).toBeGreaterThan(0)
      expect(value(1)).toBeGreaterThan(0.1)
      expect(value(1)).toBeLessThan(0.8)
      expect(promql[2]?.map(({ labels }) => labels.version)).toEqual(['1.2.4'])
      for (const lines of logql) expect(lines.length).toBeGreaterThan(0)
      // Failures are localised: nothing fails by the version before.
      expect(new Set(logql[0]?.map(line => line.version))).toEqual(new Set(['1.2.4']))
    })
    const after = await afterwards()
    expect(after.value(0)).toBe(0)
    expect(after.promql[2]?.map(({ labels }) => labels.version)).toEqual(['1.2.3'])
    expect(after.logql[0]).toEqual([])
    expect(after.logql[3]).toEqual([])
    expect(world.lines().filter(({ event }) => event === 'release_rolled_back').length).toBe(1)
  })

  test('slow-dependency', { timeout: SLOW }, async () => {
    const afterwards = await shown(now(), 'slow-dependency', ({ value, logql }) => {
      expect(value(0)).toBeGreaterThan(0.5)
      expect(value(1)).toBeGreaterThan(0.5)
      expect(value(2)).toBe(0)
      for (const lines of logql) expect(lines.length).toBeGreaterThan(3)
    })
    // A loaded machine is slow by itself, but not for long.
    await expect.poll(async () => (await afterwards()).logql[0], SOON).toEqual([])
    await expect.poll(async () => (await afterwards()).value(1), SOON).toBe(0)
  })

  test('seat-leak', { timeout: SLOW }, async () => {
    const world = now()
    // Only a server that was started looks after seats that leak at the last moment.
    await listening(world)
    const afterwards = await shown(world, 'seat-leak', ({ value, logql }) => {
      expect(value(0)).toBeGreaterThanOrEqual(3)
      expect(value(2)).toBeGreaterThan(0)
      for (const lines of logql) expect(lines.length).toBeGreaterThan(0)
    })
    const after = await afterwards()
    expect(after.value(0)).toBe(0)
    for (const lines of after.logql) expect(lines).toEqual([])
    expect(await statusOf(world, 'cad_tool')).toMatchObject({ borrowed: 0 })
  })

  test('retry-storm', { timeout: SLOW }, async () => {
    const world = now()
    const afterwards = await shown(world, 'retry-storm', ({ value, promql, logql }) => {
      expect(value(0)).toBeGreaterThan(0.25)
      expect(value(1)).toBeGreaterThan(1.5 * value(2))
      expect(promql[3]?.map(({ labels }) => labels.status)).toContain('500')
      expect(logql[0]?.length).toBeGreaterThan(5)
    })
    expect((await ok(world.send('GET', '/traffic'))).summary.retried).toBeGreaterThanOrEqual(3)
    const after = await afterwards()
    expect(after.value(0)).toBe(0)
    expect(after.value(1)).toBe(after.value(2))
    expect(after.logql[0]).toEqual([])
  })

  test('frontend-error', { timeout: SLOW }, async () => {
    const afterwards = await shown(now(), 'frontend-error', ({ value, logql }) => {
      // So many that the alert FrontendErrorBurst fires.
      expect(value(0)).toBeGreaterThan(5)
      expect(value(1)).toBeNaN()
      expect(logql[0]?.at(-1)).toMatchObject({ version: '1.2.3', source: expect.stringContaining('1.2.3') })
    })
    const after = await afterwards()
    expect(after.value(0)).toBe(0)
    expect(after.logql[0]).toEqual([])
  })

  test('lost-coverage', { timeout: SLOW }, async () => {
    const dbPath = join(temporaryFolder(), 'licenses.db')
    const { fleet } = testConfig(dbPath)
    const world = now({ dbPath, fleet: { ...fleet, simulated: { vehicles: 20, speed: 1, seed: 7 } } })
    await listening(world)
    const offline = async () => (await asked(world, 'lost-coverage', { samples: [], at: 0 })).value(0) || 0
    const online = async () => {
      const { samples } = await scrape(world)
      return samples
        .filter(({ name, labels }) => name === 'fleet_vehicles' && labels.state !== 'offline')
        .reduce((sum, { value }) => sum + value, 0)
    }
    await expect.poll(online, SOON).toBeGreaterThanOrEqual(18)
    const before = await offline()
    await start(world, 'lost-coverage')
    await expect.poll(offline, SOON).toBeGreaterThanOrEqual(before + 8)
    const { query } = scenarios['lost-coverage'].logql[0] as { query: string }
    // Of many at once only a few are logged.
    await expect.poll(() => logqlAnswer(query, world.lines()).length, SOON).toBeGreaterThanOrEqual(3)
    await stop(world)
    await expect.poll(online, { ...SOON, timeout: 60_000 }).toBeGreaterThanOrEqual(18)
  })
})
