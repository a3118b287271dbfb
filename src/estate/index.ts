/** Servers, containers and services: their samples from the broker to the API. The only door to this folder. */
import { basename } from 'node:path'
import type { OpenOptions } from '../db/open.ts'
import type { Topic } from '../http/event-streams.ts'
import type { Operations } from '../http/operation.ts'
import { createWebSocketFeed } from '../http/websocket.ts'
import { faultNotice, readNotice } from '../machine/notices.ts'
import type { Log } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import { type Clock, rfc3339 } from '../shared/clock.ts'
import { createAnalyst } from './analytics/analyst.ts'
import type { EstateFrame } from './api/pipeline.ts'
import { createEstateEvents } from './events.ts'
import { createHistoryWatch } from './history-watch.ts'
import { createIngestStage, type IngestStage } from './ingest-stage.ts'
import type { Lake } from './lake/lake.ts'
import type { LakeSettings } from './lake/open-lake.ts'
import { createEstateLive } from './live-view.ts'
import { estateMetrics } from './metrics.ts'
import { observeEstate } from './observe.ts'
import { estateParty } from './party.ts'
import { createReader } from './reports/reader.ts'
import { type EstateRoutes, serveEstate } from './routes.ts'
import { createSampleRate } from './sample-rate.ts'
import { scrapeReads } from './scrape-reads.ts'
import { openStageLake } from './stage-lake.ts'
import { createStageReports } from './stage-reports.ts'
import { every } from './stage-timer.ts'
import { keepFor } from './transform/settings.ts'
import type { TransformStage } from './transform/stage.ts'
import { createWriter } from './transform/writer.ts'
import { createReportingTransform } from './transform-stage.ts'

export { estateMigrations } from './migrations.ts'
export * from './stage-parts.ts'
export type { LakeSettings }

export interface EstateOptions {
  /** A file of its own: it takes thousands of rows a second. It must be prepared. */
  database: OpenOptions
  lake: LakeSettings
  lakeKeepMs: number
  rawKeepMs: number
  /** Which stages run in this process. */
  stages: readonly string[]
  clock: Clock
  log: Log
  metrics: Metrics
  /** The secret that passwords at the broker come from. */
  key: string
  /** Whether the broker is another's: then other processes may ingest too. */
  isRemoteBroker: boolean
  trustedProxies: number
  /** Those that are labels of metrics. */
  services: readonly string[]
  /** Breaks something in the simulated estate; null: none is simulated here. */
  inject: EstateRoutes['inject']
  /** Decide, read and analyse on the caller's thread: for tests that own the time. */
  inline: boolean
}

export type Estate = ReturnType<typeof createEstate>

const LOOK_MS = 1000
/** What happened longer ago is no news. */
const NEWS_MS = 10 * 60_000

