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

interface Parts {
  store: DeliveryStore
  events: Pick<DeliveryEvents, 'alert'>
  report: (news: 'opened' | 'resolved', incident: Incident) => void
}

/**
 * Nothing happens twice for what was announced before.
 * @param at when it arrived, Unix ms
 * @returns how many of its alerts said something new
 * @throws Failure `storage_*`; then nothing was changed, and Alertmanager asks again
 */
export function receiveAlerts(
  { alerts }: Notification,
  at: number,
  { store, events, report }: Parts,
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
      openedBy: 'alertmanager',
      alert: fingerprint,
      deployment: store.deploymentThen(startsAt),
      startedAt: startsAt,
      detectedAt: at,
    })
    changes.push({ kind: 'opened', incident })
    return incident
  }

  function closeWith({ incident: row, fingerprint, endsAt }: Alert) {
    const incident = row === null ? undefined : store.incident(row)
    if (!incident || incident.resolvedAt !== null || incident.alert !== fingerprint) return
    const resolvedAt = Math.max(endsAt ?? at, incident.startedAt)
    store.markIncident(incident.row, 'resolvedAt', resolvedAt)
    changes.push({ kind: 'closed', incident: { ...incident, resolvedAt } })
  }

  store.transaction(() => {
    for (const announced of alerts) take(alertOf(announced, at))
    store.forgetAlerts(at - KEEP_MS)
  })
  for (const change of changes) {
    if (change.kind === 'firing' || change.kind === 'resolved') events.alert(change.kind, change.alert)
    else if (change.kind === 'opened') report('opened', change.incident)
    else report('resolved', change.incident)
  }
  const fresh = changes.filter(({ kind }) => kind === 'firing' || kind === 'resolved').length
  return { new: fresh, known: alerts.length - fresh }
}
