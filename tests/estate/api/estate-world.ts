/** The API of the estate on its own: a fresh file with rows that a test writes, read inline, a fake clock, HTTP. */
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Db, openDatabase, prepareDatabase } from '../../../src/db/open.ts'
import type { MetricsMessage } from '../../../src/estate/api/pipeline.ts'
import { keyOf } from '../../../src/estate/lake/object-key.ts'
import { createEstateLive } from '../../../src/estate/live-view.ts'
import { estateMigrations } from '../../../src/estate/migrations.ts'
import { createReader, type EstateReader } from '../../../src/estate/reports/reader.ts'
import { type EstateRoutes, serveEstate } from '../../../src/estate/routes.ts'
import { mergeInto, pairsOf, quantile, type Sketch, type SketchPairs } from '../../../src/machine/sketch.ts'
import { anHttp, type Http } from '../../fleet/kpis/kpi-world.ts'
import { type FakeClock, fakeClock, START } from '../../support/fake-clock.ts'
import { type Answer, ok } from '../../support/wire.ts'
import { TOKEN, temporaryFolder } from '../../support/world.ts'

export const MINUTE = 60_000
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

type Row = Record<string, string | number | null>
export type PipelineState = ReturnType<EstateRoutes['pipeline']>

export const healthyPipeline: PipelineState = {
  status: 'healthy',
  stages: [
    {
      stage: 'ingest',
      state: 'healthy',
      since: '2026-03-02T09:00:00.000Z',
      instances: 1,
      done: 10,
      dead_letters: 0,
      waiting: 0,
      lag_seconds: 0,
      last_success_at: '2026-03-02T10:00:00.000Z',
      problem: null,
    },
  ],
  lake: { where: 'here' },
  history: null,
}

export interface EstateWorld {
  path: string
  db: Db
  clock: FakeClock
  http: Http
  reader: EstateReader
  message: () => Promise<MetricsMessage>
  /** The body of an answer that must be 200. */
  get(path: string): Promise<Answer>
  present(method: string, path: string, body?: unknown): Promise<Response>
}

export function anEstateFile(): { path: string; db: Db } {
  const path = join(temporaryFolder(), 'estate.db')
  const options = { path, busyTimeoutMs: 1000 }
  prepareDatabase(options, [estateMigrations], () => {})
  const db = openDatabase(options)
  onTestFinished(() => void db.$client.close())
  return { path, db }
}

export function anEstateWorld(parts: Partial<EstateRoutes> = {}): EstateWorld {
  const { path, db } = anEstateFile()
  const clock = fakeClock()
  const reader = createReader({ database: { path, busyTimeoutMs: 1000 }, clock, inline: true })
  onTestFinished(() => reader.close())
  const live = createEstateLive({
    ask: reader.ask,
    stages: () => healthyPipeline.stages,
    history: () => null,
    samplesPerSecond: () => 116.66,
    clock,
  })
  const http = anHttp(clock)
  serveEstate(http.operations, {
    reader,
    clock,
    frame: live.frame,
    pipeline: () => healthyPipeline,
    connections: () => ({ active: 3, max: 2000 }),
    inject: null,
    ...parts,
  })
  return {
    path,
    db,
    clock,
    http,
    reader,
    message: live.message,
    get: path => {
      reader.changed()
      return ok(http.send('GET', path))
    },
    present: (method, path, body) => http.send(method, path, body, { authorization: `Bearer ${TOKEN}` }),
  }
}

/** Puts a row in, whose other columns are as harmless as can be. */
function insert(db: Db, table: string, row: Row): number {
  const columns = Object.keys(row)
  const places = columns.map(column => `@${column}`).join(', ')
  const { lastInsertRowid } = db.$client
    .prepare(`INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${places})`)
    .run(row)
  return Number(lastInsertRowid)
}

type Kind = 'server' | 'container' | 'service'

