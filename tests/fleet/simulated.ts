/** Simulated vehicles against a server of the test, in accelerated time. */
import { onTestFinished } from 'vitest'
import { systemClock } from '../../src/shared/clock.ts'
import type { FaultOptions } from '../../src/simulator/vehicles/faults.ts'
import { createFleet, type Fleet } from '../../src/simulator/vehicles/fleet.ts'
import { mqttConnect } from '../../src/simulator/vehicles/mqtt-link.ts'
import { createScheduler, keepRunning } from '../../src/simulator/vehicles/scheduler.ts'
import { publicKeyText, signingKey } from '../../src/vehicle/credentials.ts'
import { publicKeyFrom } from '../../src/vehicle/signing.ts'
import { FLEET_KEY } from '../support/world.ts'

export interface Simulated {
  vehicles: number
  /** Simulated seconds in a real one. */
  speed: number
  /** Real seconds between two samples of a vehicle. */
  everySeconds: number
  url: string
  faults?: Partial<FaultOptions>
}

export function simulate(options: Simulated): Fleet {
  const scheduler = createScheduler(systemClock)
  const fleet = createFleet({
    vehicles: options.vehicles,
    intervalSeconds: options.everySeconds * options.speed,
    seed: 1,
    speed: options.speed,
    key: FLEET_KEY,
    publicKey: publicKeyFrom(publicKeyText(signingKey(FLEET_KEY))),
    connect: mqttConnect(options.url),
    clock: systemClock,
    scheduler,
    faults: { outages: false, ...options.faults },
  })
  const halt = keepRunning(scheduler, () => {})
  onTestFinished(async () => {
    await fleet.stop()
    halt()
  })
  fleet.start()
  return fleet
}
