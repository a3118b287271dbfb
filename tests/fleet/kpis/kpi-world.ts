/** The events and figures of a fleet on their own: a fresh file, a writer without a thread, a fake clock, HTTP. */
import { join } from 'node:path'
import { Hono } from 'hono'
import { onTestFinished } from 'vitest'
import { type Db, openDatabase, prepareDatabase } from '../../../src/db/open.ts'
import type { FleetWriter, Handlers } from '../../../src/fleet/commands.ts'
import type { KpiCommands, NewEvent } from '../../../src/fleet/kpis/commands.ts'
import {
  createKpiHandlers,
  createKpis,
  type DeliveryCounts,
  type KpiPart,
  kpiMigrations,
} from '../../../src/fleet/kpis/index.ts'
import { createKpiReports, type KpiReports } from '../../../src/fleet/kpis/report-store.ts'
import { vehicleMigrations } from '../../../src/fleet/migrations.ts'
import type { App, AppEnv } from '../../../src/http/context.ts'
import { frontDoor } from '../../../src/http/front-door.ts'
import { createOperations, type Operations } from '../../../src/http/operation.ts'
import { problemOf } from '../../../src/http/problem.ts'
import { KnownPathRouter } from '../../../src/http/router.ts'
import { createSessions } from '../../../src/http/session.ts'
import { answerUnmatched } from '../../../src/http/unmatched.ts'
import type { Log } from '../../../src/observability/logger.ts'
import { createMetrics, type Metrics } from '../../../src/observability/metrics.ts'
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts'
import { TOKEN, temporaryFolder } from '../../support/world.ts'

export const anEvent = (changes: Partial<NewEvent> = {}): NewEvent => ({
  happenedAt: null,
  endpoint: '/api/vehicle/status',
  method: 'GET',
  statusCode: 200,
  responseTimeMs: 100,
  clientId: 'vehicle_00001',
  vehicle: null,
  errorMessage: null,
  source: 'reported',
  key: null,
  ...changes,
})

/** The same as `POST /api/events` takes it. */
export const aTold = (changes: Record<string, unknown> = {}) => ({
  endpoint: '/api/vehicle/status',
  method: 'GET',
  status_code: 200,
  response_time_ms: 100,
  client_id: 'vehicle_00001',
  ...changes,
})

/** A prepared file and a connection that may write it. */
export function aFleetFile(): { path: string; db: Db } {
  const path = join(temporaryFolder(), 'fleet.db')
  const options = { path, busyTimeoutMs: 1000 }
  prepareDatabase(options, [vehicleMigrations, kpiMigrations], () => {})
  const db = openDatabase(options)
  onTestFinished(() => void db.$client.close())
  return { path, db }
}

export interface TestWriter extends Pick<FleetWriter, 'submit'> {
  /** Decides at once. */
  decide<K extends keyof KpiCommands>(kind: K, input: KpiCommands[K]['in']): KpiCommands[K]['out']
  /** What `submit` throws from now on; null: nothing. */
  failWith(error: Error | null): void
}

export function aWriter(db: Db, clock: FakeClock): TestWriter {
  const handlers: Handlers<KpiCommands> = createKpiHandlers(db)
  let failure: Error | null = null
  const decide: TestWriter['decide'] = (kind, input) => {
    const deciding = { now: clock.now(), toVehicle: () => {}, tell: () => {} }
    const run = () => handlers[kind](input as never, deciding) as never
    return db.$client.transaction(run).immediate()
  }
  return {
    decide,
    failWith: error => {
      failure = error
    },
    submit: (async (kind: keyof KpiCommands, input: never) => {
      if (failure) throw failure
      return decide(kind, input)
    }) as TestWriter['submit'],
  }
}

export interface Line {
  level: string
  event: string
  message: string
}

export function aLog(): { log: Log; lines: Line[] } {
  const lines: Line[] = []
  const at = (level: string) => (event: string, message: string) => void lines.push({ level, event, message })
  const log: Log = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    prepared: () => () => {},
    close: async () => {},
  }
  return { log, lines }
}

export interface Http {
  app: App
  operations: Operations
  sessions: ReturnType<typeof createSessions>
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
}

/** The front of the program, without a feature. */
export function anHttp(clock: FakeClock): Http {
  const app = new Hono<AppEnv>({ router: new KnownPathRouter() })
  const sessions = createSessions({ token: TOKEN, secure: false })
  const operations = createOperations(app, { presenter: sessions.requirePresenter, alertmanager: () => {} })
  app.use(frontDoor({ clock, trustedProxies: 0, report: () => {} }))
  app.onError((error, c) => problemOf(c, error))
  answerUnmatched(app)
  return {
    app,
    operations,
    sessions,
    send: async (method, path, body, headers = {}) =>
      app.request(path, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  }
}

export interface KpiWorld {
  path: string
  db: Db
  clock: FakeClock
  writer: TestWriter
  kpis: KpiPart
  reports: KpiReports
  metrics: Metrics
  lines: Line[]
  http: Http
  /** Keeps events at once. */
  record(...events: Partial<NewEvent>[]): void
}

const NOTHING: DeliveryCounts = { deployments: 0, failedDeployments: 0, resolvedIncidents: 0, recoveryMs: 0 }

export function aKpiWorld(
  options: { inline?: boolean; delivery?: (from: number, to: number) => DeliveryCounts } = {},
): KpiWorld {
  const { inline = true, delivery = () => NOTHING } = options
  const { path, db } = aFleetFile()
  const clock = fakeClock()
  const writer = aWriter(db, clock)
  const { log, lines } = aLog()
  const metrics = createMetrics({ withProcess: false })
  const kpis = createKpis({
    database: { path, busyTimeoutMs: 1000 },
    writer,
    clock,
    log,
    metrics,
    inline,
    delivery,
  })
  onTestFinished(() => kpis.stop())
  const http = anHttp(clock)
  kpis.serve(http.operations)
  return {
    path,
    db,
    clock,
    writer,
    kpis,
    reports: createKpiReports(db),
    metrics,
    lines,
    http,
    record: (...events) => void writer.decide('record_events', { events: events.map(anEvent) }),
  }
}
