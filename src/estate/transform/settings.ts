/** How long what is kept, in ms, and how many resources there may be. */
export interface TransformSettings {
  rawKeepMs: number
  minuteKeepMs: number
  fiveMinuteKeepMs: number
  /** Of the rollups and sums by the hour. */
  hourKeepMs: number
  lakeKeepMs: number
  resourcesMax: number
}

/** What is older has no place in any table. */
export const longestKeepMs = (settings: TransformSettings): number =>
  Math.max(settings.minuteKeepMs, settings.fiveMinuteKeepMs, settings.hourKeepMs)
/** In the order of the spans. */
export const spanKeepMs = (settings: TransformSettings): readonly number[] => [
  settings.minuteKeepMs,
  settings.fiveMinuteKeepMs,
  settings.hourKeepMs,
]

const HOUR_MS = 3600_000
const DAY_MS = 24 * HOUR_MS

/** The house's own, around what can be chosen. */
export const keepFor = ({
  rawKeepMs,
  lakeKeepMs,
}: Pick<TransformSettings, 'rawKeepMs' | 'lakeKeepMs'>): TransformSettings => ({
  rawKeepMs,
  minuteKeepMs: 2 * DAY_MS,
  fiveMinuteKeepMs: 8 * DAY_MS,
  hourKeepMs: 90 * DAY_MS,
  lakeKeepMs,
  resourcesMax: 20_000,
})
