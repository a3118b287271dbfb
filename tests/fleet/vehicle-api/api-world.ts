/** The vehicle API on its own: two vehicles in the database, vehicles that answer as the test says. */
import { onTestFinished } from 'vitest'
import { vehicles } from '../../../src/fleet/schema.ts'
import {
  type CommandOutcome,
  createVehicleApi,
  createVehicleCommands,
  type KnownDtc,
  type VehicleCommands,
} from '../../../src/fleet/vehicle-api/index.ts'
import { rateLimit } from '../../../src/http/rate-limit.ts'
import { appToken } from '../../../src/vehicle/credentials.ts'
import type { CommandMessage } from '../../../src/vehicle/messages.ts'
import { START } from '../../support/fake-clock.ts'
import { aKpiWorld, type KpiWorld } from '../kpis/kpi-world.ts'

export const KEY = 'fleet-key-of-the-tests'
export const VEHICLE = 'vehicle_00001'
/** Another one: offline, and it never sent a sample. */
export const SILENT = 'vehicle_00002'
export const VIN = '5YJSA1E26HF000337'

type NewVehicle = typeof vehicles.$inferInsert

export const aVehicle = (changes: Partial<NewVehicle> = {}): NewVehicle => ({
  vehicle: VEHICLE,
  vin: VIN,
  model: 'aurora',
  year: 2024,
  region: 'boston',
  hardware: 'A',
  firmware: '1.3.0',
  releaseCounter: 3,
  slot: 'a',
  ecus: [],
  connectivity: '5g',
  boot: 'boot-1',
  online: true,
  firstSeenAt: START - 1000,
  lastSeenAt: START,
  ...changes,
})

const driving = {
  sampledAt: START - 500,
  speedKmh: 51.5,
  odometerM: 1_234_567,
  latitude: 42.36,
  longitude: -71.06,
  heading: 90,
  batteryPercent: 50,
  batteryHealthPercent: 90,
  batteryVolts: 400,
  batteryCelsius: 21,
  charging: false,
  lowVoltageVolts: 12.6,
  parked: false,
  locked: true,
  climateOn: false,
  signalDbm: -70,
  dataUsageMb: 12.5,
}

export interface ApiWorld extends KpiWorld {
  commands: VehicleCommands
  /** What was sent to vehicles so far. */
  sent: { vehicle: string; message: CommandMessage }[]
  /** Says what vehicles do with a command. */
  behave(how: (vehicle: string, message: CommandMessage) => Promise<void> | void): void
  dtcs: KnownDtc[]
  change(changes: Partial<NewVehicle>): void
  /** A request of the vehicle's app. */
  asApp(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** The events that were measured so far, in the order they came. */
  measured(): Promise<Record<string, unknown>[]>
}

export function anApiWorld({ perSecond = 0 } = {}): ApiWorld {
  const world = aKpiWorld()
  const { db, clock, http, kpis, metrics } = world
  db.insert(vehicles).values(aVehicle(driving)).run()
  db.insert(vehicles)
    .values(aVehicle({ vehicle: SILENT, vin: '5YJSA1E2XHF000342', online: false }))
    .run()

  const sent: ApiWorld['sent'] = []
  const dtcs: KnownDtc[] = []
  let how: Parameters<ApiWorld['behave']>[0] = (vehicle, { id }) =>
    void commands.settle(vehicle, id, 'done', null)
  let ids = 0
  const commands = createVehicleCommands({
    newId: () => `command-${++ids}`,
    async send(vehicle, message) {
      sent.push({ vehicle, message })
      await how(vehicle, message)
    },
  })
  onTestFinished(() => commands.stop())

  const api = createVehicleApi({
    db,
    key: KEY,
    visitors: http.sessions,
    dtcsOf: id => (id === 1 ? dtcs : []),
    commands,
    recorder: kpis.recorder,
    clock,
    metrics,
  })
  http.app.use('/api/*', api.measure)
  const sessionOf = http.sessions.nameOf
  http.app.use(rateLimit({ perSecond, clock, sessionOf, countLoopback: true }))
  api.serve(http.operations)

  return {
    ...world,
    commands,
    sent,
    dtcs,
    behave(behaviour) {
      how = behaviour
    },
    change: changes => void db.update(vehicles).set(changes).run(),
    asApp: (method, path, body, headers) =>
      http.send(method, path, body, { authorization: `Bearer ${appToken(KEY, VEHICLE)}`, ...headers }),
    async measured() {
      await kpis.recorder.flush()
      return world.reports.events({ limit: 1000, skip: 0 }).toReversed() as never
    },
  }
}

export type { CommandOutcome }
