/** One function for each thing that happens here: its log line and its count together. */
import type { Log } from '../observability/logger.ts'
import type { Instruments } from '../observability/metrics.ts'
import { rfc3339 } from '../shared/clock.ts'
import type { deliveryMetrics } from './metrics.ts'
import type { Alert, Deployment, Incident } from './schema.ts'

export interface DeliveryEvents {
  released(deployment: Deployment, before: Deployment | undefined): void
  rolledBack(deployment: Deployment, before: Deployment): void
  alert(status: 'firing' | 'resolved', alert: Alert): void
  incidentOpened(incident: Incident): void
  incidentAcknowledged(incident: Incident): void
  incidentMitigated(incident: Incident): void
  incidentResolved(incident: Incident): void
  faultStarted(fault: string, settings: Record<string, number>): void
  faultStopped(fault: string, cause: 'stopped' | 'ran_out'): void
  faultHit(fault: string): void
  /** Writes lines that tell nothing: the fault `noisy_logs`. */
  noise(lines: number, requestId: string): void
  seatLeaked(leak: { tool: string; borrow: string; held: number }): void
  storageFailed(what: string, error: unknown): void
}

const versions = (deployment: Deployment, before: Deployment | undefined) => ({
  deployment: deployment.row,
  to_version: deployment.version,
  to_commit: deployment.commit,
  from_version: before?.version,
  from_commit: before?.commit,
})

const secondsBetween = (from: number, to: number | null) =>
  to === null ? null : Math.max(0, Math.round((to - from) / 1000))

export function createDeliveryEvents(log: Log, m: Instruments<typeof deliveryMetrics>): DeliveryEvents {
  return {
    released(deployment, before) {
      const { kind, by, simulated, planned, faults } = deployment
      log.info('release_shipped', 'another version runs now', {
        ...versions(deployment, before),
        kind,
        by,
        simulated,
        planned,
        faults: Object.keys(faults).join(',') || undefined,
      })
    },
    rolledBack(deployment, before) {
      log.warn('release_rolled_back', 'a version before runs again', {
        ...versions(deployment, before),
        reason: deployment.by,
        ran_seconds: secondsBetween(before.deployedAt, deployment.deployedAt),
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
    incidentOpened(incident) {
      const { startedAt, detectedAt, openedBy } = incident
      const fields = { ...aboutIncident(incident), opened_by: openedBy }
      log.warn('incident_opened', 'an incident opened', { ...fields, started_at: rfc3339(startedAt) })
      log.info('incident_detected', 'an incident was noticed', {
        ...fields,
        detection_seconds: Math.max(0, detectedAt - startedAt) / 1000,
      })
    },
    incidentAcknowledged(incident) {
      log.info('incident_acknowledged', 'somebody looks after an incident', {
        ...aboutIncident(incident),
        after_seconds: secondsBetween(incident.detectedAt, incident.acknowledgedAt),
      })
    },
    incidentMitigated(incident) {
      log.info('incident_mitigated', 'the cause of an incident is gone', {
        ...aboutIncident(incident),
        after_seconds: secondsBetween(incident.startedAt, incident.mitigatedAt),
      })
    },
    incidentResolved(incident) {
      log.info('incident_resolved', 'an incident is over', {
        ...aboutIncident(incident),
        duration_seconds: secondsBetween(incident.startedAt, incident.resolvedAt),
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
    noise(lines, requestId) {
      for (let line = 1; line <= lines; line++)
        log.info('noisy_log', 'entering the method that borrows', { request_id: requestId, line })
    },
    seatLeaked: ({ tool, borrow, held }) =>
      log.warn('seat_leaked', 'a seat is held by nobody', { tool, borrow_id: borrow, held }),
    storageFailed: (what, error) => log.error('storage_failed', what, { error: String(error) }),
  }
}

const aboutIncident = ({ row, subject, severity, deployment }: Incident) => ({
  incident: row,
  subject,
  severity,
  deployment,
})
