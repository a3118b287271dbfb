/** Whether and when an attempt is made again. Pure. */
import type { Random } from '../../shared/random.ts'
import type { UpdateReason, UpdateState } from '../../vehicle/update-states.ts'
import type { CampaignSettings } from './settings.ts'

export type RetriedPart = 'download' | 'install'

const parts: Partial<Record<UpdateReason, RetriedPart>> = {
  download_failed: 'download',
  bad_digest: 'download',
  install_failed: 'install',
}
const silentParts: Partial<Record<UpdateState, RetriedPart>> = {
  NOTIFIED: 'download',
  DOWNLOADING: 'download',
  DOWNLOADED: 'download',
}

/** What can be tried again after this failure; null: nothing, the release itself or the car is suspect. */
export const retriedAfter = (reason: UpdateReason | null): RetriedPart | null =>
  (reason && parts[reason]) ?? null

/** What can be tried again after silence in this state; null: nothing, it may be installing. */
export const retriedAfterSilence = (state: UpdateState): RetriedPart | null => silentParts[state] ?? null

/** Whether another attempt is allowed. @param failures of that part so far, this one counted */
export const mayRetry = (part: RetriedPart, failures: number, settings: CampaignSettings): boolean =>
  failures < (part === 'download' ? settings.download_attempts : settings.install_attempts)

/**
 * How long to wait before the next attempt, ms: doubling, capped, with full jitter, so that vehicles which failed
 * together do not come back together. @param failures so far, from 1
 */
export function retryDelayMs(
  failures: number,
  { backoff_seconds, backoff_cap_seconds }: Pick<CampaignSettings, 'backoff_seconds' | 'backoff_cap_seconds'>,
  random: Random,
): number {
  const most = Math.min(backoff_cap_seconds, backoff_seconds * 2 ** (failures - 1))
  return Math.round(random.next() * most * 1000)
}
