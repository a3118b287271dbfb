/** A database of the estate that is decided inline, objects to feed it with, and what is in it. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import type { Group } from '../../../src/db/group-decider.ts'
import { type Db, openDatabase, prepareDatabase } from '../../../src/db/open.ts'
import type { EstateCommands, ObjectTaken, ObjectToTake } from '../../../src/estate/commands.ts'
import { keyOf, type LakeLine, type ObjectKind } from '../../../src/estate/lake/object-key.ts'
import { estateMigrations } from '../../../src/estate/migrations.ts'
import { type Command, estateDecider } from '../../../src/estate/transform/decider.ts'
import type { TransformSettings } from '../../../src/estate/transform/settings.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { DAY_MS, HOUR_MS, settings } from './settings.ts'

export { DAY_MS, HOUR_MS, settings }

/** A noon. */
export const NOON = Date.parse('2026-11-21T12:00:00.000Z')
export const DAY = Date.parse('2026-11-21T00:00:00.000Z')

let number = 0
export const textOf = (lines: readonly unknown[]): string =>
  lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
export const bodyOf = (text: string): string => gzipSync(text, { level: 1 }).toString('base64')
/** @param hour any time in the hour of its partition */
export function objectOf(
  kind: ObjectKind,
  lines: readonly (LakeLine | string)[],
  hour = NOON,
  writtenAt = hour,
) {
  const key = keyOf({ kind, hour, writtenAt, run: 'test', number: number++ })
  return { key, body: bodyOf(textOf(lines)) }
}
export const line = (sample: object, receivedAt?: number): LakeLine => ({
  received_at: receivedAt ?? Date.parse((sample as { timestamp: string }).timestamp) + 1000,
  sample: sample as Record<string, unknown>,
})

export const time = (at: number) => new Date(at).toISOString()
export const serverAt = (at: number, more: object = {}) => ({
  timestamp: time(at),
  boot: 'b',
  seq: Math.floor(at / 1000),
  server_id: 'server-0001',
  region: 'north',
  environment: 'production',
  cpu_percent: 50,
  memory_percent: 60,
  disk_used_gb: 100,
  disk_total_gb: 400,
  status: 'healthy',
  ...more,
})
export const containerAt = (at: number, more: object = {}) => ({
  timestamp: time(at),
  boot: 'b',
  seq: Math.floor(at / 1000),
  container_id: 'container-00001',
  service_name: 'checkout',
  region: 'north',
  environment: 'production',
  version: 'v1.0.0',
  cpu_percent: 20,
  memory_mb: 256,
  memory_limit_mb: 1024,
  restart_count: 0,
  health: 'healthy',
  ...more,
})
export const serviceAt = (at: number, more: object = {}) => ({
  timestamp: time(at),
  boot: 'b',
  seq: Math.floor(at / 1000),
  service_name: 'checkout',
  instance_id: 'checkout-01',
  region: 'north',
  environment: 'production',
  version: 'v1.0.0',
  total_requests: 200,
  failed_requests: 10,
  error_rate_percent: 5,
  avg_response_time_ms: 40,
  p95_response_time_ms: 120,
  ...more,
})

export type World = ReturnType<typeof estateWorld>

export function estateWorld(changed: Partial<TransformSettings> = {}, at = NOON) {
  const path = join(temporaryFolder(), 'estate.db')
  const database = { path, busyTimeoutMs: 0, temporary: true }
  prepareDatabase(database, [estateMigrations], () => {})
  let db: Db
  let decide: (group: Group<Command>) => { outcomes: ({ ok: unknown } | { fault: { message: string } })[] }
  const open = () => {
    db = openDatabase(database)
    decide = estateDecider(db, { ...settings, ...changed })
  }
  open()
  onTestFinished(() => void db.$client.close())
  const world = {
    now: at,
    path,
    ask<K extends keyof EstateCommands>(kind: K, input: EstateCommands[K]['in']): EstateCommands[K]['out'] {
      return world.askAll([{ kind, input }])[0] as EstateCommands[K]['out']
    },
    /** In one transaction. */
    askAll(commands: Command[]): unknown[] {
      return decide({ commands, at: world.now }).outcomes.map(outcome => {
        if ('fault' in outcome) throw new Error(outcome.fault.message)
        return outcome.ok
      })
    },
    take: (object: ObjectToTake): ObjectTaken => world.ask('take_object', object),
    takeTogether: (objects: readonly ObjectToTake[]) =>
      world.askAll(objects.map(input => ({ kind: 'take_object', input }))) as ObjectTaken[],
    restart() {
      db.$client.close()
      open()
    },
    close: () => void db.$client.close(),
    forget(day: number) {
      while (!world.ask('forget_from', { day }).isDone);
    },
    prune() {
      const expired: string[] = []
      for (;;) {
        const pruned = world.ask('prune', {})
        if (pruned.expired.length > 0) world.ask('drop_checkpoints', { keys: pruned.expired })
        expired.push(...pruned.expired)
        if (pruned.isDone && pruned.expired.length === 0) return expired
      }
    },
    rows: (sql: string) => db.$client.prepare(sql).all() as Record<string, unknown>[],
    row: (sql: string) => db.$client.prepare(sql).get() as Record<string, unknown>,
  }
  return world
}

const ofResource = (table: string, order: string) =>
  `SELECT r.kind, r.name, t.* FROM ${table} t JOIN estate_resources r ON r.id = t.resource ORDER BY r.kind, r.name, ${order}`
const plain = (table: string, order: string) => `SELECT * FROM ${table} ORDER BY ${order}`
/** Everything that is made of samples, by table. */
export const tables = {
  estate_resources: plain('estate_resources', 'kind, name'),
  estate_server_now: ofResource('estate_server_now', 't.at'),
  estate_container_now: ofResource('estate_container_now', 't.at'),
  estate_service_now: ofResource('estate_service_now', 't.at'),
  estate_server_samples: ofResource('estate_server_samples', 't.at'),
  estate_container_samples: ofResource('estate_container_samples', 't.at'),
  estate_service_samples: ofResource('estate_service_samples', 't.at'),
  estate_server_rollups: plain('estate_server_rollups', 'span, bucket, region, environment'),
  estate_container_rollups: plain('estate_container_rollups', 'span, bucket, service'),
  estate_service_rollups: plain('estate_service_rollups', 'span, bucket, service, region'),
  estate_resource_hours: ofResource('estate_resource_hours', 't.hour'),
  estate_resource_days: ofResource('estate_resource_days', 't.day'),
  estate_received: ofResource('estate_received', 't.day, t.boot'),
  estate_unnumbered: ofResource('estate_unnumbered', 't.at'),
  estate_restarts: ofResource('estate_restarts', 't.at'),
  estate_lake_objects: plain('estate_lake_objects', 'key'),
  estate_dead_letters: plain('estate_dead_letters', 'received_at, topic, reason, detail, payload'),
}
/** Their rows, but for what tells when they were written. */
export function contents({ rows }: Pick<World, 'rows'>): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(tables).map(([table, sql]) => [
      table,
      rows(sql).map(({ id: _, resource: __, taken_at: ___, first_dead: ____, ...row }) => row),
    ]),
  )
}
