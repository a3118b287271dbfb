import type { VehicleShape } from '../../fleet/api.ts'
import type { UpdateReason, UpdateState } from '../../vehicle/update-states.ts'

const wholeFormat = new Intl.NumberFormat('en')

export type Level = 'good' | 'fair' | 'poor' | 'unknown'

export interface Rated {
  level: Level
  words: string
}

export const stateWords: Record<VehicleShape['state'], string> = {
  online: 'Online',
  updating: 'Updating',
  offline: 'Offline',
}

export const connectivityWords: Record<VehicleShape['connectivity'], string> = {
  '4g_lte': '4G LTE',
  '5g': '5G',
  wifi: 'Wi-Fi',
  satellite: 'Satellite',
}

/** Below 30 % is low, below 60 % is medium. */
export function batteryOf(percent: number | null): Rated {
  if (percent === null) return { level: 'unknown', words: 'not known' }
  if (percent < 30) return { level: 'poor', words: 'low' }
  if (percent < 60) return { level: 'fair', words: 'medium' }
  return { level: 'good', words: 'high' }
}

/** Above −60 dBm is excellent, above −70 good, above −80 fair. */
export function signalOf(dbm: number | null): Rated {
  if (dbm === null) return { level: 'unknown', words: 'not known' }
  if (dbm > -60) return { level: 'good', words: 'excellent' }
  if (dbm > -70) return { level: 'good', words: 'good' }
  if (dbm > -80) return { level: 'fair', words: 'fair' }
  return { level: 'poor', words: 'poor' }
}

/** `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `4 d ago`. */
export function ago(at: string, nowMs: number): string {
  const seconds = Math.floor((nowMs - Date.parse(at)) / 1000)
  if (seconds < 3) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

/** `1,234`. */
export const whole = (count: number): string => wholeFormat.format(count)

/** `1 vehicle`, `2,000 vehicles`. */
export const vehiclesWords = (count: number): string => `${whole(count)} vehicle${count === 1 ? '' : 's'}`

/** `12 %`, `0.4 %`: a share of a whole that may be nothing. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '–'
  const percent = (100 * part) / whole
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)} %`
}

export const updateStateWords: Record<UpdateState, string> = {
  SCHEDULED: 'Scheduled',
  PRECHECK: 'Being checked',
  INELIGIBLE: 'Not eligible',
  NOTIFIED: 'Offered',
  WAITING_FOR_CONSENT: 'Waits for consent',
  DOWNLOADING: 'Downloading',
  DOWNLOADED: 'Downloaded',
  WAITING_FOR_PRECONDITIONS: 'Waits for conditions',
  INSTALLING: 'Installing',
  ACTIVATING: 'Activating',
  VERIFYING: 'Verifying',
  SUCCEEDED: 'Succeeded',
  ROLLING_BACK: 'Rolling back',
  ROLLED_BACK: 'Rolled back',
  FAILED_INCONSISTENT: 'Failed, inconsistent',
  FAILED: 'Failed',
  REJECTED: 'Rejected',
  CANCELED: 'Canceled',
  ALREADY_INSTALLED: 'Already installed',
  RETRY_WAIT: 'Waits to retry',
  TIMED_OUT: 'Timed out',
  SUPERSEDED: 'Superseded',
}

export const reasonWords: Record<UpdateReason, string> = {
  updating: 'already in an update',
  offline: 'offline',
  already_installed: 'already at this release or beyond',
  incompatible_hardware: 'hardware does not fit',
  dependency_unmet: 'needs another release first',
  battery_low: 'traction battery below the floor',
  low_voltage_battery_low: '12 V battery low',
  not_parked: 'not parked',
  outside_window: 'outside the time window',
  no_consent: 'no consent of the driver',
  bad_signature: 'the signature is wrong',
  downgrade: 'older than what runs',
  bad_digest: 'the download is not what was signed',
  download_failed: 'download failed',
  install_failed: 'installation failed',
  self_test_failed: 'self-test failed',
  rollback_failed: 'rolling back failed',
  no_answer: 'no answer',
  timeout: 'took too long',
  consent_refused: 'the driver refused',
  campaign_aborted: 'the campaign was aborted',
  superseded: 'a newer update took its place',
  unknown_update: 'the vehicle does not know this update',
}

/** Words for a reason; a new one of the server's is shown as it came. */
export const reasonOf = (reason: string): string =>
  reasonWords[reason as UpdateReason] ?? reason.replaceAll('_', ' ')
