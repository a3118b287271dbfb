/** What one group of messages reads once and writes once, however many of them are of the same vehicle. */
import { MINUTE_MS } from '../../shared/clock.ts'
import type { Boot, Fields, KnownVehicle, TelemetryStore } from './store.ts'

export interface VehicleAtWork extends KnownVehicle {
  boots: Map<string, Boot>
  /** The signals that are newer than those in the database. */
  fields: Fields
  touched: boolean
}

export type WorkingSet = ReturnType<typeof createWorkingSet>

export function createWorkingSet(store: TelemetryStore) {
  const vehicles = new Map<string, VehicleAtWork>()
  const minutes = new Map<number, { samples: number; batterySum: number; batteryCount: number }>()

  function save(vehicle: VehicleAtWork, now: number) {
    for (const boot of vehicle.boots.values()) store.saveBoot(boot, now)
    if (vehicle.touched) store.saveSignals(vehicle.id, vehicle.fields, vehicle.sampledAt, now)
    vehicle.boots.clear()
    vehicle.fields = {}
    vehicle.touched = false
  }

  return {
    /** undefined: no vehicle of that name has registered. */
    vehicle(name: string): VehicleAtWork | undefined {
      let vehicle = vehicles.get(name)
      if (!vehicle) {
        const known = store.vehicle(name)
        if (!known) return undefined
        vehicle = { ...known, boots: new Map(), fields: {}, touched: false }
        vehicles.set(name, vehicle)
      }
      return vehicle
    },
    boot(vehicle: VehicleAtWork, name: string, now: number): Boot {
      let boot = vehicle.boots.get(name)
      if (!boot) {
        boot = store.boot(vehicle.id, name, now)
        vehicle.boots.set(name, boot)
      }
      return boot
    },
    count(at: number, batteryPercent: number | undefined) {
      const minute = Math.floor(at / MINUTE_MS)
      const counts = minutes.get(minute) ?? { samples: 0, batterySum: 0, batteryCount: 0 }
      counts.samples++
      if (batteryPercent !== undefined) {
        counts.batterySum += batteryPercent
        counts.batteryCount++
      }
      minutes.set(minute, counts)
    },
    /** Writes what changed; others may read and write the tables then. */
    flush(now: number) {
      for (const vehicle of vehicles.values()) save(vehicle, now)
      vehicles.clear()
      for (const [minute, { samples, batterySum, batteryCount }] of minutes)
        store.addMinute(minute, samples, batterySum, batteryCount)
      minutes.clear()
    },
    /** Forgets what was not written: its transaction was rolled back. */
    drop() {
      vehicles.clear()
      minutes.clear()
    },
  }
}
