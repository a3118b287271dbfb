import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createVehicleCommands } from '../../../src/fleet/vehicle-api/index.ts'
import { proofOf } from '../../../src/http/session.ts'
import { expectProblem, json } from '../../support/wire.ts'
import { TOKEN } from '../../support/world.ts'
import { anApiWorld, SILENT, VEHICLE } from './api-world.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const presenter = { authorization: `Bearer ${TOKEN}` }
const id = { vehicle_id: VEHICLE }

const deeds: [string, Record<string, unknown>, Record<string, unknown>][] = [
  ['/api/vehicle/lock', {}, { kind: 'lock' }],
  ['/api/vehicle/unlock', {}, { kind: 'unlock' }],
  ['/api/remote/lock', { action: 'lock' }, { kind: 'lock' }],
  ['/api/remote/lock', { action: 'unlock' }, { kind: 'unlock' }],
  ['/api/remote/climate', { on: true, celsius: 16 }, { kind: 'climate', on: true, celsius: 16 }],
  ['/api/remote/climate', { on: true }, { kind: 'climate', on: true, celsius: 21 }],
  ['/api/remote/climate', { on: false }, { kind: 'climate', on: false }],
  ['/api/charging', { on: true }, { kind: 'charging', on: true }],
  [
    '/api/navigation/route',
    { latitude: 42, longitude: -71 },
    { kind: 'route', destination: { latitude: 42, longitude: -71 } },
  ],
]

test.each(deeds)('POST %s %j tells the vehicle and answers when it is done', async (path, body, message) => {
  const world = anApiWorld()
  const response = await world.asApp('POST', path, { ...id, ...body })
  expect(response.status).toBe(200)
  expect(await json(response)).toEqual({ ...id, command_id: 'command-1', outcome: 'done' })
  expect(world.sent).toEqual([{ vehicle: VEHICLE, message: { ...message, id: 'command-1' } }])
})

test.each(deeds)('POST %s %j is for this vehicle’s app and the presenter', async (path, body) => {
  const world = anApiWorld()
  const post = (vehicle: string, headers: Record<string, string> = {}) =>
    world.http.send('POST', path, { vehicle_id: vehicle, ...body }, headers)
  await expectProblem(await post(VEHICLE), 'unauthorized')
  await expectProblem(await world.asApp('POST', path, { vehicle_id: SILENT, ...body }), 'unauthorized')
  const cookie = { cookie: `twinloop_presenter=${proofOf(TOKEN)}` }
  await expectProblem(await post(VEHICLE, { ...cookie, 'sec-fetch-site': 'cross-site' }), 'cross_site')
  await expectProblem(await post('vehicle_99999', presenter), 'unknown_vehicle')
  expect(world.sent).toEqual([])
  expect((await post(VEHICLE, presenter)).status).toBe(200)
  expect((await post(VEHICLE, { ...cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
})

test.each<[string, unknown]>([
  ['/api/vehicle/lock', {}],
  ['/api/vehicle/lock', { vehicle_id: 'No such name' }],
  ['/api/vehicle/lock', { vehicle_id: 'x'.repeat(33) }],
  ['/api/remote/lock', { ...id, action: 'open' }],
  ['/api/remote/climate', { ...id }],
  ['/api/remote/climate', { ...id, on: true, celsius: 15.9 }],
  ['/api/remote/climate', { ...id, on: true, celsius: 28.1 }],
  ['/api/charging', { ...id, on: 'yes' }],
  ['/api/navigation/route', { ...id, latitude: 91, longitude: 0 }],
  ['/api/navigation/route', { ...id, latitude: 0, longitude: -180.1 }],
])('POST %s %j is refused and nothing is sent', async (path, body) => {
  const world = anApiWorld()
  await expectProblem(await world.asApp('POST', path, body), 'invalid_request')
  expect(world.sent).toEqual([])
})

test('a vehicle that is not connected is told nothing: 409 at once', async () => {
  const world = anApiWorld()
  const response = await world.http.send('POST', '/api/vehicle/lock', { vehicle_id: SILENT }, presenter)
  expect(await expectProblem(response, 'vehicle_offline')).toMatchObject({ vehicle_id: SILENT })
  expect(world.sent).toEqual([])
})

test('a vehicle that refuses: 409 with its reason, cut', async () => {
  const world = anApiWorld()
  world.behave((vehicle, message) => {
    world.commands.settle(vehicle, message.id, 'refused', `moving${'!'.repeat(500)}`)
  })
  const problem = await expectProblem(await world.asApp('POST', '/api/vehicle/unlock', id), 'vehicle_refused')
  expect(problem).toMatchObject({ ...id, command_id: 'command-1' })
  expect(problem.vehicle_reason).toBe(`moving${'!'.repeat(194)}`)
})

test('a vehicle that says nothing in five seconds: 504; what it says later changes nothing', async () => {
  const world = anApiWorld()
  world.behave(() => {})
  const response = world.asApp('POST', '/api/vehicle/lock', id)
  await vi.advanceTimersByTimeAsync(4999)
  expect(world.commands.waiting).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  await expectProblem(await response, 'vehicle_silent')
  expect(world.commands.settle(VEHICLE, 'command-1', 'done', null)).toBe(false)
  expect(world.commands.waiting).toBe(0)
})

test('a broker that is away: 503 at once, with a Retry-After', async () => {
  const world = anApiWorld()
  world.behave(() => Promise.reject(new Error('not connected')))
  const response = await world.asApp('POST', '/api/vehicle/lock', id)
  expect(response.headers.get('retry-after')).toBe('1')
  await expectProblem(response, 'broker_away')
})

const send = async () => {}
let last = 0
const newId = () => String(++last)

test('only the vehicle that was asked can answer', async () => {
  const commands = createVehicleCommands({ send, newId: () => 'c' })
  const outcome = commands.command(VEHICLE, { kind: 'lock' })
  expect(commands.settle(SILENT, 'c', 'done', null)).toBe(false)
  expect(commands.settle(VEHICLE, 'other', 'done', null)).toBe(false)
  expect(commands.settle(VEHICLE, 'c', 'refused', null)).toBe(true)
  expect(await outcome).toEqual({ id: 'c', outcome: 'refused', reason: null })
})

test('no more commands wait than there is room for', async () => {
  const commands = createVehicleCommands({ send, newId, waitingMax: 2 })
  const first = [commands.command('a', { kind: 'lock' }), commands.command('b', { kind: 'lock' })]
  await expect(commands.command('c', { kind: 'lock' })).rejects.toMatchObject({ reason: 'overloaded' })
  await vi.advanceTimersByTimeAsync(5000)
  expect((await Promise.all(first)).map(({ outcome }) => outcome)).toEqual(['silent', 'silent'])
  const next = commands.command('c', { kind: 'lock' })
  commands.stop()
  await expect(next).rejects.toMatchObject({ reason: 'stopping' })
  await expect(commands.command('c', { kind: 'lock' })).rejects.toMatchObject({ reason: 'stopping' })
})
