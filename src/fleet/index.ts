/** Vehicles, what they say, their updates, and the API for their apps. The only door to this folder. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Migrations } from '../db/migrate.ts'
import { type OpenOptions, openDatabase } from '../db/open.ts'
import type { Topic } from '../http/event-streams.ts'
import type { Operations } from '../http/operation.ts'
import { createIntake } from '../ingest/intake.ts'
import type { BrokerPort } from '../mqtt/link.ts'
import type { Log } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import { rolling } from '../observability/rolling.ts'
import type { Clock } from '../shared/clock.ts'
import { newId } from '../shared/id.ts'
import { publicKeyText, signingKey } from '../vehicle/credentials.ts'
import { topicOf } from '../vehicle/topics.ts'
import type { FleetFrame } from './api.ts'
import type { CampaignsFrame } from './campaigns/api.ts'
import {
  campaignMigrations,
  campaignsFrameOf,
  createCampaignReports,
  serveCampaigns,
} from './campaigns/index.ts'
import { createCaretaker, everySecond, type Tempo } from './caretaker.ts'
import type { FleetEvent, FleetWriter } from './commands.ts'
import type { Decided } from './decider.ts'
import { createFleetEvents } from './events.ts'
import { createKpis, type DeliveryCounts, kpiMigrations } from './kpis/index.ts'
import { createLiveView } from './live-view.ts'
import { fleetMetrics } from './metrics.ts'
import { vehicleMigrations } from './migrations.ts'
import { observeFleet } from './observe.ts'
import { fleetParty } from './party.ts'
import { serveFleet } from './routes.ts'
import { PAYLOAD_MAX } from './telemetry/read-message.ts'
import type { Visitors } from './vehicle-api/callers.ts'
import { createVehicleApi, createVehicleCommands } from './vehicle-api/index.ts'
import { createVehicleReports } from './vehicle-store.ts'
import { createWriter } from './writer.ts'

export { campaignRequest, releaseRequest } from './campaigns/api.ts'
export type { FleetEvent, FleetWriter }

export const fleetMigrations: readonly Migrations[] = [vehicleMigrations, campaignMigrations, kpiMigrations]

export interface FleetOptions {
  /** A file of its own: what vehicles say must not hold up a borrow. It must be prepared. */
  database: OpenOptions
  /** The secret from which passwords, tokens and signatures are made. */
  key: string
  /** How long samples are kept, in ms. */
  keepMs: number
  /** How large the database may become: beyond it, samples go sooner. */
  maxBytes: number
  /** Whoever made it hands messages to the fleet's `party`, starts it after the fleet and stops it before. */
  broker: BrokerPort
  clock: Clock
  log: Log
  metrics: Metrics
  visitors: Visitors
  /** How many simulated vehicles run in this process. */
  vehiclesInside: number
  /** What was deployed, and what became of it, between two times (Unix ms). */
  delivery: (from: number, to: number) => DeliveryCounts
  /** Decide on the caller's thread: for tests that own the time. */
  inline: boolean
  /**
   * For a fleet on a clock of its own: when campaigns go on, where chance begins, and who is told what was committed.
   * Such a fleet keeps no figures of API requests. Left out: each second, by chance that nobody foresees.
   */
  virtual?: { tempo: Tempo; seed: number; told: (event: FleetEvent) => void }
}

export type Fleet = ReturnType<typeof createFleet>

const VEHICLES_MAX = 20_000
const RATE_SECONDS = 60

