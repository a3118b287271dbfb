/** How busy a region is through the hours of its day and the days of its week. */
export const regions = ['north', 'south', 'east', 'west', 'central'] as const
export type Region = (typeof regions)[number]

/** Before UTC, so that not everybody is awake at once. */
const hoursAhead: Record<Region, number> = { north: 1, south: 2, east: 8, west: -8, central: 0 }

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
const WEEK_MS = 7 * DAY_MS
const STEP_MS = 300_000
const STEPS = WEEK_MS / STEP_MS
/** 1970 began on a Thursday. From Sunday on. */
const FIRST_DAY = 4
const days = [0.62, 0.96, 1, 1, 0.98, 0.94, 0.68]
/** The quietest hour of a day. */
const QUIET_HOUR = 3.5

function busyAt(local: number): number {
  const hour = (local / HOUR_MS) % 24
  const daily = 0.5 - 0.5 * Math.cos(((hour - QUIET_HOUR) / 24) * 2 * Math.PI)
  // From noon to noon, so that midnight is no step.
  const place = local / DAY_MS - 0.5 + FIRST_DAY
  const day = Math.floor(place)
  const of = (which: number) => days[((which % 7) + 7) % 7] as number
  const weekly = of(day) + (of(day + 1) - of(day)) * (place - day)
  return daily * weekly
}

const tables = Object.fromEntries(
  regions.map(region => [
    region,
    Float64Array.from({ length: STEPS + 1 }, (_, step) =>
      busyAt(step * STEP_MS + hoursAhead[region] * HOUR_MS),
    ),
  ]),
) as Record<Region, Float64Array>

/** From 0, asleep, to 1. @param at Unix ms */
export function rhythm(region: Region, at: number): number {
  const table = tables[region]
  const place = (((at % WEEK_MS) + WEEK_MS) % WEEK_MS) / STEP_MS
  const step = Math.floor(place)
  const before = table[step] as number
  return before + ((table[step + 1] as number) - before) * (place - step)
}
