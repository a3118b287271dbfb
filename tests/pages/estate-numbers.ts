/** Plausible numbers for the tests of the estate's page: the same each time, and they hang together. */

export const regions = ['north', 'south', 'east', 'west', 'central']
export const environments = ['production', 'staging', 'development']
export const serviceNames =
  'checkout search catalog payments identity cart shipping pricing reviews inventory orders media profile notify billing fraud gateway reports session support'.split(
    ' ',
  )

/** From 0 to below 1, by a number. */
export const share = (seed: number): number => {
  const value = Math.sin(seed * 12.9898) * 43_758.5453
  return value - Math.floor(value)
}

export const two = (value: number): number => Math.round(value * 100) / 100
export const pick = <T>(list: readonly T[], seed: number): T =>
  list[Math.floor(share(seed) * list.length)] as T

/** RFC 3339, so many seconds ago. */
export const secondsAgo = (seconds: number, nowMs = Date.now()): string =>
  new Date(nowMs - seconds * 1000).toISOString()

/** The buckets of the last hours, the oldest first. */
export function buckets(hours: number): string[] {
  const step = hours <= 24 ? 300 : 3600
  const last = Math.floor(Date.now() / 1000 / step) * step
  const count = Math.floor((hours * 3600) / step)
  return Array.from({ length: count }, (_, index) =>
    new Date((last - (count - 1 - index) * step) * 1000).toISOString(),
  )
}

/** A daily rhythm with some noise. */
export function rhythm(time: string, middle: number, swing: number, seed: number): number {
  const hour = (Date.parse(time) / 3_600_000) % 24
  const noise = (share(Date.parse(time) / 300_000 + seed) - 0.5) * swing * 0.35
  return two(Math.max(0, middle + swing * Math.sin(((hour - 9) / 24) * 2 * Math.PI) + noise))
}

/** How far back an address asks. */
export const hoursOf = (query: URLSearchParams, preset: number) => Number(query.get('hours') ?? preset)
