/** Every statement of the ingest. It runs for each message, so the statements are written out and prepared once. */
import { eq, placeholder } from 'drizzle-orm'
import type { Db } from '../../db/open.ts'
import { createDeadLetterStore } from '../../ingest/dead-letter-store.ts'
import type { Received } from '../../ingest/received.ts'
import { MINUTE_MS } from '../../shared/clock.ts'
import type { Dtc, OnlineState } from '../../vehicle/messages.ts'
import { type SignalField, signalFields } from '../../vehicle/signals.ts'
import { deadLetters, type VehicleRow, vehicles } from '../schema.ts'

/** What the ingest needs to know of a vehicle. */
export interface KnownVehicle {
  id: number
  boot: string
  stateAt: number
  online: 0 | 1
  sampledAt: number | null
  dtcsAt: number | null
}
export interface Boot {
  id: number
  received: Received
  dropped: number
  snapshotAskedAt: number
}
export type Fields = { [F in SignalField]?: number }
export interface NewSample {
  vehicleId: number
  at: number
  bootId: number
  seq: number
  receivedAt: number
  historical: boolean
  fields: Fields
}
export type TelemetryStore = ReturnType<typeof createTelemetryStore>

const PRUNED_VEHICLES = 200
const PRUNED_AT_ONCE = 2000

