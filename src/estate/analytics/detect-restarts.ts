/** Containers that restart again and again. */
import type { Symptom } from './symptom.ts'
import type { Watched } from './window.ts'

export const RESTARTS_LEAST = 3
export const RESTARTS_WITHIN_MS = 10 * 60_000
/** It ends when none came for so long. */
const CALM_MS = 5 * 60_000

/** How many times, and when first: a count that is lower than before is of a container made anew, from 0. */
export function restartsWithin({ series }: Pick<Watched, 'series'>, from: number): number[] {
  const times: number[] = []
  let before = Number.NaN
  for (const [i, count] of series.restarts.entries()) {
    if (Number.isNaN(count)) continue
    const more = count < before ? count : count - before
    const at = series.at[i] as number
    before = count
    // The first sample only tells of the time before it.
    if (at >= from) for (let n = 0; n < Math.min(more, 100); n++) times.push(at)
  }
  return times
}

/** @returns null: it does not */
export function detectRestarts(watched: Watched, now: number, wasOpen: boolean): Symptom | null {
  const { restarts } = watched.series
  // Most never restart.
  if (!wasOpen && restarts[0] === restarts.at(-1)) return null
  const times = restartsWithin(watched, now - RESTARTS_WITHIN_MS)
  const isFresh = times.length >= RESTARTS_LEAST
  const isCalm = now - (times.at(-1) ?? 0) > CALM_MS
  if (isCalm || !(isFresh || wasOpen)) return null
  return {
    type: 'restart_loop',
    detector: 'restarts',
    severity: 'critical',
    subject: { kind: watched.resource.kind, name: watched.resource.name },
    resource: watched.resource,
    metric: 'restarts',
    value: times.length,
    expected: 0,
    resources: 1,
    since: times[0] ?? null,
  }
}