export function createFleet(options: FleetOptions) {
  const {
    database,
    key,
    keepMs,
    maxBytes,
    broker,
    clock,
    log,
    metrics,
    visitors,
    vehiclesInside,
    delivery,
    inline,
    virtual,
  } = options
  const instruments = metrics.register(fleetMetrics)
  const events = createFleetEvents({ log, metrics: instruments, clock })
  const measured = rolling(RATE_SECONDS)
  let deadLetters = 0

  const writer = createWriter({
    database,
    options: { key, keepMs, maxBytes, vehiclesMax: VEHICLES_MAX, seed: virtual?.seed },
    clock,
    committed,
    inline,
  })
  const intake = createIntake({
    write: arrival => writer.submit('arrive', arrival),
    setAside: (arrival, detail) => writer.submit('set_aside', { arrival, detail }),
    payloadMax: PAYLOAD_MAX,
    clock,
    wait,
    blocked: events.blocked,
    taken(fate, arrival) {
      events.taken(fate, arrival)
      const now = clock.now()
      measured.count('message', now)
      if (fate.kind === 'dead') deadLetters++
      if (fate.kind === 'stored' && fate.liveAt !== null)
        measured.observe(Math.max(0, now - fate.liveAt), now)
    },
  })
  const reader = openDatabase({ ...database, readonly: true })
  const reports = createVehicleReports(reader)
  const campaigns = createCampaignReports(reader)
  const commands = createVehicleCommands({
    newId,
    send: (vehicle, message) => broker.publish(topicOf(vehicle, 'command'), JSON.stringify(message)),
  })
  const kpis = createKpis({ database, writer, clock, log, metrics, inline, delivery })
  const api = createVehicleApi({
    db: reader,
    key,
    visitors,
    dtcsOf: reports.dtcs,
    commands,
    recorder: kpis.recorder,
    clock,
    metrics,
  })
  const caretaker = createCaretaker({ writer, log, tempo: virtual?.tempo ?? everySecond })
  const frame = createLiveView({
    reports,
    broker,
    clock,
    measured,
    waiting: () => intake.waiting,
    deadLetters: () => deadLetters,
    newestRelease: () => campaigns.newestRelease(clock.now()),
  })
  const publicKey = publicKeyText(signingKey(key))
  observeFleet({ metrics, instruments, reports, campaigns, broker, waiting: () => intake.waiting })

  /** After the commit: tell, and send. What matters is sent again by the rules, so nothing is queued here. */
  function committed({ events: told, downward }: Decided, size: number) {
    events.grouped(size)
    for (const event of told) {
      events.tell(event)
      virtual?.told(event)
      if (event.kind === 'command_result')
        commands.settle(event.vehicle, event.id, event.outcome, event.reason)
    }
    for (const { vehicle, topic, message } of downward)
      broker.publish(topicOf(vehicle, topic), JSON.stringify(message)).catch(() => events.notSent())
  }

  const topics: Record<'fleet' | 'campaigns', Topic> = {
    fleet: { everyMs: 2000, produce: async (): Promise<Omit<FleetFrame, 'at'>> => frame() },
    campaigns: {
      everyMs: 1000,
      produce: async (): Promise<Omit<CampaignsFrame, 'at'>> => campaignsFrameOf(campaigns),
    },
  }

  return {
    topics,
    /** As `GET /fleet/summary` tells it. */
    summary: frame,
    /** Orders, decided durably and in order. */
    submit: writer.submit,
    /** What is known of vehicles. */
    reports,
    /** The public half of the key that signs releases. */
    publicKey,
    /** The fleet at the broker: its vehicles' rights, and who takes what they say. */
    party: fleetParty(key, intake.receive, events),
    /** Measures every request to the vehicle API: a middleware for `/api/*`, before the rate limit. */
    measure: api.measure,
    serve(operations: Operations) {
      serveFleet(operations, {
        reports,
        visitors,
        clock,
        frame,
        connection: () => ({
          mqtt_port: broker.port,
          mqtt_url: broker.kind === 'remote' ? broker.url : null,
          vehicles_inside: vehiclesInside,
          release_public_key: publicKey,
        }),
      })
      serveCampaigns(operations, { writer, reports: campaigns, clock })
      api.serve(operations)
      kpis.serve(operations)
    },
    /** From now on messages may come. */
    async start() {
      if (!virtual) {
        // Nobody is connected to a broker that has just begun; another broker tells by the retained states.
        if (broker.kind === 'embedded') await writer.submit('all_offline', {})
        await kpis.start()
      }
      caretaker.start()
    },
    /** The broker has stopped: what was taken is durable and acknowledged. */
    async stop() {
      caretaker.stop()
      commands.stop()
      await kpis.stop()
      intake.stop()
      // The last connection to close folds the log into the file, and one that only reads cannot.
      reader.$client.close()
      await writer.close()
    },
  }
}
