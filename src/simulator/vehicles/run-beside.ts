/** Simulated vehicles in the server's own process, by the same broker and the same API as any other. */
import type { Clock } from '../../shared/clock.ts'
import { seededRandom } from '../../shared/random.ts'
import { publicKeyFrom } from '../../vehicle/signing.ts'
import { createApps, type SendAsApp } from './apps.ts'
import { createFleet, type Fleet } from './fleet.ts'
import { identityOf } from './identity.ts'
import { mqttConnect } from './mqtt-link.ts'
import { createScheduler, keepRunning } from './scheduler.ts'

export interface VehiclesBeside {
  vehicles: number
  /** Simulated seconds in a real one. */
  speed: number
  seed: number
  /** The fleet's key. */
  key: string
  /** As `GET /fleet/connection` names it. */
  publicKey: string
  /** Of the broker. */
  url: string
  /** Sends what the owners' apps ask. */
  send: SendAsApp
  clock: Clock
}

/** Between two samples of a vehicle, in real seconds. A large fleet says less often, to leave the stage its machine. */
const INTERVAL_SECONDS = 5
const SAMPLES_PER_SECOND_MAX = 500
const APP_REQUESTS_PER_SECOND = 2

export interface RunningBeside extends Pick<Fleet, 'loseCoverage' | 'regainCoverage'> {
  /** Resolves when they have gone. */
  stop(): Promise<void>
}

/** Starts them. */
export function runVehiclesBeside(options: VehiclesBeside): RunningBeside {
  const { vehicles, speed, seed, key, publicKey, url, send, clock } = options
  const scheduler = createScheduler(clock)
  const fleet = createFleet({
    vehicles,
    intervalSeconds: Math.max(INTERVAL_SECONDS, vehicles / SAMPLES_PER_SECOND_MAX) * speed,
    seed,
    speed,
    key,
    publicKey: publicKeyFrom(publicKey),
    connect: mqttConnect(url),
    clock,
    scheduler,
  })
  const apps = createApps({
    send,
    key,
    vehicles: Array.from({ length: vehicles }, (_, index) => identityOf(index + 1).vehicle),
    rate: APP_REQUESTS_PER_SECOND,
    random: seededRandom(seed),
    scheduler,
  })
  const stopRunning = keepRunning(scheduler, () => {})
  fleet.start()
  apps.start()
  return {
    loseCoverage: fleet.loseCoverage,
    regainCoverage: fleet.regainCoverage,
    async stop() {
      apps.stop()
      await fleet.stop()
      stopRunning()
    },
  }
}
