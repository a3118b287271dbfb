import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { Database } from '../../src/db/driver.ts'
import { freePort } from '../mqtt/brokers.ts'
import { startServer } from '../support/killable-server.ts'
import { waitFor } from '../support/wait-for.ts'
import { temporaryFolder } from '../support/world.ts'
import { type StubbornVehicle, stubbornVehicle } from './stubborn-vehicle.ts'

const ROUNDS = 8
const VEHICLES = 20
const SAMPLES_EVERY_MS = 5

/** Numbers that are in the database, by boot; one that is there twice is named. */
function stored(path: string): { numbers: Map<string, Set<number>>; twice: unknown[] } {
  const database = new Database(join(dirname(path), 'fleet.db'), { readonly: true })
  try {
    const rows = database
      .prepare('SELECT boot, seq FROM samples JOIN boots ON boots.id = samples.boot_id')
      .all() as { boot: string; seq: number }[]
    const numbers = new Map<string, Set<number>>()
    const twice: unknown[] = []
    for (const { boot, seq } of rows) {
      const of = numbers.get(boot) ?? new Set()
      if (of.has(seq)) twice.push([boot, seq])
      numbers.set(boot, of.add(seq))
    }
    return { numbers, twice }
  } finally {
    database.close()
  }
}

test('what was acknowledged to a vehicle survives kill -9 in the middle of load, and nothing is kept twice', async () => {
  const path = join(temporaryFolder(), 'licenses.db')
  const port = await freePort()
  let server = await startServer(path, { MQTT_PORT: String(port) })
  const vehicles = Array.from({ length: VEHICLES }, (_, index) => stubbornVehicle(port, index + 1))
  onTestFinished(async () => void (await Promise.all(vehicles.map(({ stop }) => stop()))))
  const driving = setInterval(() => {
    for (const { sample } of vehicles) sample()
  }, SAMPLES_EVERY_MS)
  onTestFinished(() => clearInterval(driving))
  const acknowledged = () => vehicles.reduce((sum, vehicle) => sum + vehicle.acknowledged.size, 0)

  for (let round = 1; round <= ROUNDS; round++) {
    const before = acknowledged()
    await waitFor(() => acknowledged() > before + 500, 20_000)
    await wait(round * 13)
    await server.kill()
    const { numbers, twice } = stored(path)
    expect(twice, `round ${round}`).toEqual([])
    expect(missingOf(vehicles, numbers), `round ${round}`).toEqual([])
    server = await startServer(path, { MQTT_PORT: String(port) })
  }

  clearInterval(driving)
  await waitFor(() => vehicles.every(({ waiting }) => waiting === 0), 20_000)
  await server.kill()
  const { numbers, twice } = stored(path)
  expect(twice).toEqual([])
  for (const { boot, acknowledged: all } of vehicles) expect(numbers.get(boot)).toEqual(all)
  expect(acknowledged()).toBeGreaterThan(ROUNDS * 500)
}, 120_000)

/** What was acknowledged and is not there. */
const missingOf = (vehicles: StubbornVehicle[], numbers: Map<string, Set<number>>) =>
  vehicles.flatMap(({ boot, acknowledged }) =>
    [...acknowledged].filter(seq => !numbers.get(boot)?.has(seq)).map(seq => [boot, seq]),
  )
