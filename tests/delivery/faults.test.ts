import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createFaults } from '../../src/delivery/faults.ts'
import { parseExposition } from '../support/exposition.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { expectProblem, ok } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const scrape = async (world: World) => parseExposition(await (await world.send('GET', '/metrics')).text())
const order = { tool: 'cad_tool', user: 'alice' }

test('all faults are off at the start', async () => {
  expect(await ok(createWorld().send('GET', '/faults'))).toEqual({
    possible: true,
    latency: null,
    errors: null,
    seat_leak: null,
    browser_script: null,
    noisy_logs: null,
    ends_in_seconds: null,
  })
})

test('errors on every borrow: each fails with a problem, counts as our fault, and takes no seat', async () => {
  const world = createWorld()
  await ok(world.present('PUT', '/faults', { errors: { share: 1 } }))
  await expectProblem(await world.send('POST', '/licenses/borrow', order), 'internal')
  const { value } = await scrape(world)
  expect(value('license_borrow_failure_total', { tool: 'cad_tool', reason: 'error' })).toBe(1)
  expect(value('license_borrow_attempts_total', { tool: 'cad_tool' })).toBe(1)
  expect(value('licenses_borrowed', { tool: 'cad_tool' })).toBe(0)
  expect(value('fault_hits_total', { fault: 'errors' })).toBe(1)
  expect(value('faults_active', { fault: 'errors' })).toBe(1)
  expect(world.lines().find(({ event }) => event === 'internal_error')?.error).toMatch(/fault "errors"/)
  await ok(world.present('DELETE', '/faults'))
  await ok(world.send('POST', '/licenses/borrow', order))
  expect((await scrape(world)).value('faults_active', { fault: 'errors' })).toBe(0)
})

test('a share of borrows is hit, as chance says', async () => {
  const draws = [0.1, 0.9, 0.29, 0.31]
  const world = createWorld({}, { random: { next: () => draws.shift() ?? 0.99 } })
  await ok(world.present('PUT', '/faults', { errors: { share: 0.3 } }))
  const statuses = []
  for (let index = 0; index < 4; index++)
    statuses.push((await world.send('POST', '/licenses/borrow', order)).status)
  expect(statuses).toEqual([500, 200, 500, 200])
})

test('errors never hit returns, renewals and reads', async () => {
  const world = createWorld()
  const { id } = (await ok(world.send('POST', '/licenses/borrow', order))) as { id: string }
  await ok(world.present('PUT', '/faults', { errors: { share: 1 } }))
  await ok(world.send('POST', '/licenses/renew', { id }))
  await ok(world.send('POST', '/licenses/return', { id }))
  await ok(world.send('GET', '/licenses/status'))
})

test('noisy logs: so many useless lines for each borrow, granted or not, and none when it is over', async () => {
  const world = createWorld()
  const noise = () => world.lines().filter(({ event }) => event === 'noisy_log')
  await ok(world.present('PUT', '/faults', { noisy_logs: { lines: 3 } }))
  const response = await world.send('POST', '/licenses/borrow', order)
  const id = response.headers.get('x-request-id')
  // Loki takes two lines of one time that are the same for one: each says whose it is.
  expect(noise().map(({ request_id, line }) => [request_id, line])).toEqual([1, 2, 3].map(line => [id, line]))
  await expectProblem(await world.send('POST', '/licenses/borrow', { ...order, tool: 'x' }), 'unknown_tool')
  expect(noise()).toHaveLength(6)
  expect(noise().every(({ level }) => level === 'info')).toBe(true)
  await ok(world.present('DELETE', '/faults'))
  await ok(world.send('POST', '/licenses/borrow', order))
  expect(noise()).toHaveLength(6)
  expect((await scrape(world)).value('fault_hits_total', { fault: 'noisy_logs' })).toBe(2)
})

test('only the presenter switches faults, and nobody where FAULTS=off', async () => {
  const world = createWorld()
  await expectProblem(await world.send('PUT', '/faults', { errors: { share: 1 } }), 'unauthorized')
  await expectProblem(await world.send('DELETE', '/faults'), 'unauthorized')
  const safe = createWorld({ faultsPossible: false })
  await expectProblem(await safe.present('PUT', '/faults', { errors: { share: 1 } }), 'faults_off')
  expect(await ok(safe.send('GET', '/faults'))).toMatchObject({ possible: false, errors: null })
})

test.each([
  { errors: { share: 0 } },
  { errors: { share: 1.1 } },
  { latency: { share: 1, ms: 5001 } },
  { latency: { share: 1 } },
  { errors: { share: 1 }, seconds: 601 },
  { seat_leak: { share: 1, seats_max: 51 } },
  { browser_script: { share: 2 } },
  { noisy_logs: { lines: 51 } },
  { leak: { share: 1 } },
])('out of bounds, nothing is switched on: %j', async body => {
  const world = createWorld()
  const before = await ok(world.send('GET', '/faults'))
  await expectProblem(await world.present('PUT', '/faults', body), 'invalid_request')
  expect(await ok(world.send('GET', '/faults'))).toEqual(before)
})

test('faults replace what was on', async () => {
  const world = createWorld()
  await ok(world.present('PUT', '/faults', { errors: { share: 1 }, browser_script: { share: 0.5 } }))
  const state = await ok(world.present('PUT', '/faults', { latency: { share: 1, ms: 5 } }))
  expect(state).toMatchObject({ errors: null, browser_script: null, latency: { share: 1, ms: 5 } })
  expect((await ok(world.present('PUT', '/faults', {}))).ends_in_seconds).toBe(null)
})

const quiet = { faultStarted: vi.fn(), faultStopped: vi.fn(), faultHit: vi.fn(), noise: vi.fn() }
const always = { next: () => 0 }
beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => vi.useRealTimers())

test('faults are due when their time is over, not before, and not when they were ended', () => {
  const clock = fakeClock()
  const changed = vi.fn()
  const faults = createFaults({ possible: true, random: always, clock, events: quiet, changed })
  faults.start({ errors: { share: 1 } }, 30)
  clock.advance(29_999)
  expect(faults.isDue()).toBe(false)
  expect(faults.state()).toMatchObject({ errors: { share: 1 }, ends_in_seconds: 1 })
  clock.advance(1)
  expect(faults.isDue()).toBe(true)
  faults.end('ran_out')
  expect(faults.isDue()).toBe(false)
  expect(faults.state()).toMatchObject({ errors: null, ends_in_seconds: null })
  expect(quiet.faultStopped).toHaveBeenLastCalledWith('errors', 'ran_out')
  expect(changed.mock.calls).toEqual([[[]], [['errors']]])
})

test('latency holds a borrow back for its time', async () => {
  const faults = createFaults({ possible: true, random: always, clock: fakeClock(), events: quiet })
  faults.start({ latency: { share: 1, ms: 400 } }, 30)
  const done = vi.fn()
  const waiting = faults.disturbance.beforeBorrow()?.then(done)
  await vi.advanceTimersByTimeAsync(399)
  expect(done).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  await waiting
  expect(done).toHaveBeenCalled()
})

test('while all are off, nothing is in the way', () => {
  const { disturbance } = createFaults({ possible: true, random: always, clock: fakeClock(), events: quiet })
  expect(Object.values(disturbance).map(part => part())).toEqual([null, null])
})

test('where faults are impossible they cannot be started from inside either', () => {
  const faults = createFaults({ possible: false, random: always, clock: fakeClock(), events: quiet })
  expect(() => faults.start({ errors: { share: 1 } }, 30)).toThrow(/FAULTS=off/)
  expect(faults.names()).toEqual([])
})
