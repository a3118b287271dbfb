/** A simulated fleet: vehicles that drive, tell of themselves and are updated, as seeded chance has it. */
import type { KeyObject } from 'node:crypto'
import type { Clock } from '../../shared/clock.ts'
import { newSecret } from '../../shared/id.ts'
import { randomOf } from './chance.ts'
import { type FaultOptions, noFaults } from './faults.ts'
import type { FleetNature, Vehicle, VehicleView } from './fleet-world.ts'
import { identityOf } from './identity.ts'
import type { Connect } from './link.ts'
import type { Scheduler } from './scheduler.ts'
import { type Counts, freshCounts } from './stats.ts'
import { createVehicle } from './vehicle.ts'

export interface FleetOptions extends FleetNature {
  /** How many, 1 to 99,999. */
  vehicles: number
  /** The number of the first of them; 1 when left out. */
  first?: number
  /** Between two samples of a vehicle, simulated seconds. */
  intervalSeconds: number
  /** The same seed, clock and scheduler make the same fleet. */
  seed: number
  /** Simulated seconds in a real one, 1 or more: driving, outages, updates and the interval follow it. */
  speed?: number
  /** The key of the fleet: the vehicles' passwords come from it. */
  key: string
  /** Vehicles believe releases that it signed. */
  publicKey: KeyObject
  connect: Connect
  clock: Clock
  scheduler: Scheduler
  faults?: Partial<FaultOptions>
  /** Names a run of a vehicle's computer; two runs never share one. */
  newBoot?: (vehicle: string) => string
}

export interface FleetStats extends Counts {
  vehicles: number
  online: number
  offline: number
  /** Messages and samples that wait in the vehicles. */
  waiting: number
  averageBatteryPercent: number
  firmware: Record<string, number>
}

export interface Fleet {
  start(): void
  /** Sends what waits, says goodbye, and resolves when all are gone or did not manage to within seconds. */
  stop(): Promise<void>
  stats(): FleetStats
  /** Each vehicle as it is. */
  vehicles(): ({ vehicle: string } & VehicleView)[]
  /** From now on so many have no coverage, whatever was before; the seed chooses which. @param share 0 to 1 */
  loseCoverage(share: number): void
  regainCoverage(): void
}

/** So many connect in a second when the fleet starts. */
const STARTS_PER_SECOND = 500
const GOLDEN = (Math.sqrt(5) - 1) / 2
const SENDS_WITHIN_MS = 5000
const LEAVES_WITHIN_MS = 2500
const LOOKS_EVERY_MS = 50

export function createFleet(options: FleetOptions): Fleet {
  const { scheduler, clock } = options
  const counts = freshCounts()
  const world = {
    ...options,
    counts,
    speed: options.speed ?? 1,
    faults: { ...noFaults, ...options.faults },
    newBoot: options.newBoot ?? newSecret,
  }
  const { firmware } = options
  const installed = firmware && { firmware: firmware.version, releaseCounter: firmware.releaseCounter }
  const vehicles = Array.from({ length: options.vehicles }, (_, index) =>
    createVehicle({ ...identityOf(index + (options.first ?? 1)), ...installed }, world),
  )
  const views = () => vehicles.map(vehicle => vehicle.view())

  const lotOf = ({ identity }: Vehicle) => randomOf(options.seed, identity.vehicle, 'coverage').next()
  function lose(share: number) {
    const drawn = vehicles.toSorted((a, b) => lotOf(a) - lotOf(b))
    const lost = Math.round(Math.min(1, Math.max(0, share)) * drawn.length)
    for (const [index, vehicle] of drawn.entries()) vehicle.cover(index >= lost)
  }

  /** Resolves when it is so, or that time has passed. */
  function until(isSo: () => boolean, withinMs: number): Promise<void> {
    const end = clock.monotonic() + withinMs
    return new Promise(resolve => {
      const look = () =>
        isSo() || clock.monotonic() >= end ? resolve() : void scheduler.after(LOOKS_EVERY_MS, look)
      look()
    })
  }

  return {
    start() {
      for (const [index, vehicle] of vehicles.entries())
        vehicle.start((index * 1000) / STARTS_PER_SECOND, (index * GOLDEN) % 1)
    },
    async stop() {
      for (const vehicle of vehicles) vehicle.quieten()
      await until(() => views().every(({ online, waiting }) => !online || waiting === 0), SENDS_WITHIN_MS)
      for (const vehicle of vehicles) vehicle.leave()
      await until(() => views().every(({ online }) => !online), LEAVES_WITHIN_MS)
    },
    vehicles: () => vehicles.map(({ identity, view }) => ({ vehicle: identity.vehicle, ...view() })),
    loseCoverage: lose,
    regainCoverage: () => lose(0),
    stats() {
      const all = views()
      const online = all.filter(view => view.online).length
      const firmware: Record<string, number> = {}
      for (const view of all) firmware[view.firmware] = (firmware[view.firmware] ?? 0) + 1
      return {
        ...counts,
        vehicles: all.length,
        online,
        offline: all.length - online,
        waiting: all.reduce((sum, { waiting }) => sum + waiting, 0),
        averageBatteryPercent: all.reduce((sum, view) => sum + view.batteryPercent, 0) / all.length,
        firmware,
      }
    },
  }
}
