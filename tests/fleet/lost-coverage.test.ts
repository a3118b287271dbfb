import { test } from 'vitest'
import { systemClock } from '../../src/shared/clock.ts'
import { runVehiclesBeside } from '../../src/simulator/vehicles/run-beside.ts'
import { publicKeyText, signingKey } from '../../src/vehicle/credentials.ts'
import { waitFor } from '../support/wait-for.ts'
import { ok } from '../support/wire.ts'
import { createWorld, FLEET_KEY } from '../support/world.ts'

test('vehicles beside the server lose coverage and find it again: their broker tells, and they come back', async () => {
  const world = createWorld({}, { clock: systemClock })
  const { mqttPort } = await world.app.start()
  const vehicles = runVehiclesBeside({
    vehicles: 10,
    // So slow that none gets to a tunnel or an outage of its own.
    speed: 0.01,
    seed: 1,
    key: FLEET_KEY,
    publicKey: publicKeyText(signingKey(FLEET_KEY)),
    url: `mqtt://127.0.0.1:${mqttPort}`,
    send: async () => new Response(),
    clock: systemClock,
  })
  try {
    const online = async () => (await ok(world.send('GET', '/fleet/summary'))).online
    await waitFor(async () => (await online()) === 10, 30_000)
    vehicles.loseCoverage(0.4)
    await waitFor(async () => (await online()) === 6, 30_000)
    vehicles.regainCoverage()
    await waitFor(async () => (await online()) === 10, 30_000)
  } finally {
    await vehicles.stop()
  }
}, 120_000)
