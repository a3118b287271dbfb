import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { createOperations } from '../../src/http/operation.ts'
import { problemOf } from '../../src/http/problem.ts'
import type { RaceShape } from '../../src/race/api.ts'
import { createRaceWorld } from './race-world.ts'

function client(world: ReturnType<typeof createRaceWorld>) {
  const app = new Hono()
  app.use(async (c, next) => {
    c.set('facts' as never, { requestId: 'r' } as never)
    await next()
  })
  app.onError((error, c) => problemOf(c as never, error))
  world.races.serve(createOperations(app as never, { presenter: () => {}, alertmanager: () => {} }))
  return async (method: string, path: string, body?: object) => {
    const response = await app.request(path, { method, ...(body && { body: JSON.stringify(body) }) })
    return { status: response.status, headers: response.headers, data: (await response.json()) as RaceShape }
  }
}
const timeOf = ({ steps }: RaceShape['cloud'], name: string) =>
  steps.find(step => step.name === name)?.at_ms ?? null

test('a whole race by the autopilot: both lanes, one table, and traffic that ends with it', async () => {
  const world = createRaceWorld()
  const send = client(world)
  const { status, data } = await send('POST', '/races', {})
  expect(status).toBe(201)
  expect(world.twins[0]?.options).toEqual({ vehicles: 100, seed: 1, factor: 14_400, fromMs: 0 })
  expect(world.traffic.running).toBe(true)
  world.pass(9, world.borrow)
  world.cloud.incident = { subject: 'borrow-availability', acknowledged: false }
  world.pass(30, world.borrow)
  const left = (await world.frame())?.cloud
  expect(left?.done).toBe(true)
  expect(left?.steps.every(({ at_ms: at }) => at !== null)).toBe(true)
  expect(left?.hit).toBeGreaterThan(0)
  // Nobody has to borrow for the right lane.
  expect(world.traffic).toEqual({ running: false, ended: 1 })
  const ticket = { name: 'ticket', basis: 'assumed', at_ms: 40 * 3600_000, detail: 'read' } as const
  const good = { name: 'most_good', basis: 'simulated', at_ms: 600 * 3600_000, detail: '' } as const
  world.twins[0]?.tell(world.told(600, { steps: [ticket, good], good: 96, done: true }))
  world.pass(1)
  expect(world.traffic.ended).toBe(1)
  expect(world.twins[0]?.stopped).toBe(true)

  const kept = (await send('GET', `/races/${data.id}`)).data
  expect(kept).toMatchObject({ state: 'finished', recorded: false, assumptions: [{ step: 'ticket' }] })
  const detect = kept.table.find(({ measure }) => measure === 'detect')
  expect(detect?.vehicle).toBe(40 * 3600_000)
  expect(detect?.cloud).toBeGreaterThanOrEqual(9000)
  expect(detect?.cloud).toBeLessThanOrEqual(9500)
  expect(timeOf(kept.cloud, 'rolled_back')).toBe((timeOf(kept.cloud, 'localised') ?? 0) + 5000)
  expect(world.lines.map(({ event }) => event)).toEqual(['race_started', 'race_finished'])
  expect(await world.frame()).toEqual(kept)
})

test('without the autopilot it waits for the presenter', async () => {
  const world = createRaceWorld()
  const send = client(world)
  const { id } = (await send('POST', '/races', { autopilot: false })).data
  world.pass(5, world.borrow)
  world.cloud.incident = { subject: 'borrow-availability', acknowledged: false }
  world.pass(60, world.borrow)
  expect(timeOf((await world.frame())?.cloud as never, 'rolled_back')).toBeNull()
  expect(timeOf((await world.frame())?.cloud as never, 'acknowledged')).toBeNull()
  const { data } = await send('POST', `/races/${id}/rollback`)
  expect(data.cloud.steps.find(({ name }) => name === 'rolled_back')).toMatchObject({
    at_ms: 65_000,
    detail: 'by the presenter',
  })
  expect(world.cloud.version).toBe('1.4.1')
})

