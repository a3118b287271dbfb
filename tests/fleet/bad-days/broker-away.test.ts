/** Five minutes without a broker, at sixty times the speed: five real seconds. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { appToken } from '../../../src/vehicle/credentials.ts'
import { freePort } from '../../mqtt/brokers.ts'
import { startServer } from '../../support/killable-server.ts'
import { isOnPath } from '../../support/on-path.ts'
import { waitFor } from '../../support/wait-for.ts'
import { borrow } from '../../support/wire.ts'
import { FLEET_KEY, temporaryFolder } from '../../support/world.ts'
import { linesOf, metric, online, startWorld } from './fleet-world.ts'
import { differences, expectComplete, type Kept, kept } from './kept.ts'
import { killableMosquitto } from './mosquitto.ts'
import { drive } from './vehicles.ts'

const VEHICLES = 50
const RATE = 60
const OUTAGE_MS = (5 * 60_000) / RATE
const BEFORE_MS = 1500
const AFTER_MS = 1000
/** Simulated seconds: four samples a real second of each vehicle. */
const EVERY_SECONDS = 15

const start = (url: string) => drive({ url, vehicles: VEHICLES, rate: RATE, everySeconds: EVERY_SECONDS })
const path = () => join(temporaryFolder(), 'licenses.db')

/** The samples that were taken while there was no broker are there, as history. */
function expectHistory({ samples }: Kept, from: number, to: number) {
  // A sample that was just taken when the line went is sent again as it was.
  const during = samples.filter(({ at }) => at > from + 250 && at < to)
  const expected = (VEHICLES * (to - from)) / ((EVERY_SECONDS * 1000) / RATE)
  expect(during.length).toBeGreaterThan(expected * 0.8)
  expect(during.filter(({ historical }) => historical === 0)).toEqual([])
  for (const { at, receivedAt } of during) expect(receivedAt).toBeGreaterThanOrEqual(Math.max(at, to))
}

describe('with the embedded broker', () => {
  test('a server that is stopped for five minutes misses nothing: what the vehicles kept comes as history', async () => {
    const dbPath = path()
    const port = await freePort()
    const first = await startWorld({ dbPath, port })
    const driving = start(`mqtt://127.0.0.1:${port}`)
    await waitFor(async () => (await online(first)) === VEHICLES)
    await wait(BEFORE_MS)
    await first.stop()
    const from = Date.now()
    await wait(OUTAGE_MS)
    const to = Date.now()
    const next = await startWorld({ dbPath, port })
    await waitFor(async () => (await online(next)) === VEHICLES, 20_000)
    await wait(AFTER_MS)
    await driving.stop()
    expectHistory(expectComplete(dbPath, driving), from, to)
    expect(await online(next)).toBe(0)
    await next.stop()
  })

  test('a server that is killed and away for five minutes misses nothing', async () => {
    const dbPath = path()
    const port = await freePort()
    const first = await startServer(dbPath, { MQTT_PORT: String(port) })
    const driving = start(`mqtt://127.0.0.1:${port}`)
    await waitFor(() => driving.fleet.stats().online === VEHICLES)
    await wait(BEFORE_MS)
    await first.kill()
    const from = Date.now()
    await wait(OUTAGE_MS)
    const to = Date.now()
    const next = await startServer(dbPath, { MQTT_PORT: String(port) })
    await waitFor(() => driving.fleet.stats().online === VEHICLES, 20_000)
    await wait(AFTER_MS)
    await driving.stop()
    const { body } = await next.send('GET', '/fleet/summary')
    expect(body).toMatchObject({ total: VEHICLES, online: 0 })
    await next.kill()
    expectHistory(expectComplete(dbPath, driving), from, to)
  })
})

describe.skipIf(!isOnPath('mosquitto'))('with mosquitto', () => {
  test('a broker that is killed for five minutes is told of, hurts no borrow, and comes back by itself with nothing lost', async () => {
    const dbPath = path()
    const broker = await killableMosquitto(VEHICLES)
    const world = await startWorld({ dbPath, port: 0, url: broker.url, password: broker.password })
    const driving = start(broker.url)
    await waitFor(async () => (await online(world)) === VEHICLES)
    await wait(BEFORE_MS)
    await broker.savedSession()
    expect(await metric(world, 'fleet_broker_connected')).toBe(1)

    await broker.kill()
    const from = Date.now()
    await waitFor(async () => (await metric(world, 'fleet_broker_connected')) === 0)
    const command = await world.send(
      'POST',
      '/api/vehicle/lock',
      { vehicle_id: 'vehicle_00001' },
      { authorization: `Bearer ${appToken(FLEET_KEY, 'vehicle_00001')}` },
    )
    expect(command.status).toBe(503)
    expect(await command.json()).toMatchObject({ reason: 'broker_away' })
    for (let n = 0; n < 3; n++) await borrow(world, `user${n}`)
    expect((await world.send('GET', '/readyz')).status).toBe(200)
    expect(linesOf(world, 'broker_disconnected')).toHaveLength(1)
    await wait(OUTAGE_MS - (Date.now() - from))

    const to = Date.now()
    await broker.start()
    await waitFor(async () => (await metric(world, 'fleet_broker_connected')) === 1)
    await waitFor(() => driving.fleet.stats().online === VEHICLES, 20_000)
    await wait(AFTER_MS)
    await driving.stop()
    await waitFor(() => differences(kept(dbPath), driving).missing.length === 0).catch(() => {})
    expectHistory(expectComplete(dbPath, driving), from, to)
    expect(linesOf(world, 'broker_connected')).toHaveLength(2)
    await world.stop()
  })
})
