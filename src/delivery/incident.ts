/** The rules of incidents. Pure. */
import type { Notification, Severity } from './api.ts'
import type { Alert } from './schema.ts'

type Announced = Notification['alerts'][number]
const severityOf = (text: string | undefined): Severity =>
  text === 'page' || text === 'ticket' || text === 'warning' ? text : 'other'

const SUBJECT_MAX = 128

/** What an announced alert is as a row. @param receivedAt Unix ms */
export function alertOf(
  { status, fingerprint, labels, annotations, ...times }: Announced,
  receivedAt: number,
): Alert {
  const name = (labels.alertname ?? 'unnamed').slice(0, SUBJECT_MAX)
  return {
    fingerprint,
    startsAt: Date.parse(times.startsAt),
    name,
    severity: severityOf(labels.severity),
    subject: (labels.slo ?? labels.tool ?? name).slice(0, SUBJECT_MAX),
    summary: annotations.summary ?? name,
    runbookUrl: safeLink(annotations.runbook_url),
    isDemo: labels.time === 'demo',
    endsAt: status === 'resolved' ? Date.parse(times.endsAt) : null,
    receivedAt,
    incident: null,
  }
}

/** A link that a page may show: nothing but http and https. */
const safeLink = (text: string | undefined): string | null =>
  text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : null

/** Whether an alert makes an incident: the ones that call somebody. */
export const opensIncident = ({ severity, endsAt }: Alert): boolean => severity === 'page' && endsAt === null

export type News = 'firing' | 'resolved' | 'known'

/** What an announced alert says that was not known. Announcements repeat, and may come late or out of order. */
export function newsOf(known: Alert | undefined, announced: Alert): News {
  if (!known) return announced.endsAt === null ? 'firing' : 'resolved'
  return known.endsAt === null && announced.endsAt !== null ? 'resolved' : 'known'
}
