/** What this feature keeps: one connection, its queries by subject. */
import { storageFailure } from '../db/failure.ts'
import { type OpenOptions, openDatabase } from '../db/open.ts'
import { type DeploymentStore, deploymentStore } from './deployment-store.ts'
import { type IncidentCounts, type IncidentStore, incidentStore } from './incident-store.ts'
import { type LeakStore, leakStore } from './leak-store.ts'

export interface DeliveryTotals extends IncidentCounts {
  /** Rollbacks are not counted. */
  deployments: number
  failedDeployments: number
}

export interface DeliveryStore extends DeploymentStore, IncidentStore, LeakStore {
  /** Runs `work` in one transaction. @throws Failure `storage_*` */
  transaction<T>(work: () => T): T
  /** Since the database was made. */
  totals(): DeliveryTotals
  /** Of what began between two times (Unix ms), or for recoveries, ended between them. */
  totalsBetween(from: number, to: number): DeliveryTotals
  close(): void
}

/** @throws StartFailure as openDatabase does */
export function createDeliveryStore(database: OpenOptions): DeliveryStore {
  const db = openDatabase(database)
  const deployments = deploymentStore(db)
  const incidents = incidentStore(db)
  const totalsBetween = (from: number, to: number) => ({
    ...deployments.deploymentCounts(from, to),
    ...incidents.incidentCounts(from, to),
  })
  return {
    ...deployments,
    ...incidents,
    ...leakStore(db),
    transaction(work) {
      try {
        return db.transaction(work, { behavior: 'immediate' })
      } catch (error) {
        throw storageFailure(error as Error) ?? error
      }
    },
    totals: () => totalsBetween(0, Number.MAX_SAFE_INTEGER),
    totalsBetween,
    close: () => void db.$client.close(),
  }
}
