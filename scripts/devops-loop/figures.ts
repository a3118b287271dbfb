/** What the server knows of its own deployments, in words for people. */
import type { DeliveryKpis, DeploymentShape } from '../../src/delivery/api.ts'

const HOUR = 3600
const DAY = 24 * HOUR

/** A span in the largest unit that leaves at least one. @param seconds null: no data */
export function spanText(seconds: number | null): string {
  if (seconds === null) return 'no data'
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  if (seconds < HOUR) return `${(seconds / 60).toFixed(1)} min`
  return seconds < DAY ? `${(seconds / HOUR).toFixed(1)} h` : `${(seconds / DAY).toFixed(1)} d`
}

const percent = (share: number | null) => (share === null ? 'no data' : `${(share * 100).toFixed(0)} %`)

export function figuresText(kpis: DeliveryKpis): string {
  const rows = [
    ['deployments in 30 days', String(kpis.deployments)],
    ['deployment frequency', `${kpis.deployments_per_day.toFixed(2)} a day`],
    ['lead time for changes (median)', spanText(kpis.lead_time_seconds)],
    ['change failure rate', percent(kpis.change_failure_rate)],
    ['failed deployment recovery (median)', spanText(kpis.failed_deployment_recovery_seconds)],
    ['rework rate', percent(kpis.rework_rate)],
  ]
  return rows.map(([name = '', value]) => `  ${name.padEnd(36)} ${value}\n`).join('')
}

/**
 * The newest deployment that a start wrote, and how long its commit waited for it.
 * @param began when this loop did, Unix ms
 */
export function deploymentText(deployments: readonly DeploymentShape[], began: number): string {
  const newest = deployments.find(({ kind }) => kind === 'start')
  if (!newest) return 'the server wrote down no deployment'
  const { id, version, commit, committed_at: committed, deployed_at: deployed } = newest
  const what = `deployment ${id}: ${version} (${commit.slice(0, 12)})`
  if (Date.parse(deployed) < began) return `${what}, the same as before: a new row needs a new commit`
  const waited = committed === null ? null : Math.max(0, Date.parse(deployed) - Date.parse(committed)) / 1000
  return `${what}, new, lead time ${spanText(waited)}`
}
