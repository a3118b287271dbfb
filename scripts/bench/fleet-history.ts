import { join } from 'node:path'
import { openDatabase, prepareDatabase } from '../../src/db/open.ts'
import { type Command, fleetDecider } from '../../src/fleet/decider.ts'
import { fleetMigrations } from '../../src/fleet/index.ts'
import { identityOf } from '../../src/simulator/vehicles/identity.ts'
import { sampleMessage } from './vehicle-wire.ts'

const VEHICLES = 100
const GROUP = 200
const GROUPS = 100
const HOUR_MS = 3600_000
const BOOT = 'bench-history'

export interface HistoryCost {
  samples: number
  /** Of one message with one sample, in groups of 200, each with its sync of the disk. */
  micros: number
}

/** What a message costs the writer when so many samples are there already. */
export function* costByHistory(
  folder: string,
  histories: readonly number[],
  progress: (text: string) => void,
): Generator<HistoryCost> {
  for (const samples of histories) {
    progress(`history of ${samples}`)
    const database = { path: join(folder, `history-${samples}.db`), busyTimeoutMs: 1000 }
    prepareDatabase(database, fleetMigrations, () => {})
    const db = openDatabase(database)
    const decide = fleetDecider(db, {
      key: 'bench-fleet-key',
      keepMs: 1000 * HOUR_MS,
      maxBytes: 1e12,
      vehiclesMax: 20_000,
    })
    const run = (commands: Command[]) => decide({ commands, at: Date.now() })
    const arrive = (topic: string, payload: string): Command => ({
      kind: 'arrive',
      input: { topic, payload, receivedAt: Date.now() },
    })
    for (let number = 1; number <= VEHICLES; number++) {
      const { vehicle, releaseCounter: release_counter, number: _number, ...identity } = identityOf(number)
      const state = { slot: 'a', ecus: [], connectivity: '5g', online: true, boot: BOOT, at: Date.now() }
      run([
        arrive(`fleet/${vehicle}/state`, JSON.stringify({ ...identity, ...state, vehicle, release_counter })),
      ])
    }
    const start = Date.now() - 500 * HOUR_MS
    db.$client.pragma('synchronous = OFF')
    db.$client
      .prepare(
        `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < @samples)
         INSERT INTO samples (vehicle_id, at, boot_id, seq, received_at, historical, speed_kmh, odometer_m, latitude, longitude, battery_percent)
         SELECT i % @vehicles + 1, @start + i * @step, 0, i, @start + i * @step, 0, 50.25, i, 39.7, -104.9, 60.5 FROM n`,
      )
      .run({ samples, vehicles: VEHICLES, start, step: Math.max(1, Math.floor((499 * HOUR_MS) / samples)) })
    db.$client.pragma('wal_checkpoint(TRUNCATE)')
    db.$client.pragma('synchronous = FULL')

    let seq = 0
    const group = () =>
      Array.from({ length: GROUP }, (_, index) => {
        if (index % VEHICLES === 0) seq++
        const { vehicle } = identityOf((index % VEHICLES) + 1)
        return arrive(`fleet/${vehicle}/telemetry`, sampleMessage(vehicle, BOOT, seq, Date.now()))
      })
    for (let n = 0; n < 10; n++) run(group())
    let spentMs = 0
    for (let n = 0; n < GROUPS; n++) {
      const commands = group()
      const startedAt = performance.now()
      run(commands)
      spentMs += performance.now() - startedAt
    }
    db.$client.close()
    yield { samples, micros: (spentMs * 1000) / (GROUPS * GROUP) }
  }
}
