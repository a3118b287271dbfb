/** The names of what is recorded about the fleet, in one place for rules and dashboards. These series have no labels. */

/** How long the share of failed updates looks back: in real time, and in demo time. */
export type UpdatesWindow = '15m' | '5m'

export const fleetRecorded = {
  vehicles: 'fleet:vehicles:sum',
  /** Connected, and not being updated. */
  online: 'fleet:vehicles_online:sum',
  /** Connected or being updated, of all. */
  connectivity: 'fleet:connectivity:ratio',
  delay: 'fleet:telemetry_delay_seconds:p95_rate5m',
  liveSamples: 'fleet:samples_live:increase1m',
  dead: 'fleet:messages_dead:increase5m',
  deadShare: 'fleet:messages_dead:ratio_increase5m',
} as const

/** Attempts to update a vehicle that succeeded or failed in a window. */
export const updatesSettled = (window: UpdatesWindow): string => `fleet:updates_settled:increase${window}`

/** The part of them that failed. */
export const updatesFailedShare = (window: UpdatesWindow): string =>
  `fleet:updates_failed:ratio_increase${window}`

/** Every name that is recorded. */
export const fleetRecordedNames: readonly string[] = [
  ...Object.values(fleetRecorded),
  ...(['15m', '5m'] as const).flatMap(window => [updatesSettled(window), updatesFailedShare(window)]),
]
