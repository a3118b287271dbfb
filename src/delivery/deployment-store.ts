/** Every query about deployments. */
import {
  and,
  between,
  count,
  desc,
  eq,
  getTableColumns,
  inArray,
  like,
  lte,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import type { Deployment, DeploymentRow } from './schema.ts'
import { deployments } from './schema.ts'

export interface DeploymentStore {
  newestDeployment(): Deployment | undefined
  deployment(row: number): Deployment | undefined
  /** The newest that was a start of this program. */
  newestStart(): Deployment | undefined
  /** The row of what ran at a time (Unix ms), or of the newest when that was before all; null: there is none. */
  deploymentThen(at: number): number | null
  /** Writes one down, and that the one before has ended. */
  addDeployment(deployment: Omit<DeploymentRow, 'row' | 'endedAt'>): Deployment
  /** Its faults were ended before their time: it is not rolled back for them. */
  forgetFaultsOf(row: number): void
  /** Newest first. */
  deployments(limit: number): Deployment[]
  /** What was deployed between two times (Unix ms). */
  deploymentsBetween(from: number, to: number): Deployment[]
  /** Every version that begins with a text. */
  versionsLike(start: string): string[]
  /** How many were deployed between two times, rollbacks left out, and how many of these failed. */
  deploymentCounts(from: number, to: number): { deployments: number; failedDeployments: number }
}

/** An incident opened while it ran, or it was rolled back. Its columns are written out: they must name the outer row. */
const isFailed = sql<boolean>`(
  EXISTS (SELECT 1 FROM incidents WHERE incidents.deployment = deployments.row)
  OR EXISTS (SELECT 1 FROM deployments AS later WHERE later.undoes = deployments.row)
)`.mapWith(Boolean)

export function deploymentStore(db: Db): DeploymentStore {
  const selected = { ...getTableColumns(deployments), isFailed }
  const newest = (where?: SQL) =>
    db.select(selected).from(deployments).where(where).orderBy(desc(deployments.row)).limit(1).get()
  return {
    newestDeployment: () => newest(),
    deployment: row => newest(eq(deployments.row, row)),
    newestStart: () => newest(eq(deployments.kind, 'start')),
    deploymentThen: at => (newest(lte(deployments.deployedAt, at)) ?? newest())?.row ?? null,
    addDeployment(deployment) {
      const before = newest()
      if (before)
        db.update(deployments)
          .set({ endedAt: deployment.deployedAt })
          .where(eq(deployments.row, before.row))
          .run()
      const added = db
        .insert(deployments)
        .values({ ...deployment, endedAt: null })
        .returning()
        .get()
      return { ...added, isFailed: false }
    },
    forgetFaultsOf: row =>
      void db.update(deployments).set({ faultsEndAt: null }).where(eq(deployments.row, row)).run(),
    deployments: limit =>
      db.select(selected).from(deployments).orderBy(desc(deployments.row)).limit(limit).all(),
    deploymentsBetween: (from, to) =>
      db
        .select(selected)
        .from(deployments)
        .where(between(deployments.deployedAt, from, to))
        .all(),
    versionsLike: start =>
      db
        .selectDistinct({ version: deployments.version })
        .from(deployments)
        .where(like(deployments.version, `${start}%`))
        .all()
        .map(({ version }) => version),
    deploymentCounts(from, to) {
      const counted = db
        .select({ deployments: count(), failedDeployments: sql`total(${isFailed})`.mapWith(Number) })
        .from(deployments)
        .where(
          and(between(deployments.deployedAt, from, to), inArray(deployments.kind, ['start', 'release'])),
        )
        .get()
      return counted ?? { deployments: 0, failedDeployments: 0 }
    },
  }
}
