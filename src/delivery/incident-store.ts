/** Every query about alerts and incidents. */
import { and, between, count, desc, eq, gte, isNotNull, isNull, lt, or, sql, sum } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import { type Alert, alerts, type Incident, incidents } from './schema.ts'

/** What began between two times; for recoveries, what ended between them. */
export interface IncidentCounts {
  incidents: number
  resolved: number
  recoveryMs: number
}

export interface IncidentStore {
  alert(of: Pick<Alert, 'fingerprint' | 'startsAt'>): Alert | undefined
  /** Adds an alert, or writes over the one with its fingerprint and start. */
  saveAlert(alert: Alert): void
  /** Newest first. */
  alerts(limit: number): Alert[]
  firing(): Alert[]
  /** Forgets ended alerts received before `at` (Unix ms). */
  forgetAlerts(at: number): void
  /** The newest incident of a subject that was not over at `at` (Unix ms). */
  incidentAt(subject: string, at: number): Incident | undefined
  incident(row: number): Incident | undefined
  /** At most one a subject, oldest first. */
  openIncidents(): Incident[]
  addIncident(incident: Omit<Incident, 'row' | 'acknowledgedAt' | 'mitigatedAt' | 'resolvedAt'>): Incident
  /** Sets what is not set yet. @param at Unix ms */
  markIncident(row: number, mark: 'acknowledgedAt' | 'mitigatedAt' | 'resolvedAt', at: number): void
  /** Newest first. */
  incidents(limit: number): Incident[]
  /** Those of a deployment that were resolved between two times (Unix ms). */
  recoveriesBetween(from: number, to: number): Incident[]
  incidentCounts(from: number, to: number): IncidentCounts
}

const ALERTS_FIRING_MAX = 200
const OPEN_INCIDENTS_MAX = 200

export function incidentStore(db: Db): IncidentStore {
  const isAlert = ({ fingerprint, startsAt }: Pick<Alert, 'fingerprint' | 'startsAt'>) =>
    and(eq(alerts.fingerprint, fingerprint), eq(alerts.startsAt, startsAt))
  return {
    alert: of => db.select().from(alerts).where(isAlert(of)).get(),
    saveAlert: alert =>
      void db
        .insert(alerts)
        .values(alert)
        .onConflictDoUpdate({ target: [alerts.fingerprint, alerts.startsAt], set: alert })
        .run(),
    alerts: limit =>
      db.select().from(alerts).orderBy(desc(alerts.receivedAt), desc(alerts.startsAt)).limit(limit).all(),
    firing: () =>
      db
        .select()
        .from(alerts)
        .where(isNull(alerts.endsAt))
        .orderBy(desc(alerts.startsAt))
        .limit(ALERTS_FIRING_MAX)
        .all(),
    forgetAlerts: at =>
      void db
        .delete(alerts)
        .where(and(lt(alerts.receivedAt, at), isNotNull(alerts.endsAt)))
        .run(),
    incidentAt: (subject, at) =>
      db
        .select()
        .from(incidents)
        .where(
          and(
            eq(incidents.subject, subject),
            or(isNull(incidents.resolvedAt), gte(incidents.resolvedAt, at)),
          ),
        )
        .orderBy(desc(incidents.row))
        .limit(1)
        .get(),
    incident: row => db.select().from(incidents).where(eq(incidents.row, row)).get(),
    openIncidents: () =>
      db
        .select()
        .from(incidents)
        .where(isNull(incidents.resolvedAt))
        .orderBy(incidents.row)
        .limit(OPEN_INCIDENTS_MAX)
        .all(),
    addIncident: incident => db.insert(incidents).values(incident).returning().get(),
    markIncident: (row, mark, at) =>
      void db
        .update(incidents)
        .set({ [mark]: at })
        .where(and(eq(incidents.row, row), isNull(incidents[mark])))
        .run(),
    incidents: limit => db.select().from(incidents).orderBy(desc(incidents.row)).limit(limit).all(),
    recoveriesBetween: (from, to) =>
      db
        .select()
        .from(incidents)
        .where(and(between(incidents.resolvedAt, from, to), isNotNull(incidents.deployment)))
        .all(),
    incidentCounts(from, to) {
      const opened = db
        .select({ count: count() })
        .from(incidents)
        .where(between(incidents.startedAt, from, to))
        .get()
      const resolved = db
        .select({
          count: count(),
          recoveryMs: sum(sql`${incidents.resolvedAt} - ${incidents.startedAt}`).mapWith(Number),
        })
        .from(incidents)
        .where(between(incidents.resolvedAt, from, to))
        .get()
      return {
        incidents: opened?.count ?? 0,
        resolved: resolved?.count ?? 0,
        recoveryMs: resolved?.recoveryMs ?? 0,
      }
    },
  }
}
