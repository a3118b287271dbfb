/** Every query about deployments, alerts and incidents. */
import {
  and,
  between,
  count,
  countDistinct,
  desc,
  eq,
  gte,
  isNotNull,
  isNull,
  lt,
  or,
  sql,
  sum,
} from 'drizzle-orm'
import { storageFailure } from '../db/failure.ts'
import { type OpenOptions, openDatabase } from '../db/open.ts'
import { type Alert, alerts, type Deployment, deployments, type Incident, incidents } from './schema.ts'

/** Totals since the database was made. */
export interface DeliveryTotals {
  deployments: number
  failedDeployments: number
  incidents: number
  resolved: number
  recoveryMs: number
}

export interface DeliveryStore {
  /** Runs `work` in one transaction. @throws Failure `storage_*` */
  transaction<T>(work: () => T): T
  newestDeployment(): Deployment | undefined
  addDeployment(deployment: Omit<Deployment, 'row'>): number
  deployments(limit: number): Deployment[]
  alert(of: Pick<Alert, 'fingerprint' | 'startsAt'>): Alert | undefined
  /** Adds an alert, or writes over the one with its fingerprint and start. */
  saveAlert(alert: Alert): void
  /** Newest first. */
  alerts(limit: number): Alert[]
  firing(): Alert[]
  /** The newest incident of a subject that was not over at `at` (Unix ms). */
  incidentAt(subject: string, at: number): Incident | undefined
  incident(row: number): Incident | undefined
  addIncident(incident: Omit<Incident, 'row'>): Incident
  resolveIncident(row: number, at: number): void
  incidents(limit: number): Incident[]
  totals(): DeliveryTotals
  /** The same for what began between two times (Unix ms), or for recoveries, ended between them. */
  totalsBetween(from: number, to: number): DeliveryTotals
  /** Forgets ended alerts received before `at` (Unix ms). */
  forgetAlerts(at: number): void
  close(): void
}

const ALERTS_FIRING_MAX = 200

/** @throws StartFailure as openDatabase does */
export function createDeliveryStore(database: OpenOptions): DeliveryStore {
  const db = openDatabase(database)
  const isAlert = ({ fingerprint, startsAt }: Pick<Alert, 'fingerprint' | 'startsAt'>) =>
    and(eq(alerts.fingerprint, fingerprint), eq(alerts.startsAt, startsAt))
  function totalsBetween(from: number, to: number): DeliveryTotals {
    const shipped = db
      .select({ count: count() })
      .from(deployments)
      .where(between(deployments.deployedAt, from, to))
      .get()
    const opened = db
      .select({ count: count(), failed: countDistinct(incidents.deployment) })
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
      deployments: shipped?.count ?? 0,
      failedDeployments: opened?.failed ?? 0,
      incidents: opened?.count ?? 0,
      resolved: resolved?.count ?? 0,
      recoveryMs: resolved?.recoveryMs ?? 0,
    }
  }

  return {
    transaction(work) {
      try {
        return db.transaction(work, { behavior: 'immediate' })
      } catch (error) {
        throw storageFailure(error as Error) ?? error
      }
    },
    newestDeployment: () => db.select().from(deployments).orderBy(desc(deployments.row)).limit(1).get(),
    addDeployment: deployment => db.insert(deployments).values(deployment).returning().get().row,
    deployments: limit => db.select().from(deployments).orderBy(desc(deployments.row)).limit(limit).all(),
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
    addIncident: incident => db.insert(incidents).values(incident).returning().get(),
    resolveIncident: (row, at) =>
      void db.update(incidents).set({ resolvedAt: at }).where(eq(incidents.row, row)).run(),
    incidents: limit => db.select().from(incidents).orderBy(desc(incidents.row)).limit(limit).all(),
    totals: () => totalsBetween(0, Number.MAX_SAFE_INTEGER),
    totalsBetween,
    forgetAlerts: at =>
      void db
        .delete(alerts)
        .where(and(lt(alerts.receivedAt, at), isNotNull(alerts.endsAt)))
        .run(),
    close: () => void db.$client.close(),
  }
}
