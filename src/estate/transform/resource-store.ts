/** What is kept of each resource. Every statement runs for many samples, so it is written out and prepared once. */
import type { Db } from '../../db/open.ts'
import type { Received } from '../../ingest/received.ts'
import type { ResourceKind } from '../../machine/topics.ts'
import type { Judged } from './judge.ts'
import type { Change } from './restarts.ts'
import { nowColumns, rawColumns, valuesOf } from './sample-columns.ts'

export interface KnownResource {
  id: number
  region: string | null
  environment: string | null
  service: string | null
  version: string | null
  isReal: 0 | 1
  intervalMs: number
  firstAt: number
  lastAt: number
}
export type ResourceStore = ReturnType<typeof createResourceStore>

const places = (columns: readonly string[]) => columns.map(() => '?').join(', ')

export function createResourceStore(db: Db) {
  const sql = <P extends unknown[], R = unknown>(text: string) => db.$client.prepare<P, R>(text)
  type Values = (string | number | null)[]

  const find = sql<[string, string], KnownResource>(
    `SELECT id, region, environment, service, version, is_real AS isReal, interval_ms AS intervalMs,
       first_at AS firstAt, last_at AS lastAt FROM estate_resources WHERE kind = ? AND name = ?`,
  )
  const insert = sql<Values>(
    `INSERT INTO estate_resources (kind, name, region, environment, service, version, is_real, interval_ms, first_at, last_at)
       VALUES (?, ?, NULL, NULL, NULL, NULL, 0, 0, ?, ?)`,
  )
  const update = sql<Values>(
    `UPDATE estate_resources SET region = ?, environment = ?, service = ?, version = ?, is_real = ?, interval_ms = ?,
       first_at = ?, last_at = ? WHERE id = ?`,
  )
  const count = sql<[], number>('SELECT count(*) FROM estate_resources').pluck()
  const ofKind = <T>(make: (kind: ResourceKind) => T) => ({
    server: make('server'),
    container: make('container'),
    service: make('service'),
  })
  const setNow = ofKind(kind => {
    const columns = ['resource', 'at', ...nowColumns[kind]]
    return sql<Values>(
      `INSERT OR REPLACE INTO estate_${kind}_now (${columns.join(', ')}) VALUES (${places(columns)})`,
    )
  })
  const addSample = ofKind(kind => {
    const columns = ['at', 'resource', ...rawColumns[kind]]
    return sql<Values>(
      `INSERT OR IGNORE INTO estate_${kind}_samples (${columns.join(', ')}) VALUES (${places(columns)})`,
    )
  })
  const sampled = ofKind(kind =>
    sql<[number, number], number>(
      `SELECT resource FROM estate_${kind}_samples WHERE at >= ? AND at < ?`,
    ).pluck(),
  )
  const received = sql<[number, number, string], string>(
    'SELECT ranges FROM estate_received WHERE day = ? AND resource = ? AND boot = ?',
  ).pluck()
  const saveReceived = sql<Values>('INSERT OR REPLACE INTO estate_received VALUES (?, ?, ?, ?)')
  const addUnnumbered = sql<[number, number]>('INSERT OR IGNORE INTO estate_unnumbered VALUES (?, ?)')
  const lastRestart = sql<[number, number], Change>(
    'SELECT at, count, service FROM estate_restarts WHERE resource = ? AND at <= ? ORDER BY at DESC LIMIT 1',
  )
  const nextRestart = sql<[number, number], Change>(
    'SELECT at, count, service FROM estate_restarts WHERE resource = ? AND at > ? ORDER BY at LIMIT 1',
  )
  const addRestart = sql<Values>('INSERT OR REPLACE INTO estate_restarts VALUES (?, ?, ?, ?)')
  const removeRestart = sql<[number, number]>('DELETE FROM estate_restarts WHERE resource = ? AND at = ?')

  return {
    find: (kind: ResourceKind, name: string) => find.get(kind, name),
    count: () => count.get() ?? 0,
    /** Nothing is known of it but that a sample of `at` came. */
    insert(kind: ResourceKind, name: string, at: number): KnownResource {
      const { lastInsertRowid } = insert.run(kind, name, at, at - 1)
      const unknown = { region: null, environment: null, service: null, version: null }
      return {
        id: Number(lastInsertRowid),
        ...unknown,
        isReal: 0,
        intervalMs: 0,
        firstAt: at,
        lastAt: at - 1,
      }
    },
    update: (known: KnownResource) =>
      void update.run(
        known.region,
        known.environment,
        known.service,
        known.version,
        known.isReal,
        known.intervalMs,
        known.firstAt,
        known.lastAt,
        known.id,
      ),
    setNow: (id: number, judged: Judged) =>
      void setNow[judged.kind].run(id, judged.at, ...valuesOf(judged, true)),
    addSample: (id: number, judged: Judged) =>
      void addSample[judged.kind].run(judged.at, id, ...valuesOf(judged, false)),
    /** How many raw samples each resource has in these ms. */
    samplesOf(kind: ResourceKind, from: number, to: number): Map<number, number> {
      const counts = new Map<number, number>()
      for (const id of sampled[kind].all(from, to)) counts.set(id, (counts.get(id) ?? 0) + 1)
      return counts
    },
    received(day: number, id: number, boot: string): Received {
      const ranges = received.get(day, id, boot)
      return ranges === undefined ? [] : JSON.parse(ranges)
    },
    saveReceived: (day: number, id: number, boot: string, ranges: Received) =>
      void saveReceived.run(day, id, boot, JSON.stringify(ranges)),
    /** Whether it is the first of this time. */
    addUnnumbered: (at: number, id: number) => addUnnumbered.run(at, id).changes > 0,
    /** The newest change at or before `at`. */
    lastRestart: (id: number, at: number) => lastRestart.get(id, at),
    nextRestart: (id: number, at: number) => nextRestart.get(id, at),
    addRestart: (id: number, { at, count, service }: Change) => void addRestart.run(id, at, count, service),
    removeRestart: (id: number, at: number) => void removeRestart.run(id, at),
  }
}