export function createTelemetryStore(db: Db) {
  const connection = db.$client
  const sql = <P extends unknown[], R>(text: string) => connection.prepare<P, R>(text)
  const columns = signalFields.join(', ')
  const places = signalFields.map(() => '?').join(', ')
  const kept = signalFields.map(field => `${field} = coalesce(?, ${field})`).join(', ')

  const vehicle = sql<[string], KnownVehicle>(
    'SELECT id, boot, state_at AS stateAt, online, sampled_at AS sampledAt, dtcs_at AS dtcsAt FROM vehicles WHERE vehicle = ?',
  )
  const row = db
    .select()
    .from(vehicles)
    .where(eq(vehicles.id, placeholder('id')))
    .prepare()
  const cameOnline = sql<(string | number)[], unknown>(
    `UPDATE vehicles SET boot = ?, state_at = ?, online = 1, model = ?, year = ?, region = ?, hardware = ?, firmware = ?,
       release_counter = ?, slot = ?, ecus = ?, connectivity = ?, last_seen_at = ? WHERE id = ?`,
  )
  const wentOffline = sql<[number], unknown>('UPDATE vehicles SET online = 0 WHERE id = ?')
  const boot = sql<
    [number, string],
    { id: number; received: string; dropped: number; snapshotAskedAt: number }
  >(
    'SELECT id, received, dropped, snapshot_asked_at AS snapshotAskedAt FROM boots WHERE vehicle_id = ? AND boot = ?',
  )
  const newBoot = sql<[number, string, number], unknown>(
    `INSERT INTO boots (vehicle_id, boot, received, dropped, snapshot_asked_at, heard_at) VALUES (?, ?, '[]', 0, 0, ?)`,
  )
  const saveBoot = sql<[string, number, number, number, number], unknown>(
    'UPDATE boots SET received = ?, dropped = ?, snapshot_asked_at = ?, heard_at = ? WHERE id = ?',
  )
  const isOlder = sql<[number, string, string], 0 | 1>(
    'SELECT a.id < b.id FROM boots a JOIN boots b ON b.vehicle_id = a.vehicle_id WHERE a.vehicle_id = ? AND a.boot = ? AND b.boot = ?',
  ).pluck()
  const addSample = sql<(number | null)[], unknown>(
    `INSERT INTO samples (vehicle_id, at, boot_id, seq, received_at, historical, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ${places})`,
  )
  const saveSignals = sql<(number | null)[], unknown>(
    `UPDATE vehicles SET ${kept}, sampled_at = coalesce(?, sampled_at), last_seen_at = max(last_seen_at, ?) WHERE id = ?`,
  )
  const addMinute = sql<[number, number, number, number], unknown>(
    `INSERT INTO fleet_minutes (minute, samples, battery_sum, battery_count) VALUES (?, ?, ?, ?)
     ON CONFLICT (minute) DO UPDATE SET samples = samples + excluded.samples,
       battery_sum = battery_sum + excluded.battery_sum, battery_count = battery_count + excluded.battery_count`,
  )
  const vehicleOfVin = sql<[string], string>('SELECT vehicle FROM vehicles WHERE vin = ?').pluck()
  const countVehicles = sql<[], number>('SELECT count(*) FROM vehicles').pluck()
  const dtcs = sql<[number], Dtc>('SELECT code, status FROM vehicle_dtcs WHERE vehicle_id = ?')
  const setDtc = sql<[number, string, string, number], unknown>(
    `INSERT INTO vehicle_dtcs VALUES (?, ?, ?, ?)
     ON CONFLICT (vehicle_id, code) DO UPDATE SET status = excluded.status, since = excluded.since`,
  )
  const clearDtc = sql<[number, string], unknown>(
    'DELETE FROM vehicle_dtcs WHERE vehicle_id = ? AND code = ?',
  )
  const setDtcsAt = sql<[number, number], unknown>('UPDATE vehicles SET dtcs_at = ? WHERE id = ?')
  const vehiclesAfter = sql<[number, number], number>(
    'SELECT id FROM vehicles WHERE id > ? ORDER BY id LIMIT ?',
  ).pluck()
  const oldSample = sql<[number, number, number], number>(
    'SELECT at FROM samples WHERE vehicle_id = ? AND at < ? ORDER BY at LIMIT 1 OFFSET ?',
  ).pluck()
  const forgetSamples = sql<[number, number, number], unknown>(
    'DELETE FROM samples WHERE vehicle_id = ? AND at < ? AND at <= ?',
  )
  const forgetBoots = sql<[number], unknown>('DELETE FROM boots WHERE heard_at < ?')
  const oldestMinute = sql<[], number | null>('SELECT min(minute) FROM fleet_minutes').pluck()
  const forgetMinutes = sql<[number], unknown>('DELETE FROM fleet_minutes WHERE minute < ?')

  const valuesOf = (fields: Fields) => signalFields.map(field => fields[field] ?? null)

  return {
    vehicle: (name: string) => vehicle.get(name),
    row: (id: number): VehicleRow => {
      const found = row.get({ id })
      if (!found) throw new Error(`vehicle ${id} is gone`)
      return found
    },
    boot(vehicleId: number, name: string, now: number): Boot {
      const known = boot.get(vehicleId, name)
      if (known) return { ...known, received: JSON.parse(known.received) }
      const { lastInsertRowid } = newBoot.run(vehicleId, name, now)
      return { id: Number(lastInsertRowid), received: [], dropped: 0, snapshotAskedAt: 0 }
    },
    /** Whether both were heard of, this one first. */
    isOlderBoot: (vehicleId: number, boot: string, than: string) => isOlder.get(vehicleId, boot, than) === 1,
    saveBoot: ({ id, received, dropped, snapshotAskedAt }: Boot, now: number) =>
      void saveBoot.run(JSON.stringify(received), dropped, snapshotAskedAt, now, id),
    addSample: ({ vehicleId, at, bootId, seq, receivedAt, historical, fields }: NewSample) =>
      void addSample.run(vehicleId, at, bootId, seq, receivedAt, historical ? 1 : 0, ...valuesOf(fields)),
    /** Sets what is known of the signals now; fields that are left out stay. */
    saveSignals: (vehicleId: number, fields: Fields, sampledAt: number | null, now: number) =>
      void saveSignals.run(...valuesOf(fields), sampledAt, now, vehicleId),
    addMinute: (minute: number, samples: number, batterySum: number, batteryCount: number) =>
      void addMinute.run(minute, samples, batterySum, batteryCount),
    addDeadLetter: createDeadLetterStore(db, deadLetters).add,
    vehicleOfVin: (vin: string) => vehicleOfVin.get(vin),
    countVehicles: () => countVehicles.get() ?? 0,
    register(state: OnlineState, now: number): number {
      const { vehicle: name, at: stateAt, release_counter: releaseCounter, ...rest } = state
      const row = { ...rest, vehicle: name, stateAt, releaseCounter, firstSeenAt: now, lastSeenAt: now }
      return Number(db.insert(vehicles).values(row).run().lastInsertRowid)
    },
    cameOnline(id: number, state: OnlineState, now: number) {
      const { boot: of, at, model, year, region, hardware, firmware, release_counter: counter } = state
      const ecus = JSON.stringify(state.ecus)
      const { slot, connectivity } = state
      cameOnline.run(
        of,
        at,
        model,
        year,
        region,
        hardware,
        firmware,
        counter,
        slot,
        ecus,
        connectivity,
        now,
        id,
      )
    },
    wentOffline: (id: number) => void wentOffline.run(id),
    allOffline: () =>
      db.update(vehicles).set({ online: false }).where(eq(vehicles.online, true)).run().changes,
    dtcs: (vehicleId: number) => dtcs.all(vehicleId),
    setDtc: (vehicleId: number, { code, status }: Dtc, at: number) =>
      void setDtc.run(vehicleId, code, status, at),
    clearDtc: (vehicleId: number, code: string) => void clearDtc.run(vehicleId, code),
    setDtcsAt: (vehicleId: number, at: number) => void setDtcsAt.run(at, vehicleId),
    /** The minute of the oldest sample, Unix ms; `now` when there is none. */
    oldestAt: (now: number) => (oldestMinute.get() ?? now / MINUTE_MS) * MINUTE_MS,
    /** What is in use of the file. */
    usedBytes(): number {
      const pragma = (name: string) => connection.pragma(name, { simple: true }) as number
      return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
    },
    /** Removes samples from before `before` for some vehicles, a bounded number each. */
    prune(before: number, after: number): { removed: number; next: number | null } {
      const ids = vehiclesAfter.all(after, PRUNED_VEHICLES)
      let removed = 0
      for (const id of ids) {
        const until = oldSample.get(id, before, PRUNED_AT_ONCE) ?? before
        removed += forgetSamples.run(id, before, until).changes
      }
      if (after === 0) {
        forgetBoots.run(before)
        forgetMinutes.run(Math.floor(before / MINUTE_MS))
      }
      return { removed, next: ids.length < PRUNED_VEHICLES ? null : (ids.at(-1) ?? null) }
    },
  }
}