function aResource(db: Db, kind: Kind, name: string, about: Row): number {
  const known = db.$client
    .prepare<[string, string], number>('SELECT id FROM estate_resources WHERE kind = ? AND name = ?')
    .pluck()
    .get(kind, name)
  if (known !== undefined) return known
  return insert(db, 'estate_resources', {
    kind,
    name,
    region: 'north',
    environment: 'production',
    service: null,
    version: 'v1.0.0',
    is_real: 0,
    interval_ms: 30_000,
    first_at: START - 7 * DAY,
    last_at: START,
    ...about,
  })
}

/** A server with its newest sample. @returns its id */
export function aServer(db: Db, name: string, now: Row = {}, about: Row = {}): number {
  const id = aResource(db, 'server', name, { last_at: Number(now.at ?? START), ...about })
  insert(db, 'estate_server_now', {
    resource: id,
    at: START,
    cpu_percent: 50,
    memory_percent: 40,
    memory_used_gb: 6.4,
    memory_total_gb: 16,
    disk_used_gb: 300,
    disk_total_gb: 500,
    disk_utilization: 60,
    status: 'healthy',
    ...now,
  })
  return id
}

export function aContainer(db: Db, name: string, now: Row = {}, about: Row = {}): number {
  const id = aResource(db, 'container', name, {
    service: 'checkout',
    last_at: Number(now.at ?? START),
    ...about,
  })
  insert(db, 'estate_container_now', {
    resource: id,
    at: START,
    cpu_percent: 20,
    memory_mb: 512,
    memory_limit_mb: 1024,
    memory_utilization: 50,
    requests_per_sec: 10,
    response_time_ms: 100,
    error_count: 0,
    restart_count: 0,
    health: 'healthy',
    ...now,
  })
  return id
}

export function anInstance(db: Db, name: string, now: Row = {}, about: Row = {}): number {
  const id = aResource(db, 'service', name, {
    service: 'checkout',
    last_at: Number(now.at ?? START),
    ...about,
  })
  insert(db, 'estate_service_now', {
    resource: id,
    at: START,
    total_requests: 100,
    failed_requests: 1,
    success_rate: 99,
    error_rate_percent: 1,
    avg_response_time_ms: 120,
    p95_response_time_ms: 300,
    instances_running: null,
    cpu_avg_percent: 30,
    memory_avg_percent: 40,
    ...now,
  })
  return id
}

const SPANS = [MINUTE, 5 * MINUTE, HOUR]

