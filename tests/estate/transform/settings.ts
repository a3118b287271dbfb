/** How long what is kept where a test does not say otherwise. */
import type { TransformSettings } from '../../../src/estate/transform/settings.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export const settings: TransformSettings = {
  rawKeepMs: DAY_MS,
  minuteKeepMs: 2 * DAY_MS,
  fiveMinuteKeepMs: 8 * DAY_MS,
  hourKeepMs: 90 * DAY_MS,
  lakeKeepMs: 8 * DAY_MS,
  resourcesMax: 20_000,
}
