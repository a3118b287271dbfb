/** Releases, faults, alerts and incidents. The only door to this folder. */
import type { OpenOptions } from '../db/open.ts'
import type { Operations } from '../http/operation.ts'
import { failureSeries } from '../observability/failure-series.ts'
import type { Log } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Clock } from '../shared/clock.ts'
import type { Random } from '../shared/random.ts'
import { type Deployer, type DeploymentShape, faultNames, type IncidentShape } from './api.ts'
import { createBurnWatch } from './burn-watch.ts'
import { createDeliveryEvents } from './events.ts'
import { createFaults } from './faults.ts'
import { deliveryTopics } from './frames.ts'
import { createIncidents, type IncidentNews } from './incidents.ts'
import { deliveryKpis } from './kpis.ts'
import { showDelivery } from './measure.ts'
import { deliveryMetrics } from './metrics.ts'
import { createReleases, type Release, type WantedRelease } from './releases.ts'
import { type FaultSwitch, serveDelivery } from './routes.ts'
import { createSeatLeak, type QuietSeats } from './seat-leak.ts'
import { deploymentShape, incidentShape } from './shapes.ts'
import { createDeliveryStore } from './store.ts'

export type { Deployer, DeploymentShape, FaultName, FaultSet, IncidentShape } from './api.ts'
export { faultNames } from './api.ts'
export type { Disturbance } from './faults.ts'
export type { IncidentNews } from './incidents.ts'
export { deliveryMigrations } from './migrations.ts'
export type { Release, ReleaseListener, Running, WantedRelease } from './releases.ts'
export type { FaultSwitch } from './routes.ts'
export type { QuietSeats } from './seat-leak.ts'

export interface DeliveryOptions {
  database: OpenOptions
  clock: Clock
  random: Random
  log: Log
  metrics: Metrics
  faultsPossible: boolean
  /** The program's own version. */
  release: Release
  /** The license server's seats, for the fault `seat_leak`. Asked for when they are needed. */
  seats: () => QuietSeats
}

export type Delivery = ReturnType<typeof createDelivery>

/** How long a rare write of this feature may hold the event loop for another program's lock, in ms. */
const LOCK_WAIT_MS = 250
const TICK_MS = 1000
const DAY_MS = 86_400_000

export function createDelivery(options: DeliveryOptions) {
  const { database, clock, random, log, metrics, faultsPossible, release, seats } = options
  const store = createDeliveryStore({
    ...database,
    busyTimeoutMs: Math.min(database.busyTimeoutMs, LOCK_WAIT_MS),
  })
  const m = metrics.register(deliveryMetrics)
  const events = createDeliveryEvents(log, m)
  const incidents = createIncidents({ store, events, clock })
  const seatLeak = createSeatLeak({ store, seats, events })
  const faults = createFaults({
    possible: faultsPossible,
    random,
    clock,
    events,
    leak: seatLeak.leak,
    changed(before) {
      if (before.includes('seat_leak')) void seatLeak.heal()
      if (before.length > 0 && faults.names().length === 0) mitigated(clock.now())
    },
  })
  const releases = createReleases({ own: release, store, faults, clock, random, events, mitigated })
  const watch = createBurnWatch({ clock, incidents, open: store.openIncidents })
  const series = failureSeries(events.storageFailed)
  let timer: NodeJS.Timeout | undefined

  showDelivery({ metrics, m, store, faultNames })

  /** What was ended stays ended, also when the store cannot be told. */
  function mitigated(at: number) {
    void series.attempt('the end of an impact was not written down', () => incidents.mitigate(at))
  }

  function tick() {
    void series.attempt('incidents and releases could not be looked after', () => {
      releases.endWhatIsDue()
      watch.judge()
    })
    if (!faults.names().includes('seat_leak')) void seatLeak.heal()
  }

  const kpis = (days: number) => {
    const span = { from: clock.now() - days * DAY_MS, to: clock.now() }
    const deployments = store.deploymentsBetween(span.from, span.to)
    return deliveryKpis(span, { deployments, recovered: store.recoveriesBetween(span.from, span.to) })
  }

  const faultSwitch: FaultSwitch = {
    state: faults.state,
    start({ seconds, ...settings }) {
      if (faultsPossible) releases.disown()
      faults.start(settings, seconds)
    },
    stop() {
      faults.end('stopped')
      releases.disown()
    },
  }

  return {
    /** What stands around the ledger: the one seam of all faults. */
    disturbance: faults.disturbance,
    /** Is told of every decided borrow, once. */
    decided(borrow: { failed: boolean; durationMs: number; requestId: string }) {
      watch.decided(borrow)
      faults.makeNoise(borrow.requestId)
    },
    topics: deliveryTopics({ own: release, store, faults, releases, watch, kpis, clock }),
    serve: (operations: Operations) =>
      serveDelivery(operations, { store, releases, incidents, faults: faultSwitch, kpis }),
    /** What runs. Before `start` it is the program's own version, without a deployment. */
    running: releases.running,
    /** Ships a release into the running program. @throws Failure `faults_off`, `storage_*` */
    ship: (wanted: WantedRelease, by: Deployer): DeploymentShape =>
      deploymentShape(releases.ship(wanted, by)),
    /** Goes back to the version before. @returns null: there is none @throws Failure `storage_*` */
    rollback(by: Deployer): DeploymentShape | null {
      const deployment = releases.rollBack(by)
      return deployment && deploymentShape(deployment)
    },
    /** Faults without a release. */
    faults: faultSwitch,
    /** Of the browsers of the audience, how many have the broken script, 0–1. */
    browserScriptShare: () => faults.settings('browser_script')?.share ?? 0,
    /** @throws Failure `unknown_incident`, `storage_*` */
    acknowledge: (incident: number): IncidentShape => incidentShape(incidents.acknowledge(incident)),
    /** At most one a subject: an objective's name, or what an alert is about. */
    openIncidents: (): IncidentShape[] => store.openIncidents().map(incidentShape),
    /** The open one of a subject, or the newest open one of all. */
    incidentOf(subject?: string): IncidentShape | null {
      const open = store.openIncidents().filter(incident => !subject || incident.subject === subject)
      const newest = open.at(-1)
      return newest ? incidentShape(newest) : null
    },
    /** Told of every change of what runs, before it is logged. */
    onRelease: releases.onRelease,
    /** Told of what an incident goes through, after it was written and logged. */
    onIncident(listener: (news: IncidentNews, incident: IncidentShape) => void) {
      incidents.onIncident((news, incident) => listener(news, incidentShape(incident)))
    },
    /** What was deployed, what failed and what was mended between two times (Unix ms). */
    countsBetween(from: number, to: number) {
      const { deployments, failedDeployments, resolved, recoveryMs } = store.totalsBetween(from, to)
      return { deployments, failedDeployments, resolvedIncidents: resolved, recoveryMs }
    },
    /** Writes down that this version runs, or puts back what ran; from now on looks after it. A store that cannot be written is logged. */
    start() {
      void series.attempt('the deployment was not written down', releases.begin)
      void series.attempt('what was open is not taken up', watch.resume)
      void seatLeak.heal()
      timer ??= setInterval(tick, TICK_MS).unref()
    },
    /** The release goes on after the next start, if its time is not over. */
    stop() {
      clearInterval(timer)
      faults.quit()
      seatLeak.stop()
      store.close()
    },
  }
}