/** Adds to the sums of all three spans, as the transformer does. */
function addSums(db: Db, table: string, at: number, keys: Row, sums: Row) {
  for (const span of SPANS) {
    const bucket = Math.floor(at / span) * span
    const all: Row = { span, bucket, ...keys, ...sums }
    if (typeof sums.sketch === 'string') {
      const stored = db.$client
        .prepare<[object], string>(
          `SELECT sketch FROM ${table} WHERE span = @span AND bucket = @bucket AND service = @service AND region = @region`,
        )
        .pluck()
        .get({ span, bucket, ...keys })
      const merged: Sketch = new Map(JSON.parse(stored ?? '[]'))
      mergeInto(merged, JSON.parse(sums.sketch))
      all.sketch = JSON.stringify(pairsOf(merged))
      all.p95_ms = quantile(merged, 0.95)
    }
    const columns = Object.keys(all)
    const set = Object.keys(sums).map(column => {
      if (/p95|sketch/.test(column)) return `${column} = excluded.${column}`
      const [kind] = /(max|min)$/.exec(column) ?? []
      return kind
        ? `${column} = ${kind}(${column}, excluded.${column})`
        : `${column} = ${column} + excluded.${column}`
    })
    db.$client
      .prepare(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(column => `@${column}`).join(', ')})
         ON CONFLICT DO UPDATE SET ${set.join(', ')}`,
      )
      .run(all)
  }
}

/** Sums of two samples of servers at a time. */
export const serverSums = (db: Db, at: number, sums: Row = {}, keys: Row = {}) =>
  addSums(
    db,
    'estate_server_rollups',
    at,
    { region: 'north', environment: 'production', ...keys },
    {
      samples: 2,
      covered_ms: 60_000,
      cpu_sum: 100,
      cpu_max: 60,
      memory_sum: 80,
      disk_sum: 120,
      disk_samples: 2,
      critical_ms: 0,
      ...sums,
    },
  )

export const containerSums = (db: Db, at: number, sums: Row = {}, keys: Row = {}) =>
  addSums(
    db,
    'estate_container_rollups',
    at,
    { service: 'checkout', ...keys },
    {
      samples: 2,
      covered_ms: 60_000,
      cpu_sum: 40,
      memory_sum: 100,
      memory_samples: 2,
      rps_sum: 30,
      rps_samples: 2,
      rps_max: 20,
      rps_min: 10,
      errors: 0,
      restarts: 0,
      ...sums,
    },
  )

/** Sums of one region, and of all (region '*'), with the sketch. */
export function serviceSums(
  db: Db,
  at: number,
  sums: Row = {},
  keys: { service?: string; region?: string } = {},
  sketch: SketchPairs | null = null,
): void {
  const { service = 'checkout', region = 'north' } = keys
  const all: Row = {
    samples: 2,
    covered_ms: 60_000,
    requests: 200,
    failed: 2,
    latency_sum: 20_000,
    latency_requests: 200,
    ...sums,
  }
  addSums(db, 'estate_service_rollups', at, { service, region }, all)
  addSums(
    db,
    'estate_service_rollups',
    at,
    { service, region: '*' },
    { ...all, p95_ms: null, sketch: sketch && JSON.stringify(sketch) },
  )
}

/** With its share of the day. */
export function anHour(db: Db, resource: number, hour: number, sums: Row = {}) {
  const row = {
    hour,
    resource,
    samples: 120,
    covered_ms: HOUR,
    cpu_sum: 6000,
    cpu_samples: 120,
    cpu_max: 80,
    memory_sum: 4800,
    memory_samples: 120,
    disk_sum: 7200,
    disk_samples: 120,
    requests: 0,
    failed: 0,
    latency_sum: 0,
    latency_requests: 0,
    restarts: 0,
    ...sums,
  }
  insert(db, 'estate_resource_hours', row)
  db.$client
    .prepare(
      `INSERT INTO estate_resource_days VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET samples = samples + excluded.samples, covered_ms = covered_ms + excluded.covered_ms`,
    )
    .run(Math.floor(hour / DAY) * DAY, resource, row.samples, row.covered_ms)
}

export const aRestart = (db: Db, resource: number, at: number, count: number) =>
  insert(db, 'estate_restarts', { resource, at, count, service: 'checkout' })

export const anAnomaly = (db: Db, row: Row = {}) =>
  insert(db, 'estate_anomalies', {
    cause: 'server:server-0001:cpu',
    type: 'cpu_spike',
    detector: 'threshold',
    resource_kind: 'server',
    resource: 'server-0001',
    service: null,
    region: 'north',
    version: null,
    resources: 1,
    value: 95.123,
    expected: 90,
    severity: 'high',
    sentence: 'The CPU of server-0001 is at 95 %.',
    started_at: START - 3 * MINUTE,
    detected_at: START - MINUTE,
    ended_at: null,
    ...row,
  })

export const aFault = (db: Db, id: string, row: Row = {}) =>
  insert(db, 'estate_injected_faults', {
    id,
    kind: 'cpu_saturation',
    resource_kind: 'server',
    resource: 'server-0001',
    version: null,
    started_at: START - 10 * MINUTE,
    ended_at: START - 2 * MINUTE,
    ...row,
  })

/** An object of the lake with samples of the hour of `at`, written and taken so long after it. */
export const anObject = (db: Db, kind: Kind, at: number, taken: { after: number } = { after: 0 }) =>
  insert(db, 'estate_lake_objects', {
    key: keyOf({ kind, hour: at, writtenAt: at + taken.after, run: 'test', number: 1 }),
    samples: 1,
    duplicates: 0,
    dead: 0,
    taken_at: at + taken.after,
  })
