/** When a campaign pauses by itself, and when a wave has passed. Pure. */
import type { CampaignSettings } from './settings.ts'

/** What ended since the campaign started or was resumed. */
export interface Ended {
  succeeded: number
  failed: number
}
/** A wave as it stands. */
export interface WaveProgress {
  planned: number
  /** Ended, in whatever way. */
  settled: number
  /** Waiting for better conditions. */
  blocked: number
  /** Of this wave, since the last resume. */
  ended: Ended
}
export type Verdict = 'waits' | 'passed' | 'below_success'

const SAMPLE_PRESET = 5
const share = (part: number, whole: number) => (whole === 0 ? 0 : (100 * part) / whole)

/** Failures are a share of at least so many updates. @param minimum as asked for; null: 5, or the wave if smaller */
export const sampleNeeded = (minimum: number | null, planned: number): number =>
  minimum ?? Math.max(1, Math.min(SAMPLE_PRESET, planned))

/**
 * Whether too many failed to go on: their share of what ended, but of no fewer than the minimum sample. What the
 * sample still lacks counts as succeeded, so this is the least that the share can be when the sample is full. It is
 * paused as soon as that is too much, for no further success can change the verdict; it does not wait for cars that
 * are blocked. A few failures of a sample that is large enough to bear them wait as before.
 * @param planned vehicles in the current wave
 */
export function isOverErrors(
  { succeeded, failed }: Ended,
  planned: number,
  settings: CampaignSettings,
): boolean {
  const judged = Math.max(succeeded + failed, sampleNeeded(settings.minimum_sample, planned))
  return share(failed, judged) > settings.error_threshold_percent
}

/**
 * Whether a wave has passed. One that is not the last may pass with blocked vehicles left, for they are tried again
 * beside the next; else a single car that never parks would hold the fleet.
 */
export function judgeWave(wave: WaveProgress, isLast: boolean, settings: CampaignSettings): Verdict {
  const { planned, settled, blocked, ended } = wave
  const isUnderWay = settled + blocked < planned
  if (isUnderWay || (isLast && blocked > 0)) return 'waits'
  if (planned > 0 && share(settled, planned) < settings.wave_settled_percent) return 'waits'
  const all = ended.succeeded + ended.failed
  return all > 0 && share(ended.succeeded, all) < settings.success_threshold_percent
    ? 'below_success'
    : 'passed'
}