export function createEstate(options: EstateOptions) {
  const { database, clock, log, metrics, key, stages: here, services, inject, inline } = options
  const settings = keepFor(options)
  const instruments = metrics.register(estateMetrics)
  const events = createEstateEvents({ log, metrics: instruments, clock })
  const instance = `server-${process.pid}`
  const reports = createStageReports({ clock, told: events.stageChanged })
  const reader = createReader({ database, clock, inline, took: events.read })
  const writer = createWriter({ database, settings, clock, inline })
  const rate = createSampleRate(clock)
  const history = createHistoryWatch(clock, events)
  let lake: Lake | undefined
  let ingest: IngestStage | undefined
  let transform: TransformStage | undefined
  let endLooking = () => {}

  const stages = (): EstateFrame['stages'] =>
    reports.stages().map(({ since, last_success_at, ...stage }) => ({
      ...stage,
      since: timeOrNull(since),
      last_success_at: timeOrNull(last_success_at),
    }))
  const live = createEstateLive({
    ask: reader.ask,
    stages,
    history: history.state,
    samplesPerSecond: rate.perSecond,
    clock,
  })
  const analyst = createAnalyst({
    database,
    clock,
    instance,
    every,
    record: found => writer.submit('record_anomalies', found),
    send: reports.take,
    told(round, recorded) {
      events.analytics.told(round, recorded)
      reader.changed()
    },
    failed: error => log.error('internal_error', 'the analysis failed', { error: String(error) }),
    inline,
  })
  const sockets = createWebSocketFeed({
    path: '/ws/metrics',
    produce: live.message,
    clock,
    observer: events.websocket,
    trustedProxies: options.trustedProxies,
  })
  const party = estateParty({
    key,
    ingestsHere: here.includes('ingest'),
    isRemote: options.isRemoteBroker,
    takeSamples: async message => ingest?.receive(message),
    takeStage: payload => void reports.takeMessage(payload),
    async takeFault(payload) {
      const notice = readNotice(faultNotice, payload.toString())
      if (!notice) return
      const { isNew } = await writer.submit('note_fault', notice)
      const { started_at, ended_at } = notice
      // Those of the generated past are told by the API, not by the log of now.
      if (isNew && clock.now() - (ended_at ?? started_at) < NEWS_MS) events.fault(notice)
    },
    refused: events.refused,
  })
  observeEstate({ metrics, instruments, clock, reads: scrapeReads(reader.ask, stages), services })

  const topics: Record<'estate', Topic> = { estate: { everyMs: 2000, produce: live.frame } }

  return {
    topics,
    party,
    /** WebSockets: taken over from the HTTP server. */
    sockets,
    /** Takes samples of this process, as the broker hands over those of others. */
    receive: party.receive,
    /** Takes the reports of stages in this process. */
    report: reports.take,
    history,
    hostUnmeasured: events.hostUnmeasured,
    /** The worst of the stages, and how many resources are known. */
    state: async () => ({ worst: reports.worst(), ...(await live.message()) }),
    /** The hours of a span that have samples, Unix ms. */
    hoursKnown: (span: { from: number; until: number }) => reader.ask('hoursKnown', span),
    serve(operations: Operations) {
      serveEstate(operations, {
        reader,
        clock,
        frame: live.frame,
        pipeline: () => ({
          status: reports.worst(),
          stages: stages(),
          lake: { where: shownWhere(options.lake) },
          history: history.state(),
        }),
        connections: () => ({ active: sockets.active, max: sockets.max }),
        inject,
      })
    },
    /** Ready to be told by the broker. @throws StartFailure */
    async start() {
      const opened = await openStageLake(options.lake, clock)
      lake = opened
      if (here.includes('transform')) {
        transform = createReportingTransform({
          lake: opened,
          writer,
          clock,
          instance,
          observer: {
            ...events.transform,
            objectTaken(objectKey, taken, seconds) {
              events.transform.objectTaken(objectKey, taken, seconds)
              rate.add(taken.samples)
              if (taken.isNew) reader.changed()
            },
          },
          lakeKeepMs: options.lakeKeepMs,
          send: reports.take,
        })
        transform.start()
      }
      if (here.includes('ingest')) {
        ingest = createIngestStage({
          lake: opened,
          clock,
          instance,
          observer: events.ingestion,
          told: objectKey => transform?.told(objectKey),
          send: reports.take,
        })
        ingest.start()
      }
      if (here.includes('analytics')) analyst.start()
      endLooking = every(LOOK_MS, reports.look)
    },
    /** The broker has stopped: what it handed over becomes durable. */
    async stop() {
      endLooking()
      await sockets.close()
      await ingest?.stop()
      await analyst.stop()
      await transform?.stop()
      await lake?.close()
      // The last connection to close folds the log into the file, and one that only reads cannot.
      await reader.close()
      await writer.close()
    },
  }
}

/** The public page names no folder of this machine. */
const shownWhere = (lake: LakeSettings) =>
  lake.kind === 'directory' ? basename(lake.folder) : `s3://${lake.bucket}/${lake.prefix}`

const timeOrNull = (at: number | null) => (at === null ? null : rfc3339(at))
