/** The fleet of the right lane with its own server: the real ones, on virtual time, in a file that nobody keeps. */
import { join } from 'node:path'
import { prepareDatabase } from '../db/open.ts'
import { createFleet as createFleetServer, type FleetEvent, fleetMigrations } from '../fleet/index.ts'
import type { Log } from '../observability/logger.ts'
import { createMetrics } from '../observability/metrics.ts'
import { createFleet as createVehicles } from '../simulator/vehicles/fleet.ts'
import type { FleetNature } from '../simulator/vehicles/fleet-world.ts'
import { publicKeyFrom } from '../vehicle/signing.ts'
import type { TwinOptions } from './api.ts'
import { defect, firmwareOut } from './defect.ts'
import { createInProcessBroker } from './in-process-broker.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface FleetHereOptions extends Pick<TwinOptions, 'vehicles' | 'seed'> {
  time: VirtualTime
  /** Where the database may be. */
  folder: string
  /** Told what the server committed. */
  onEvent: (event: FleetEvent) => void
  onDtcs: NonNullable<FleetNature['onDtcs']>
  /** Told what the server would log as an error: it cannot go on. */
  onFailure: (error: Error) => void
}
export type FleetHere = ReturnType<typeof createFleetHere>

/** Weeks need no finer grain than this; the rules of the vehicles and of the server are the same. */
const grain = { lookSeconds: 180, pieceSeconds: 30 }
const SAMPLE_SECONDS = 1800
const TICK_MS = 5 * 60_000
const KEEP_MS = 48 * 3600_000
const MAX_BYTES = 64_000_000
/** Garages and dead spots: three quarters of an hour in four, rather than the minutes of a drive through town. */
const coverage = { changes: 0.005, loses: 0.006, finds: 0.022 }
/** Of nobody: no vehicle outside of this process can sign in here. */
const KEY = 'the twin of the fleet keeps no secrets'

export function createFleetHere(options: FleetHereOptions) {
  const { vehicles: count, seed, time, folder, onEvent, onDtcs, onFailure } = options
  const { clock, scheduler, hold } = time
  const broker = createInProcessBroker(time)
  const database = { path: join(folder, 'twin.db'), busyTimeoutMs: 1000, temporary: true }
  prepareDatabase(database, fleetMigrations, () => {})
  const link = broker.link(message => server.party.receive(message))

  const server = createFleetServer({
    database,
    key: KEY,
    keepMs: KEEP_MS,
    maxBytes: MAX_BYTES,
    broker: link,
    clock,
    log: failingLog(onFailure),
    metrics: createMetrics({ withProcess: false }),
    visitors: { isPresenter: () => false },
    vehiclesInside: count,
    delivery: () => ({ deployments: 0, failedDeployments: 0, resolvedIncidents: 0, recoveryMs: 0 }),
    inline: true,
    virtual: {
      seed,
      told: onEvent,
      tempo: { everyMs: TICK_MS, after: (ms, task) => scheduler.after(ms, () => void hold(task())) },
    },
  })
  let boots = 0
  const vehicles = createVehicles({
    vehicles: count,
    seed,
    intervalSeconds: SAMPLE_SECONDS,
    key: KEY,
    publicKey: publicKeyFrom(server.publicKey),
    connect: broker.connect,
    clock,
    scheduler,
    newBoot: () => `boot-${++boots}`,
    firmware: firmwareOut,
    defect,
    coverage,
    grain,
    onDtcs,
  })

  return {
    server,
    vehicles,
    /** Vehicles drive from now on. */
    async start() {
      await server.start()
      await link.start()
      vehicles.start()
    },
    async stop() {
      await link.stop()
      await server.stop()
    },
  }
}

/** Nothing is written: a fleet that exists for minutes needs no log. An error ends it. */
function failingLog(onFailure: (error: Error) => void): Log {
  const nothing = () => {}
  return {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: (_event, message, fields) =>
      onFailure(new Error(fields?.error === undefined ? message : `${message}: ${fields.error}`)),
    prepared: () => nothing,
    close: async () => {},
  }
}
