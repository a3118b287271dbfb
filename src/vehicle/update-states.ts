/** The words for the way of an update through one vehicle. Closed sets: they are labels of metrics. */

/** What the vehicle itself reports. */
export const vehicleReportedStates = [
  'WAITING_FOR_CONSENT',
  'DOWNLOADING',
  'DOWNLOADED',
  'WAITING_FOR_PRECONDITIONS',
  'INSTALLING',
  'ACTIVATING',
  'VERIFYING',
  'SUCCEEDED',
  'ROLLING_BACK',
  'ROLLED_BACK',
  'FAILED_INCONSISTENT',
  'FAILED',
  'REJECTED',
  'CANCELED',
  'ALREADY_INSTALLED',
] as const
export type VehicleReportedState = (typeof vehicleReportedStates)[number]

export const updateStates = [
  'SCHEDULED',
  'PRECHECK',
  'INELIGIBLE',
  'NOTIFIED',
  ...vehicleReportedStates,
  'RETRY_WAIT',
  'TIMED_OUT',
  'SUPERSEDED',
] as const
export type UpdateState = (typeof updateStates)[number]

/** Why a vehicle cannot be updated now, or at all, in the order in which it is judged. */
export const exclusionReasons = [
  'updating',
  'offline',
  'already_installed',
  'incompatible_hardware',
  'dependency_unmet',
  'battery_low',
  'low_voltage_battery_low',
  'not_parked',
  'outside_window',
  'no_consent',
] as const
export type ExclusionReason = (typeof exclusionReasons)[number]

/** Why a vehicle cannot be updated (now or at all), waits, or failed. */
export const updateReasons = [
  ...exclusionReasons,
  // Failures.
  'bad_signature',
  'downgrade',
  'bad_digest',
  'download_failed',
  'install_failed',
  'self_test_failed',
  'rollback_failed',
  'no_answer',
  'timeout',
  'consent_refused',
  'campaign_aborted',
  'superseded',
  'unknown_update',
] as const
export type UpdateReason = (typeof updateReasons)[number]