test('a rollback from anywhere else counts too', async () => {
  const world = createRaceWorld()
  await client(world)('POST', '/races', { autopilot: false })
  world.pass(5, world.borrow)
  world.cloud.version = '1.4.1'
  world.pass(1, world.borrow)
  expect(timeOf((await world.frame())?.cloud as never, 'rolled_back')).toBe(5250)
})

test('one race at a time; a cancelled one is kept, and its release is gone', async () => {
  const world = createRaceWorld()
  const send = client(world)
  const { id } = (await send('POST', '/races', {})).data
  expect((await send('POST', '/races', {})).status).toBe(409)
  expect(world.cloud.shipped).toBe(1)
  const cancelled = await send('POST', `/races/${id}/cancel`)
  expect(cancelled.data.state).toBe('cancelled')
  expect(world.cloud.version).toBe('1.4.1')
  expect(world.traffic.running).toBe(false)
  expect((await send('POST', `/races/${id}/cancel`)).status).toBe(409)
  expect((await send('POST', '/races', {})).status).toBe(201)
})

test('where faults are impossible nothing begins', async () => {
  const world = createRaceWorld()
  world.cloud.possible = false
  const { status, data } = await client(world)('POST', '/races', {})
  expect([status, (data as never as { reason: string }).reason]).toEqual([409, 'faults_off'])
  expect(world.traffic.running).toBe(false)
  expect(world.twins).toEqual([])
})

test('a server that restarts in the middle goes on: same race, same times, the fleet catches up', async () => {
  const before = createRaceWorld()
  const { id } = (await client(before)('POST', '/races', { autopilot: false, vehicles: 50, seed: 7 })).data
  before.pass(5, before.borrow)
  before.cloud.incident = { subject: 'borrow-availability', acknowledged: false }
  before.twins[0]?.tell(before.told(20))
  before.pass(3, before.borrow)
  const kept = await before.frame()
  await before.races.stop()

  const after = createRaceWorld(before.path)
  after.clock.advance(before.clock.now() - after.clock.now() + 4000)
  after.cloud.version = '1.4.2'
  after.races.start()
  expect(after.twins[0]?.options).toEqual({
    vehicles: 100,
    seed: 7,
    factor: 14_400,
    fromMs: 20 * 3600_000,
  })
  expect(after.traffic.running).toBe(true)
  const now = await after.frame()
  expect(now).toMatchObject({ id, state: 'running' })
  expect(timeOf(now?.cloud as never, 'alert')).toBe(timeOf(kept?.cloud as never, 'alert'))
  expect(now?.cloud.elapsed_ms).toBe((kept?.cloud.elapsed_ms ?? 0) + 4000)
  after.pass(2, after.borrow)
  expect((await after.frame())?.cloud.elapsed_ms).toBe((kept?.cloud.elapsed_ms ?? 0) + 6000)
})

test('a server that comes back after an hour closes what it left', async () => {
  const before = createRaceWorld()
  await client(before)('POST', '/races', {})
  await before.races.stop()
  const after = createRaceWorld(before.path)
  after.clock.advance(3600_000)
  after.races.start()
  expect(await after.frame()).toMatchObject({ state: 'interrupted' })
  expect(after.twins).toEqual([])
})

test('a lane that breaks is told of once, and the other goes to its end', async () => {
  const world = createRaceWorld()
  await client(world)('POST', '/races', {})
  world.pass(9, world.borrow)
  world.twins[0]?.fail(new Error('no memory'))
  world.cloud.incident = { subject: 'borrow-availability', acknowledged: false }
  world.pass(40, world.borrow)
  expect(await world.frame()).toMatchObject({ state: 'interrupted', cloud: { done: true } })
  expect(world.lines.map(({ event }) => event)).toEqual(['race_started', 'race_failed', 'race_finished'])
})

test('unknown and malformed ids are refused; a race can be taken away as a file', async () => {
  const world = createRaceWorld()
  const send = client(world)
  expect((await send('GET', '/races/00000000-0000-4000-8000-000000000000')).status).toBe(404)
  expect((await send('GET', '/races/x')).status).toBe(422)
  const { id } = (await send('POST', '/races', {})).data
  const { headers } = await send('GET', `/races/${id}?download=1`)
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="race-[\dT-]+\.json"$/)
})
