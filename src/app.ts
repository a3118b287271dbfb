/** The composition root: every part is made here and handed what it needs. */
import { availableParallelism, totalmem } from 'node:os'
import { Hono } from 'hono'
import type { Config } from './config/config.ts'
import { webhookTokenOf } from './config/secret-file.ts'
import { createDelivery } from './delivery/index.ts'
import { bearerGuard } from './http/bearer.ts'
import type { AppEnv } from './http/context.ts'
import { createEventStreams } from './http/event-streams.ts'
import { frontDoor } from './http/front-door.ts'
import { httpMetrics } from './http/metrics.ts'
import { createOperations } from './http/operation.ts'
import { problemOf } from './http/problem.ts'
import { rateLimit } from './http/rate-limit.ts'
import { requestReporter } from './http/request-report.ts'
import { KnownPathRouter } from './http/router.ts'
import { listenAll } from './http/server.ts'
import { serveMetricsOnly, serveService } from './http/service-routes.ts'
import { createSessions } from './http/session.ts'
import { answerUnmatched } from './http/unmatched.ts'
import { createLicensing } from './licensing/index.ts'
import type { LogDestination } from './observability/log-destination.ts'
import { logMetrics } from './observability/log-metrics.ts'
import { logOutputs } from './observability/log-outputs.ts'
import { createLogger } from './observability/logger.ts'
import { createMetrics } from './observability/metrics.ts'
import type { TwinPort } from './race/index.ts'
import { type Clock, steadyClock, systemClock } from './shared/clock.ts'
import { type Random, systemRandom } from './shared/random.ts'
import { SERVICE } from './shared/service.ts'
import { prepareDatabases } from './wiring/databases.ts'
import { createDevices } from './wiring/devices.ts'
import { createOwnFigures } from './wiring/own-figures.ts'
import { createShow, fleetTwin } from './wiring/show.ts'

/** What tests replace. */
export interface Overrides {
  clock: Clock
  random: Random
  logTo: LogDestination
  /** Decide borrows on the caller's thread. */
  inline: boolean
  busyTimeoutMs: number
  /** The fleet of the race's right lane. */
  twin: TwinPort
}

/** With what closing takes after it, less than the ten seconds that containers are given. The longest fault holds up 5 s. */
const DRAIN_MS = 6000

/** Makes the whole program. Nothing listens before `start`. @throws StartFailure */
export function createApp(config: Config, overrides: Partial<Overrides> = {}) {
  const { clock: wall = systemClock, random = systemRandom, inline = false, busyTimeoutMs = 2000 } = overrides
  const { version, commit, committedAt, env } = config
  const databases = prepareDatabases(config, busyTimeoutMs)
  const database = databases.main
  const clock = steadyClock(wall, databases.newest)

  const metrics = createMetrics()
  const measured = metrics.register(httpMetrics)
  const logged = metrics.register(logMetrics)
  const log = createLogger({
    level: config.logLevel,
    version,
    commit,
    env,
    clock: wall,
    to: overrides.logTo ?? logOutputs(config, metrics, logged, () => log),
    counterOf: (level, event) => logged.log_lines_total.bind({ level, event }),
  })
  const sessions = createSessions({
    token: config.presenterToken,
    secure: config.publicUrl?.startsWith('https:') ?? false,
  })

  const delivery = createDelivery({
    database,
    clock,
    random,
    log,
    metrics,
    faultsPossible: config.faultsPossible,
    release: { version, commit, committedAt, env },
    seats: () => licensing.quietSeats,
  })
  delivery.onRelease((running, before) => {
    log.runs(running)
    measured.app_build_info.remove({ version: before.version, commit: before.commit })
    measured.app_build_info.set({ version: running.version, commit: running.commit }, 1)
  })
  const licensing = createLicensing({
    database,
    clock,
    log,
    metrics,
    visitors: sessions,
    inline,
    disturbance: delivery.disturbance,
    onDecided(borrow) {
      delivery.decided(borrow)
      show.decided(borrow)
    },
  })

  const figures = createOwnFigures(wall, totalmem(), availableParallelism())
  const send = async (path: string, init?: RequestInit) => app.request(path, init)
  const devices = createDevices({
    config,
    fleetDatabase: databases.fleet,
    estateDatabase: databases.estate,
    clock,
    wall,
    log,
    metrics,
    visitors: sessions,
    delivery: delivery.countsBetween,
    random,
    figures,
    send,
    inline,
  })
  const { fleet, estate } = devices
  let port = config.port

  const show = createShow({
    config,
    database,
    clock,
    log,
    metrics,
    sessions,
    delivery,
    licensing,
    fleet,
    estate,
    twin: overrides.twin ?? fleetTwin,
    send,
    vehicles: devices.vehicles,
    streams: () => streams,
    port: () => port,
  })
  const streams = createEventStreams({
    topics: { ...licensing.topics, ...delivery.topics, ...fleet.topics, ...estate.topics, ...show.topics },
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
  const operations = createOperations(app, {
    presenter: sessions.requirePresenter,
    alertmanager: bearerGuard(
      webhookTokenOf(config.alertWebhook),
      'Announcements need the token of ALERT_WEBHOOK_TOKEN.',
    ),
  })
  app.use(
    frontDoor({
      clock,
      trustedProxies: config.trustedProxies,
      secure: config.publicUrl?.startsWith('https:') ?? false,
      report: figures.counting(requestReporter(log, measured)),
    }),
  )
  app.onError((error, c) => problemOf(c, error))
  answerUnmatched(app)
  app.use('/api/*', fleet.measure)
  app.use(
    rateLimit({
      perSecond: config.rateLimitPerSecond,
      clock,
      sessionOf: sessions.nameOf,
      countLoopback: config.trustedProxies > 0,
    }),
  )
  licensing.serve(operations)
  delivery.serve(operations)
  fleet.serve(operations)
  estate.serve(operations)
  show.serve(app, operations)
  serveService(operations, {
    about: () => ({ ...delivery.running(), env, service: SERVICE }),
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
      const listeners = await listenAll(app, serveMetricsOnly(metrics), config, estate.sockets)
      await devices.start().catch(async error => {
        await listeners.drain(0)
        throw error
      })
      delivery.start()
      show.start()
      devices.simulate()
      port = listeners.port
      const taken = { port, metricsPort: listeners.metricsPort, mqttPort: devices.mqttPort }
      log.info('server_started', 'listening', {
        port,
        metrics_port: taken.metricsPort ?? undefined,
        mqtt_port: taken.mqttPort ?? undefined,
      })
      return {
        ...taken,
        /** Takes no new requests, answers those under way, makes everything durable, closes. */
        async drain() {
          log.info('server_stopping', 'draining')
          streams.close()
          await listeners.drain(DRAIN_MS)
        },
      }
    },
    /** Closes what was opened. */
    async stop() {
      streams.close()
      await show.stop()
      await devices.stop()
      await licensing.stop()
      delivery.stop()
      log.info('server_stopped', 'stopped')
      await log.close()
    },
  }
}
