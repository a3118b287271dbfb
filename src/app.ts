/** The composition root: every part is made here and handed what it needs. */
import { Hono } from 'hono'
import type { Config } from './config/config.ts'
import { prepareDatabase } from './db/open.ts'
import type { AppEnv } from './http/context.ts'
import { createEventStreams } from './http/event-streams.ts'
import { frontDoor } from './http/front-door.ts'
import { httpMetrics } from './http/metrics.ts'
import { createOperations } from './http/operation.ts'
import { problemOf } from './http/problem.ts'
import { rateLimit } from './http/rate-limit.ts'
import { requestReporter } from './http/request-report.ts'
import { KnownPathRouter } from './http/router.ts'
import { listen } from './http/server.ts'
import { serveMetricsOnly, serveService } from './http/service-routes.ts'
import { createSessions } from './http/session.ts'
import { answerUnmatched } from './http/unmatched.ts'
import { createLicensing, licensingMigrations, newestTime, seedPools } from './licensing/index.ts'
import { type LogDestination, logDestination } from './observability/log-destination.ts'
import { logMetrics } from './observability/log-metrics.ts'
import { createLogger, SERVICE } from './observability/logger.ts'
import { createMetrics } from './observability/metrics.ts'
import { type Clock, steadyClock, systemClock } from './shared/clock.ts'
import { type Random, systemRandom } from './shared/random.ts'
import { serveStage } from './stage/index.ts'

/** What tests replace. */
export interface Overrides {
  clock: Clock
  random: Random
  logTo: LogDestination
  /** Decide borrows on the caller's thread. */
  inline: boolean
  busyTimeoutMs: number
}

export type Twinloop = ReturnType<typeof createApp>

const DRAIN_MS = 10_000

/** Makes the whole program. Nothing listens before `start`. @throws StartFailure */
export function createApp(config: Config, overrides: Partial<Overrides> = {}) {
  const { clock: wall = systemClock, random = systemRandom, inline = false, busyTimeoutMs = 2000 } = overrides
  const { version, commit, env } = config
  const database = { path: config.dbPath, busyTimeoutMs }
  let newest = 0
  prepareDatabase(database, [licensingMigrations], db => {
    if (config.seed) seedPools(db)
    newest = newestTime(db)
  })
  const clock = steadyClock(wall, newest)

  const metrics = createMetrics()
  const measured = metrics.register(httpMetrics)
  const { log_lines_dropped_total } = metrics.register(logMetrics)
  const to =
    overrides.logTo ?? logDestination(config.logFile, lines => log_lines_dropped_total.inc({}, lines))
  const log = createLogger({ level: config.logLevel, version, commit, env, clock: wall, to })
  const sessions = createSessions({
    token: config.presenterToken,
    secure: config.publicUrl?.startsWith('https:') ?? false,
  })

  const licensing = createLicensing({ database, clock, log, metrics, visitors: sessions, inline })

  const streams = createEventStreams({
    topics: licensing.topics,
    clock,
    random,
    observer: {
      sent: frames => measured.live_stream_frames_total.inc({}, frames),
      dropped: () => measured.live_streams_dropped_total.inc({}),
      failed: error => log.error('internal_error', 'a live frame failed', { error: String(error) }),
    },
  })
  measured.app_build_info.set({ version, commit }, 1)
  metrics.beforeScrape(async () => measured.live_streams_open.set({}, streams.clients))

  const app = new Hono<AppEnv>({ router: new KnownPathRouter() })
  const operations = createOperations(app, sessions.requirePresenter)
  app.use(frontDoor({ clock, trustedProxies: config.trustedProxies, report: requestReporter(log, measured) }))
  app.onError((error, c) => problemOf(c, error))
  answerUnmatched(app)
  app.use(
    rateLimit({
      perSecond: config.rateLimitPerSecond,
      clock,
      sessionOf: sessions.nameOf,
      countLoopback: config.trustedProxies > 0,
    }),
  )
  licensing.serve(operations)
  serveStage({ app, operations, sessions, log, metrics })
  serveService(operations, {
    about: { version, commit, env, service: SERVICE },
    metrics,
    metricsHere: config.metricsPort === null,
    sessions,
    streams,
    ready: async () => void (await licensing.ledger.submit({ kind: 'sweep' })),
  })

  return {
    app,
    fetch: app.fetch,
    ledger: licensing.ledger,
    log,
    /** Listens. @returns the ports taken @throws StartFailure */
    async start() {
      await licensing.start()
      const { host, port, metricsPort } = config
      const main = await listen(app, { host, port, variable: 'PORT' })
      const side =
        metricsPort === null
          ? null
          : await listen(serveMetricsOnly(metrics), {
              host,
              port: metricsPort,
              variable: 'METRICS_PORT',
            }).catch(async error => {
              await main.drain(0)
              throw error
            })
      log.info('server_started', 'listening', { port: main.port, metrics_port: side?.port })
      return {
        port: main.port,
        metricsPort: side?.port ?? null,
        /** Takes no new requests, answers those under way, makes everything durable, closes. */
        async drain() {
          log.info('server_stopping', 'draining')
          streams.close()
          await Promise.all([main.drain(DRAIN_MS), side?.drain(DRAIN_MS)])
        },
      }
    },
    /** Closes what was opened. */
    async stop() {
      streams.close()
      await licensing.stop()
      log.info('server_stopped', 'stopped')
      await log.close()
    },
  }
}
