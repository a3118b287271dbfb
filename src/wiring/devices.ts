/** The one broker, the features whose devices talk over it, and the devices that are simulated in this process. */
import type { Config } from '../config/config.ts'
import { fleetKeyOf } from '../config/secret-file.ts'
import { createEstate } from '../estate/index.ts'
import { createFleet, type FleetOptions } from '../fleet/index.ts'
import { createBroker } from '../mqtt/broker.ts'
import type { Clock } from '../shared/clock.ts'
import type { Random } from '../shared/random.ts'
import { SERVICE } from '../shared/service.ts'
import { serviceNames } from '../simulator/estate/plan.ts'
import { type RunningBeside, runVehiclesBeside } from '../simulator/vehicles/run-beside.ts'
import { SERVER_NAME, serverPassword } from '../vehicle/credentials.ts'
import { createMachines } from './machines.ts'
import type { OwnFigures } from './own-figures.ts'

export interface DevicesParts
  extends Pick<FleetOptions, 'clock' | 'log' | 'metrics' | 'visitors' | 'inline'> {
  config: Config
  fleetDatabase: FleetOptions['database']
  estateDatabase: FleetOptions['database']
  delivery: FleetOptions['delivery']
  /** The clock of the vehicles that are simulated in this process. */
  wall: Clock
  random: Random
  /** What this program counts of itself. */
  figures: OwnFigures
  /** Sends a request of their apps. */
  send: (path: string, init?: RequestInit) => Promise<Response>
}

export function createDevices(all: DevicesParts) {
  const { config, fleetDatabase, estateDatabase, wall, random, figures, send, ...parts } = all
  const { keepMs, maxBytes, broker: chosen, simulated } = config.fleet
  const key = fleetKeyOf(config.fleet)
  const broker = createBroker(
    chosen.kind === 'embedded' ? { ...chosen, host: config.host } : chosen,
    { name: SERVER_NAME, password: serverPassword(key) },
    () => [fleet.party, estate.party],
  )
  const fleet = createFleet({
    ...parts,
    database: fleetDatabase,
    key,
    keepMs,
    maxBytes,
    broker,
    vehiclesInside: simulated?.vehicles ?? 0,
  })
  const { lake, lakeKeepMs, rawKeepMs, stages } = config.estate
  const estate = createEstate({
    ...parts,
    database: estateDatabase,
    lake,
    lakeKeepMs,
    rawKeepMs,
    stages,
    key,
    isRemoteBroker: chosen.kind === 'remote',
    trustedProxies: config.trustedProxies,
    services: [...serviceNames, SERVICE],
    inject:
      config.estate.simulated.servers > 0 && stages.includes('generator')
        ? request => machines.break(request)
        : null,
  })
  const machines = createMachines({
    config: config.estate,
    version: config.version,
    estate,
    broker,
    key,
    wall,
    random,
    figures,
    send,
    log: parts.log,
  })
  let vehiclesBeside: RunningBeside | undefined

  return {
    fleet,
    estate,
    /** The vehicles that are simulated in this process, once they are. */
    vehicles: () => vehiclesBeside,
    /** Where the embedded broker listens; null: another's, or not yet. */
    get mqttPort() {
      return broker.port
    },
    /** Listens when all are ready to be told. @throws StartFailure */
    async start() {
      await fleet.start()
      await estate.start()
      await broker.start()
    },
    /** Lets the simulated vehicles drive and machines work, if there are to be any. */
    simulate() {
      machines.start()
      if (simulated)
        vehiclesBeside = runVehiclesBeside({
          ...simulated,
          key,
          publicKey: fleet.publicKey,
          url: broker.url,
          send,
          clock: wall,
        })
    },
    /** Takes no more messages first: what was taken is durable and acknowledged before a writer closes. */
    async stop() {
      await Promise.all([vehiclesBeside?.stop(), machines.stop()])
      await broker.stop()
      await fleet.stop()
      await estate.stop()
    },
  }
}
