/** A whole program of its own for one test: fresh database, fake clock, log lines caught. */
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createApp, type Overrides } from '../../src/app.ts'
import type { Config } from '../../src/config/config.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { temporaryFolder } from './temporary-folder.ts'

export { temporaryFolder } from './temporary-folder.ts'

export const TOKEN = 'presenter-token-of-the-tests'
export const WEBHOOK_TOKEN = 'webhook-token-of-the-tests'

export const FLEET_KEY = 'fleet-key-of-the-tests'

export interface World {
  app: ReturnType<typeof createApp>
  clock: FakeClock
  dbPath: string
  /** The log lines so far, parsed. */
  lines(): Record<string, unknown>[]
  /** Sends a request through the whole app, without a socket. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** The same as the presenter. */
  present(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
}

export const testConfig = (dbPath: string): Config => ({
  port: 0,
  host: '127.0.0.1',
  dbPath,
  seed: true,
  cacheMb: 32,
  presenterToken: TOKEN,
  presenterTokenMade: false,
  rateLimitPerSecond: 20,
  trustedProxies: 0,
  logLevel: 'debug',
  logFile: null,
  loki: null,
  alertWebhook: { token: WEBHOOK_TOKEN, tokenFile: null },
  faultsPossible: true,
  fleet: {
    dbPath: join(dirname(dbPath), 'fleet.db'),
    key: { text: FLEET_KEY },
    keepMs: 72 * 3600_000,
    maxBytes: 1e9,
    broker: { kind: 'embedded', port: 0, orAnyPort: false },
    simulated: null,
  },
  estate: {
    dbPath: join(dirname(dbPath), 'estate.db'),
    lake: { kind: 'directory', folder: join(dirname(dbPath), 'lake') },
    lakeKeepMs: 8 * 24 * 3600_000,
    rawKeepMs: 24 * 3600_000,
    stages: ['ingest', 'transform', 'analytics'],
    simulated: { servers: 0, intervalSeconds: 30, historyDays: 0, seed: 1, faultsPerDay: 0 },
    host: false,
    alone: { name: null, port: null },
  },
  metricsPort: null,
  publicUrl: null,
  wifi: null,
  // Nothing listens there.
  stack: {
    prometheus: 'http://127.0.0.1:9',
    alertmanager: 'http://127.0.0.1:9',
    loki: 'http://127.0.0.1:9',
    grafana: 'http://127.0.0.1:9',
  },
  version: '1.2.3',
  commit: 'abc1234',
  committedAt: null,
  env: 'test',
})

/** A fleet of the race that tells nothing: no thread runs. */
export const quietTwin: Overrides['twin'] = {
  assumptions: [],
  start: () => ({ onProgress() {}, onFailure() {}, stop: async () => {} }),
}

/** Makes a world that ends with the test. Borrows are decided inline, by the fake clock. */
export function createWorld(config: Partial<Config> = {}, overrides: Partial<Overrides> = {}): World {
  const clock = fakeClock()
  const dbPath = config.dbPath ?? join(temporaryFolder(), 'licenses.db')
  const text: string[] = []
  const app = createApp(
    { ...testConfig(dbPath), ...config },
    { clock, inline: true, twin: quietTwin, logTo: { write: line => void text.push(line) }, ...overrides },
  )
  onTestFinished(() => app.stop())
  const send: World['send'] = async (method, path, body, headers = {}) =>
    app.app.request(path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  return {
    app,
    clock,
    dbPath,
    lines: () => text.map(line => JSON.parse(line)),
    send,
    present: (method, path, body, headers = {}) =>
      send(method, path, body, { authorization: `Bearer ${TOKEN}`, ...headers }),
  }
}
