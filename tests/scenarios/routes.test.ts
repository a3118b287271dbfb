import { describe, expect, test } from 'vitest'
import { scenariosReply, trafficReply } from '../../src/scenarios/api.ts'
import { scenarios } from '../../src/scenarios/data/index.ts'
import { expectProblem, ok } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const LONG = { timeout: 30_000, interval: 50 }
const eventsOf = (world: World, name: RegExp) => world.lines().filter(({ event }) => name.test(String(event)))
const quiet = { logLevel: 'info' as const }

describe('traffic', () => {
  test('everybody may look at it, only the presenter may start, change and stop it', async () => {
    const world = createWorld(quiet)
    const state = await ok(world.send('GET', '/traffic'))
    expect(trafficReply.parse(state)).toEqual(state)
    expect(state).toMatchObject({ running: false, simulated: true, summary: null })
    await expectProblem(await world.send('PUT', '/traffic', {}), 'unauthorized')
    await expectProblem(await world.send('DELETE', '/traffic'), 'unauthorized')
  })

  test('it borrows and gives back, can be changed, and holds nothing when it was stopped', async () => {
    const world = createWorld(quiet)
    expect(await ok(world.present('PUT', '/traffic', { rate: 100, seed: 3 }))).toMatchObject({
      running: true,
      rate: 100,
      by: 'presenter',
      ends_in_seconds: 600,
    })
    const summary = async () => (await ok(world.send('GET', '/traffic'))).summary
    await expect.poll(async () => (await summary()).returned, LONG).toBeGreaterThan(3)
    await ok(world.present('PUT', '/traffic', { rate: 10, seconds: 60, mix: { borrow: 90 }, retries: 1 }))
    const stopped = await ok(world.present('DELETE', '/traffic'))
    expect(stopped).toMatchObject({ running: false, rate: null, by: null })
    expect(stopped.summary.returned).toBe(stopped.summary.granted)
    expect(stopped.summary.granted).toBeGreaterThan(3)
    expect(await ok(world.send('GET', '/borrows'))).toEqual([])
    await ok(world.present('DELETE', '/traffic'))

    expect(
      eventsOf(world, /^traffic_/).map(({ event, by, rate, reason }) => [event, by, rate, reason]),
    ).toEqual([
      ['traffic_started', 'presenter', 100, undefined],
      ['traffic_started', 'presenter', 10, undefined],
      ['traffic_stopped', undefined, undefined, 'stopped'],
    ])
    expect(eventsOf(world, /^traffic_stopped/)[0]).toMatchObject(stopped.summary)
  })

  test.each([
    { rate: 0 },
    { rate: 501 },
    { rate: '20' },
    { seconds: 0 },
    { seconds: 7201 },
    { seed: -1 },
    { retries: 11 },
    { mix: { borrow: -1 } },
    { mix: { borrow: 101 } },
    { mix: { steal: 1 } },
    { by: 'race' },
  ])('what cannot be is refused: %j', async body => {
    const world = createWorld(quiet)
    await expectProblem(await world.present('PUT', '/traffic', body), 'invalid_request')
    expect(await ok(world.send('GET', '/traffic'))).toMatchObject({ running: false })
  })

  test('a server without pools has no traffic, and says so in the log', async () => {
    const world = createWorld({ ...quiet, seed: false })
    await ok(world.present('PUT', '/traffic', {}))
    await expect.poll(() => ok(world.send('GET', '/traffic')), LONG).toMatchObject({ running: false })
    expect(eventsOf(world, /^traffic_stopped/)).toMatchObject([
      { level: 'error', reason: 'failed', error: expect.stringContaining('no pools') },
    ])
  })
})

describe('scenarios', () => {
  test('everybody may read them, only the presenter may start and stop them', async () => {
    const world = createWorld(quiet)
    const reply = await ok(world.send('GET', '/scenarios'))
    expect(scenariosReply.parse(reply)).toEqual(reply)
    expect(reply.scenarios.map(({ name }: { name: string }) => name)).toEqual(Object.keys(scenarios))
    await expectProblem(await world.send('POST', '/scenarios/seat-leak/start'), 'unauthorized')
    await expectProblem(await world.send('POST', '/scenarios/stop'), 'unauthorized')
    await expectProblem(await world.present('POST', '/scenarios/nothing/start'), 'invalid_request')
    expect(await ok(world.present('POST', '/scenarios/stop'))).toMatchObject({ running: null })
  })

  test('one is told on the live topic, with its traffic, and logged at both ends', async () => {
    const world = createWorld(quiet)
    await ok(world.present('POST', '/scenarios/slow-dependency/start'))
    const { rehearsal } = await ok(world.send('GET', '/stream/snapshot?topics=rehearsal'))
    expect(rehearsal).toMatchObject({
      scenario: { name: 'slow-dependency', ends_in_seconds: 120 },
      traffic: { running: true, rate: 20, by: 'scenario', simulated: true },
    })
    expect(await ok(world.send('GET', '/faults'))).toMatchObject({ latency: { share: 1, ms: 800 } })
    await ok(world.present('POST', '/scenarios/stop'))
    await expect.poll(() => eventsOf(world, /^traffic_stopped/).length, LONG).toBe(1)
    expect(eventsOf(world, /^scenario_/)).toMatchObject([
      { event: 'scenario_started', level: 'warn', scenario: 'slow-dependency', seconds: 120 },
      { event: 'scenario_stopped', level: 'info', scenario: 'slow-dependency', reason: 'stopped' },
    ])
  })

  test('what the presenter set going runs on after it', async () => {
    const world = createWorld(quiet)
    await ok(world.present('PUT', '/traffic', { rate: 5 }))
    await ok(world.present('POST', '/scenarios/retry-storm/start'))
    expect(await ok(world.send('GET', '/traffic'))).toMatchObject({ rate: 20, by: 'scenario' })
    await ok(world.present('POST', '/scenarios/stop'))
    expect(await ok(world.send('GET', '/traffic'))).toMatchObject({ running: true, rate: 5, by: 'presenter' })
  })

  test('a release that the presenter shipped meanwhile is not rolled back by it', async () => {
    const world = createWorld(quiet)
    await ok(world.present('POST', '/scenarios/bad-release/start'))
    expect((await world.present('POST', '/deployments', { version: '2.0.0' })).status).toBe(201)
    await ok(world.present('POST', '/scenarios/stop'))
    expect(await ok(world.send('GET', '/version'))).toMatchObject({ version: '2.0.0' })
  })

  test('a server without faults refuses those that need them, one without vehicles the one that needs those', async () => {
    const world = createWorld({ ...quiet, faultsPossible: false })
    await expectProblem(await world.present('POST', '/scenarios/bad-release/start'), 'faults_off')
    await expectProblem(await world.present('POST', '/scenarios/seat-leak/start'), 'faults_off')
    await expectProblem(await world.present('POST', '/scenarios/lost-coverage/start'), 'scenario_impossible')
    expect(await ok(world.send('GET', '/traffic'))).toMatchObject({ running: false })
  })

  test('a server that stops heals first', async () => {
    const world = createWorld(quiet)
    await ok(world.present('POST', '/scenarios/bad-release/start'))
    await world.app.stop()
    const told = eventsOf(world, /^(scenario_stopped|release_rolled_back|traffic_stopped|server_stopped)$/)
    expect(told.map(({ event }) => event)).toEqual([
      'release_rolled_back',
      'scenario_stopped',
      'traffic_stopped',
      'server_stopped',
    ])
    expect(told[1]).toMatchObject({ reason: 'closing' })
  })
})
