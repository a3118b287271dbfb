/** What is in the fleet's database, read from outside, and compared with what the vehicles took. */
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { Database } from '../../../src/db/driver.ts'
import type { Driving } from './vehicles.ts'

export interface KeptSample {
  vehicle: string
  boot: string
  seq: number
  at: number
  receivedAt: number
  historical: 0 | 1
}

export interface Kept {
  samples: KeptSample[]
  boots: { vehicle: string; boot: string; received: [number, number][]; dropped: number }[]
  deadLetters: { reason: string; topic: string; payload: string }[]
}

export const fleetPath = (dbPath: string): string => join(dirname(dbPath), 'fleet.db')

export function kept(dbPath: string): Kept {
  const database = new Database(fleetPath(dbPath), { readonly: true })
  try {
    return {
      samples: database
        .prepare<[], KeptSample>(
          `SELECT vehicle, boots.boot, seq, at, samples.received_at AS receivedAt, historical
           FROM samples JOIN boots ON boots.id = samples.boot_id JOIN vehicles ON vehicles.id = samples.vehicle_id`,
        )
        .all(),
      boots: database
        .prepare<[], { vehicle: string; boot: string; received: string; dropped: number }>(
          'SELECT vehicle, boots.boot, received, dropped FROM boots JOIN vehicles ON vehicles.id = vehicle_id',
        )
        .all()
        .map(row => ({ ...row, received: JSON.parse(row.received) })),
      deadLetters: database
        .prepare<[], Kept['deadLetters'][number]>('SELECT reason, topic, payload FROM dead_letters')
        .all(),
    }
  } finally {
    database.close()
  }
}

/** Numbers of samples that vehicles took and that are not kept, or are kept though nobody took them, or twice. */
export function differences({ samples }: Kept, { taken }: Driving) {
  const found = new Map<string, KeptSample>()
  const twice: string[] = []
  const invented: string[] = []
  for (const sample of samples) {
    const key = `${sample.boot} ${sample.seq}`
    if (found.has(key)) twice.push(key)
    found.set(key, sample)
    if (!taken.get(sample.boot)?.has(sample.seq)) invented.push(key)
  }
  const missing: string[] = []
  for (const [boot, numbers] of taken)
    for (const seq of numbers.keys()) if (!found.has(`${boot} ${seq}`)) missing.push(`${boot} ${seq}`)
  return { missing, twice, invented }
}

/** Every sample once, at its own time, and nothing else; what every boot sent is one range from 1. */
export function expectComplete(dbPath: string, driving: Driving): Kept {
  const all = kept(dbPath)
  expect(differences(all, driving)).toEqual({ missing: [], twice: [], invented: [] })
  for (const { boot, received } of all.boots)
    expect([boot, received]).toEqual([boot, [[1, expect.any(Number)]]])
  const moved = all.samples.filter(({ boot, seq, at }) => at !== driving.taken.get(boot)?.get(seq)?.at)
  expect(moved).toEqual([])
  expect(driving.fleet.stats().dropped).toBe(0)
  return all
}
