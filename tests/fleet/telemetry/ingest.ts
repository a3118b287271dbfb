/** The ingest on a database of its own, with a clock that the test moves, and vehicles that say what they are told. */
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Database } from '../../../src/db/driver.ts'
import { openDatabase, prepareDatabase } from '../../../src/db/open.ts'
import type { Deciding, Downward, FleetEvent } from '../../../src/fleet/commands.ts'
import { vehicleMigrations } from '../../../src/fleet/migrations.ts'
import type { Fate } from '../../../src/fleet/telemetry/commands.ts'
import { createTelemetry } from '../../../src/fleet/telemetry/index.ts'
import { createVehicleReports } from '../../../src/fleet/vehicle-store.ts'
import type { OnlineState, UpdateStatusMessage } from '../../../src/vehicle/messages.ts'
import { topicOf, type Uplink } from '../../../src/vehicle/topics.ts'
import { checkDigit, yearCode } from '../../../src/vehicle/vin.ts'
import { temporaryFolder } from '../../support/world.ts'

export const START = Date.parse('2026-03-02T10:00:00.000Z')
export const HOUR = 3600_000
export const KEEP_MS = 72 * HOUR

/** A valid VIN of 2024 that ends in this number. */
export function vinOf(number: number): string {
  const bare = `1ZZAA1A00${yearCode(2024)}Z${String(number).padStart(6, '0')}`
  return bare.slice(0, 8) + checkDigit(bare) + bare.slice(9)
}

export const stateOf = (number: number, boot: string, at: number): OnlineState => ({
  vehicle: `vehicle_${number}`,
  boot,
  at,
  online: true,
  vin: vinOf(number),
  model: 'aurora',
  year: 2024,
  region: 'denver',
  hardware: 'A',
  firmware: '1.3.0',
  release_counter: 3,
  slot: 'a',
  ecus: [{ ecu: 'gateway', hardware: 'A', version: '1.3.0' }],
  connectivity: '4g_lte',
})

export function createIngest({ vehiclesMax = 100, maxBytes = 1e9 } = {}) {
  const path = join(temporaryFolder(), 'fleet.db')
  const database = { path, busyTimeoutMs: 200 }
  prepareDatabase(database, [vehicleMigrations], () => {})
  const db = openDatabase(database)
  onTestFinished(() => void db.$client.close())
  const statuses: UpdateStatusMessage[] = []
  const online: string[] = []
  const telemetry = createTelemetry(db, {
    keepMs: KEEP_MS,
    maxBytes,
    vehiclesMax,
    uplinks: {
      updateStatus: (_vehicle, message) => void statuses.push(message),
      online: ({ vehicle }) => void online.push(vehicle),
    },
  })
  const events: FleetEvent[] = []
  const downward: ({ vehicle: string } & Downward)[] = []
  const reports = createVehicleReports(db)
  const clock = { now: START }

  /** Messages that come in one group. */
  function arriveTogether(messages: { topic: string; payload: string }[]): Fate[] {
    const deciding: Deciding = {
      now: clock.now,
      toVehicle: (vehicle, message) => void downward.push({ vehicle, ...message }),
      tell: event => void events.push(event),
    }
    return db.$client
      .transaction(() => {
        const fates = messages.map(message =>
          telemetry.handlers.arrive({ ...message, receivedAt: clock.now }, deciding),
        )
        telemetry.flush(clock.now)
        return fates
      })
      .immediate()
  }
  function arrive(topic: string, payload: unknown): Fate {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
    return arriveTogether([{ topic, payload: text }])[0] as Fate
  }
  const say = (vehicle: string, kind: Uplink, message: object): Fate =>
    arrive(topicOf(vehicle, kind), { vehicle, ...message })

  return {
    /** Moves as the test says. */
    get now() {
      return clock.now
    },
    set now(at: number) {
      clock.now = at
    },
    events,
    downward,
    statuses,
    online,
    reports,
    /** A connection of its own, to look without the code under test. */
    rows: (sql: string, ...parameters: unknown[]): Record<string, unknown>[] => {
      const other = new Database(path, { readonly: true })
      try {
        return other.prepare(sql).all(...parameters) as Record<string, unknown>[]
      } finally {
        other.close()
      }
    },
    arriveTogether,
    arrive,
    say,
    /** A vehicle that has registered. */
    register(number = 1, boot = 'boot-1'): string {
      const fate = arrive(topicOf(`vehicle_${number}`, 'state'), stateOf(number, boot, clock.now))
      if (fate.kind !== 'stored') throw new Error(JSON.stringify(fate))
      return `vehicle_${number}`
    },
    /** Samples of one message, each of this moment unless told otherwise. */
    sample(vehicle: string, seqs: number[], more: Record<string, unknown> = {}, at = clock.now): Fate {
      const samples = seqs.map(seq => ({ seq, at, signals: { 'Vehicle.Speed': seq % 200 } }))
      return say(vehicle, 'telemetry', { boot: 'boot-1', sent: at, samples, ...more })
    },
    prune: (after = 0) =>
      telemetry.handlers.prune({ after }, { now: clock.now, toVehicle: () => {}, tell: () => {} }),
  }
}
