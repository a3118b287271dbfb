/** What a scrape reads: counts of rows, so that a restart does not reset them. */
import type { Instruments, Metrics } from '../observability/metrics.ts'
import { severities } from './api.ts'
import type { deliveryMetrics } from './metrics.ts'
import type { DeliveryStore } from './store.ts'

interface Parts {
  metrics: Metrics
  m: Instruments<typeof deliveryMetrics>
  store: DeliveryStore
  faultNames: readonly string[]
}

export function showDelivery({ metrics, m, store, faultNames }: Parts): void {
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
}
