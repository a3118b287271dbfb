/** Everybody loses the connection in the same moment, and everybody comes back. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { brokerRefusals } from '../../../src/mqtt/embedded-broker.ts'
import { waitFor } from '../../support/wait-for.ts'
import { temporaryFolder } from '../../support/world.ts'
import { startProgram } from './fleet-program.ts'
import { kept } from './kept.ts'
import { type RawVehicle, rawVehicle, sampleOf } from './raw-vehicle.ts'

const VEHICLES = 1000
const ROUNDS = 3

test('a thousand vehicles that are cut off at once come back at once: none is refused, and none is told gone that is there', async () => {
  const dbPath = join(temporaryFolder(), 'licenses.db')
  const program = await startProgram(dbPath)
  const summary = async () => (await program.send('GET', '/fleet/summary')).body
  const connectAll = () =>
    Promise.all(
      Array.from({ length: VEHICLES }, async (_, index) => {
        const vehicle = await rawVehicle(program.mqttPort, index + 1)
        expect(await vehicle.greet()).toBe(true)
        return vehicle
      }),
    )
  let vehicles: RawVehicle[] = await connectAll()
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { socket } of vehicles) socket.resetAndDestroy()
    vehicles = await connectAll()
    for (const vehicle of vehicles) void vehicle.say('telemetry', sampleOf(vehicle, round))
  }
  await waitFor(() => kept(dbPath).samples.length === VEHICLES * ROUNDS, 20_000)
  expect(await summary()).toMatchObject({
    total: VEHICLES,
    online: VEHICLES,
    broker: { connections: VEHICLES },
    ingest: { waiting: 0, dead_letters: 0 },
  })
  for (const reason of brokerRefusals)
    expect([reason, await program.metric(`fleet_broker_refusals_total{reason="${reason}"}`)]).toEqual([
      reason,
      0,
    ])

  for (const { socket } of vehicles) socket.destroy()
  await waitFor(async () => (await summary()).online === 0, 20_000)
  expect((await summary()).broker.connections).toBe(0)
}, 60_000)
