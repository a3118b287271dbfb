/** One function for each thing that happens here: its log line and its count together. */
import type { Log } from '../observability/logger.ts'
import type { Instruments } from '../observability/metrics.ts'
import { rfc3339 } from '../shared/clock.ts'
import type { deliveryMetrics } from './metrics.ts'
import type { Alert, Deployment, Incident } from './schema.ts'

export interface DeliveryEvents {
  released(deployment: Omit<Deployment, 'row'>, before: Deployment | undefined): void
  alert(status: 'firing' | 'resolved', alert: Alert): void
  incidentOpened(incident: Incident): void
  incidentResolved(incident: Incident): void
  faultStarted(fault: string, settings: { share: number; ms?: number; seconds: number }): void
  faultStopped(fault: string, cause: 'stopped' | 'ran_out'): void
  faultHit(fault: string): void
}

export function createDeliveryEvents(log: Log, m: Instruments<typeof deliveryMetrics>): DeliveryEvents {
  return {
    released({ version, commit }, before) {
      log.info('release_shipped', 'another version runs now', {
        to_version: version,
        to_commit: commit,
        from_version: before?.version,
        from_commit: before?.commit,
      })
    },
    alert(status, { name, severity, subject, summary, isDemo, startsAt }) {
      m.alert_notifications_total.inc({ status })
      const fields = {
        alert: name,
        severity,
        subject,
        demo_time: isDemo,
        summary,
        starts_at: rfc3339(startsAt),
      }
      if (status === 'firing') log.warn('alert_firing', 'an alert fires', fields)
      else log.info('alert_resolved', 'an alert is over', fields)
    },
    incidentOpened({ row, subject, severity, startedAt, detectedAt, deployment }) {
      const fields = { incident: row, subject, severity, deployment }
      log.warn('incident_opened', 'an incident opened', { ...fields, started_at: rfc3339(startedAt) })
      log.info('incident_detected', 'an alert told of the incident', {
        ...fields,
        detection_seconds: Math.max(0, detectedAt - startedAt) / 1000,
      })
    },
    incidentResolved({ row, subject, severity, startedAt, resolvedAt, deployment }) {
      log.info('incident_resolved', 'an incident is over', {
        incident: row,
        subject,
        severity,
        deployment,
        duration_seconds: resolvedAt === null ? null : Math.round((resolvedAt - startedAt) / 1000),
      })
    },
    faultStarted(fault, settings) {
      m.faults_active.set({ fault }, 1)
      log.warn('fault_started', 'a fault was switched on', { fault, ...settings })
    },
    faultStopped(fault, cause) {
      m.faults_active.set({ fault }, 0)
      log.info('fault_stopped', 'a fault is off', { fault, reason: cause })
    },
    faultHit: fault => m.fault_hits_total.inc({ fault }),
  }
}
