/** A database of the estate with rows of our own. */
import { join } from 'node:path'
import { type Db, openDatabase, prepareDatabase } from '../../../src/db/open.ts'
import { estateMigrations } from '../../../src/estate/migrations.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

export function estateDatabase(folder: string) {
  const options = { path: join(folder, 'estate.db'), busyTimeoutMs: 1000, temporary: true }
  prepareDatabase(options, [estateMigrations], () => {})
  const db: Db = openDatabase(options)
  const insert = (table: string, row: Record<string, number | string | null>) => {
    const names = Object.keys(row)
    db.$client
      .prepare(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(name => `@${name}`).join(', ')})`,
      )
      .run(row)
  }
  return {
    db,
    options,
    insert,
    resource: (id: number, kind: string, name: string, lastAt: number, more: object = {}) =>
      insert('estate_resources', {
        id,
        kind,
        name,
        region: 'north',
        environment: 'production',
        service: null,
        version: null,
        is_real: 0,
        interval_ms: 30_000,
        first_at: lastAt - DAY_MS,
        last_at: lastAt,
        ...more,
      }),
    serverSample: (resource: number, at: number, cpu: number, memory = 50, disk: number | null = 60) =>
      insert('estate_server_samples', {
        at,
        resource,
        cpu_percent: cpu,
        memory_percent: memory,
        disk_utilization: disk,
        status: 'healthy',
      }),
    hour: (resource: number, hour: number, of: Record<string, number>) =>
      insert('estate_resource_hours', {
        hour,
        resource,
        samples: 1,
        covered_ms: HOUR_MS,
        cpu_sum: 0,
        cpu_samples: 0,
        memory_sum: 0,
        memory_samples: 0,
        disk_sum: 0,
        disk_samples: 0,
        requests: 0,
        failed: 0,
        latency_sum: 0,
        latency_requests: 0,
        restarts: 0,
        ...of,
      }),
    close: () => db.$client.close(),
  }
}
export type EstateDatabase = ReturnType<typeof estateDatabase>
