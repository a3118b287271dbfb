/** DORA's five figures, from rows. Pure. */
import { rfc3339 } from '../shared/clock.ts'
import type { DeliveryKpis } from './api.ts'
import type { Deployment, Incident } from './schema.ts'

const DAY_MS = 86_400_000

/** The value in the middle; between two, their mean. null: there is none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  return upper === undefined || lower === undefined ? null : lower + (upper - lower) / 2
}

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole)

/** A change that was brought, not taken back. */
export const isChange = ({ kind }: Pick<Deployment, 'kind'>): boolean => kind !== 'rollback'

/**
 * @param span Unix ms
 * @param rows `deployments` of that span; `recovered`: incidents of deployments that were resolved in it
 */
export function deliveryKpis(
  { from, to }: { from: number; to: number },
  { deployments, recovered }: { deployments: readonly Deployment[]; recovered: readonly Incident[] },
): DeliveryKpis {
  const changes = deployments.filter(isChange)
  const leadTimes = changes.flatMap(({ committedAt, deployedAt }) =>
    committedAt === null ? [] : [Math.max(0, deployedAt - committedAt) / 1000],
  )
  const recoveries = recovered.flatMap(({ startedAt, resolvedAt }) =>
    resolvedAt === null ? [] : [Math.max(0, resolvedAt - startedAt) / 1000],
  )
  return {
    from: rfc3339(from),
    to: rfc3339(to),
    deployments: changes.length,
    deployments_per_day: to > from ? (changes.length * DAY_MS) / (to - from) : 0,
    lead_time_seconds: median(leadTimes),
    change_failure_rate: share(changes.filter(({ isFailed }) => isFailed).length, changes.length),
    failed_deployment_recovery_seconds: median(recoveries),
    // A rollback is never planned.
    rework_rate: share(deployments.filter(({ planned }) => !planned).length, deployments.length),
  }
}
