/** What the fleet did, for people and for programs. */
import type { AppCounts } from '../../src/simulator/vehicles/apps.ts'
import type { FleetStats } from '../../src/simulator/vehicles/fleet.ts'

export interface Summary {
  duration_s: number
  vehicles: number
  sent: number
  acknowledged: number
  resent: number
  errors: number
  /** Acknowledged of sent; null: nothing was sent. */
  success_percent: number | null
  dropped: number
  online: number
  offline: number
  average_battery_percent: number
  firmware: Record<string, number>
  malformed: number
  duplicates: number
  app_requests: number
  app_failed: number
}

const rounded = (value: number, places: number) => Number(value.toFixed(places))

/** @param before as it was when the fleet was told to stop: then they were online or not */
export function summaryOf(before: FleetStats, after: FleetStats, apps: AppCounts, ms: number): Summary {
  const { vehicles, online, offline, averageBatteryPercent, firmware } = before
  const { sent, acknowledged, resent, errors, dropped, malformed, duplicates } = after
  return {
    duration_s: rounded(ms / 1000, 1),
    vehicles,
    sent,
    acknowledged,
    resent,
    errors,
    success_percent: sent === 0 ? null : rounded((acknowledged / sent) * 100, 2),
    dropped,
    online,
    offline,
    average_battery_percent: rounded(averageBatteryPercent, 1),
    firmware: Object.fromEntries(Object.entries(firmware).sort(([a], [b]) => (a < b ? -1 : 1))),
    malformed,
    duplicates,
    app_requests: apps.requests,
    app_failed: apps.failed,
  }
}

/** A line for each value, as people read it. */
export const tableOf = (summary: Summary): string =>
  Object.entries(summary)
    .map(([name, value]) => `  ${name.replaceAll('_', ' ').padEnd(26)}${written(value)}\n`)
    .join('')

function written(value: Summary[keyof Summary]): string {
  if (value === null) return 'none'
  if (typeof value === 'number') return String(value)
  return Object.entries(value)
    .map(([version, vehicles]) => `${version}: ${vehicles}`)
    .join(', ')
}

/** @param late how far the simulator is behind, ms */
export function progressOf(stats: FleetStats, late: number): string {
  const { online, vehicles, sent, acknowledged, waiting, dropped, errors } = stats
  const behind = late > 1000 ? `, ${(late / 1000).toFixed(1)} s behind: too much for this computer` : ''
  return `${online} of ${vehicles} online, ${sent} sent, ${acknowledged} acknowledged, ${waiting} waiting, ${dropped} dropped, ${errors} errors${behind}`
}
