/** Releases, faults, alerts and incidents. The only door to this folder. */
import type { OpenOptions } from '../db/open.ts'
import type { Topic } from '../http/event-streams.ts'
import type { Operations } from '../http/operation.ts'
import type { Log } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Clock } from '../shared/clock.ts'
import type { Random } from '../shared/random.ts'
import { type AlertsFrame, severities } from './api.ts'
import { createDeliveryEvents } from './events.ts'
import { createFaults, faultNames } from './faults.ts'
import { deliveryMetrics } from './metrics.ts'
import { receiveAlerts } from './receive-alerts.ts'
import { type Release, recordRelease } from './record-release.ts'
import { serveDelivery } from './routes.ts'
import { alertShape } from './shapes.ts'
import { createDeliveryStore } from './store.ts'

export { deliveryMigrations } from './migrations.ts'

export interface DeliveryOptions {
  database: OpenOptions
  clock: Clock
  random: Random
  log: Log
  metrics: Metrics
  faultsPossible: boolean
  release: Release
}

/** How long a rare write of this feature may hold the event loop for another program's lock, in ms. */
const LOCK_WAIT_MS = 250

export function createDelivery(options: DeliveryOptions) {
  const { database, clock, random, log, metrics, faultsPossible, release } = options
  const store = createDeliveryStore({
    ...database,
    busyTimeoutMs: Math.min(database.busyTimeoutMs, LOCK_WAIT_MS),
  })
  const m = metrics.register(deliveryMetrics)
  const events = createDeliveryEvents(log, m)
  const faults = createFaults({ possible: faultsPossible, random, clock, events })

  for (const fault of faultNames) {
    m.faults_active.set({ fault }, 0)
    m.fault_hits_total.inc({ fault }, 0)
  }
  for (const status of ['firing', 'resolved']) m.alert_notifications_total.inc({ status }, 0)

  metrics.beforeScrape(async () => {
    const { deployments, failedDeployments, incidents, resolved, recoveryMs } = store.totals()
    m.deployments_total.total({}, deployments)
    m.deployment_failures_total.total({}, failedDeployments)
    m.incidents_total.total({}, incidents)
    m.incidents_resolved_total.total({}, resolved)
    m.incident_recovery_seconds_total.total({}, recoveryMs / 1000)
    m.incidents_open.set({}, incidents - resolved)
    const firing = store.firing()
    for (const severity of severities)
      m.alerts_firing.set({ severity }, firing.filter(alert => alert.severity === severity).length)
  })

  const alertsTopic: Topic = {
    everyMs: 1000,
    produce: async (): Promise<Omit<AlertsFrame, 'at'>> => {
      const state = faults.state()
      return {
        firing: store.firing().map(alertShape),
        faults: faultNames.filter(name => state[name] !== null),
      }
    },
  }

  return {
    /** Stands in front of each borrow. */
    disturb: faults.disturb,
    topics: { alerts: alertsTopic },
    serve: (operations: Operations) =>
      serveDelivery(operations, {
        store,
        faults,
        receive: notification => receiveAlerts(notification, clock.now(), { store, events }),
      }),
    /** What was deployed, what failed and what was mended between two times (Unix ms). */
    countsBetween(from: number, to: number) {
      const { deployments, failedDeployments, resolved, recoveryMs } = store.totalsBetween(from, to)
      return { deployments, failedDeployments, resolvedIncidents: resolved, recoveryMs }
    },
    /** Writes down that this version runs, if another ran before. A store that cannot be written is logged. */
    start() {
      try {
        recordRelease(release, clock.now(), { store, events })
      } catch (error) {
        log.error('storage_failed', 'the deployment was not written down', { error: String(error) })
      }
    },
    stop() {
      faults.stop()
      store.close()
    },
  }
}
