/** What incidents go through: load, decide, write, report. */
import type { Clock } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import type { Notification } from './api.ts'
import type { DeliveryEvents } from './events.ts'
import { receiveAlerts } from './receive-alerts.ts'
import type { Incident } from './schema.ts'
import type { DeliveryStore } from './store.ts'

export const incidentNews = ['opened', 'acknowledged', 'mitigated', 'resolved'] as const
export type IncidentNews = (typeof incidentNews)[number]
/** Told after it was written and logged. */
export type IncidentListener = (news: IncidentNews, incident: Incident) => void

export interface Incidents {
  /** Takes an announcement of Alertmanager. @throws Failure `storage_*` */
  receive(notification: Notification): { new: number; known: number }
  /** The open one of a subject, or a new one. @throws Failure `storage_*` */
  openForBurn(burn: { subject: string; alert: string; startedAt: number }): Incident
  /** @throws Failure `storage_*` */
  resolve(row: number): void
  /** Somebody looks after it. What was acknowledged, or is over, stays as it is. @throws Failure `unknown_incident`, `storage_*` */
  acknowledge(row: number): Incident
  /** Users no longer meet what caused the open ones. @param at Unix ms @throws Failure `storage_*` */
  mitigate(at: number): void
  onIncident(listener: IncidentListener): void
}

export function createIncidents(parts: {
  store: DeliveryStore
  events: DeliveryEvents
  clock: Clock
}): Incidents {
  const { store, events, clock } = parts
  const listeners: IncidentListener[] = []

  const reports: Record<IncidentNews, (incident: Incident) => void> = {
    opened: events.incidentOpened,
    acknowledged: events.incidentAcknowledged,
    mitigated: events.incidentMitigated,
    resolved: events.incidentResolved,
  }
  function report(news: IncidentNews, incident: Incident) {
    reports[news](incident)
    for (const listener of listeners) listener(news, incident)
  }

  return {
    onIncident: listener => void listeners.push(listener),
    receive: notification => receiveAlerts(notification, clock.now(), { store, events, report }),
    openForBurn(burn) {
      const open = store.openIncidents().find(({ subject }) => subject === burn.subject)
      if (open) return open
      const incident = store.transaction(() =>
        store.addIncident({
          ...burn,
          severity: 'page',
          openedBy: 'burn',
          deployment: store.deploymentThen(burn.startedAt),
          detectedAt: clock.now(),
        }),
      )
      report('opened', incident)
      return incident
    },
    resolve(row) {
      const incident = store.incident(row)
      if (!incident || incident.resolvedAt !== null) return
      const resolvedAt = Math.max(clock.now(), incident.startedAt)
      store.transaction(() => store.markIncident(row, 'resolvedAt', resolvedAt))
      report('resolved', { ...incident, resolvedAt })
    },
    acknowledge(row) {
      const incident = store.incident(row)
      if (!incident) throw new Failure('unknown_incident', `There is no incident ${row}.`)
      if (incident.acknowledgedAt !== null || incident.resolvedAt !== null) return incident
      const acknowledged = { ...incident, acknowledgedAt: clock.now() }
      store.transaction(() => store.markIncident(row, 'acknowledgedAt', acknowledged.acknowledgedAt))
      report('acknowledged', acknowledged)
      return acknowledged
    },
    mitigate(at) {
      const open = store.openIncidents().filter(({ mitigatedAt }) => mitigatedAt === null)
      if (open.length === 0) return
      store.transaction(() => {
        for (const { row } of open) store.markIncident(row, 'mitigatedAt', at)
      })
      for (const incident of open) report('mitigated', { ...incident, mitigatedAt: at })
    },
  }
}
