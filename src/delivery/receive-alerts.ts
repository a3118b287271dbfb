/** Takes an announcement of Alertmanager: load, decide, write, report. */
import type { Notification } from './api.ts'
import type { DeliveryEvents } from './events.ts'
import { alertOf, newsOf, opensIncident } from './incident.ts'
import type { Alert, Incident } from './schema.ts'
import type { DeliveryStore } from './store.ts'

const DAY_MS = 86_400_000
/** Ended alerts are kept this long. */
const KEEP_MS = 30 * DAY_MS

type Change =
  | { kind: 'firing'; alert: Alert }
  | { kind: 'resolved'; alert: Alert }
  | { kind: 'opened'; incident: Incident }
  | { kind: 'closed'; incident: Incident }

/**
 * Nothing happens twice for what was announced before.
 * @param at when it arrived, Unix ms
 * @returns how many of its alerts said something new
 * @throws Failure `storage_*`; then nothing was changed, and Alertmanager asks again
 */
export function receiveAlerts(
  { alerts }: Notification,
  at: number,
  { store, events }: { store: DeliveryStore; events: DeliveryEvents },
): { new: number; known: number } {
  const changes: Change[] = []

  function take(announced: Alert) {
    const known = store.alert(announced)
    const news = newsOf(known, announced)
    if (news === 'known') return
    const alert = { ...announced, incident: known?.incident ?? null }
    if (opensIncident(alert)) alert.incident = incidentFor(alert).row
    store.saveAlert(alert)
    changes.push({ kind: news, alert })
    if (news === 'resolved') closeWith(alert)
  }

  function incidentFor({ subject, severity, startsAt, fingerprint }: Alert): Incident {
    const begun = store.incidentAt(subject, startsAt)
    if (begun) return begun
    const incident = store.addIncident({
      subject,
      severity,
      openedBy: fingerprint,
      deployment: store.newestDeployment()?.row ?? null,
      startedAt: startsAt,
      detectedAt: at,
      resolvedAt: null,
    })
    changes.push({ kind: 'opened', incident })
    return incident
  }

  function closeWith({ incident: row, fingerprint, endsAt }: Alert) {
    const incident = row === null ? undefined : store.incident(row)
    if (!incident || incident.resolvedAt !== null || incident.openedBy !== fingerprint) return
    const resolvedAt = Math.max(endsAt ?? at, incident.startedAt)
    store.resolveIncident(incident.row, resolvedAt)
    changes.push({ kind: 'closed', incident: { ...incident, resolvedAt } })
  }

  store.transaction(() => {
    for (const announced of alerts) take(alertOf(announced, at))
    store.forgetAlerts(at - KEEP_MS)
  })
  for (const change of changes) {
    if (change.kind === 'firing' || change.kind === 'resolved') events.alert(change.kind, change.alert)
    else if (change.kind === 'opened') events.incidentOpened(change.incident)
    else events.incidentResolved(change.incident)
  }
  const fresh = changes.filter(({ kind }) => kind === 'firing' || kind === 'resolved').length
  return { new: fresh, known: alerts.length - fresh }
}
