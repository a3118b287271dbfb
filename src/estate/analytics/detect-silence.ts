/** Who sends no more. Silence counts only while the others of its kind are heard: else it is the pipeline. Pure. */
import { median } from './robust.ts'
import type { Symptom } from './symptom.ts'
import type { Watched } from './window.ts'

/** So many intervals without a sample are silence. */
export const SILENT_INTERVALS = 3
/** An open silence ends with so many samples. */
const SAMPLES_TO_END = 3
/** Who was silent for longer has been taken away. */
export const GONE_MS = 6 * 3_600_000
/** Where most are silent, who was silent for longer than this is not counted. */
const GONE_TOGETHER_MS = 3_600_000

export interface Silence {
  symptoms: Symptom[]
  /** Whether nothing came lately, so that nothing can be said of anybody. */
  isStreamSilent: boolean
  /** For the stage's report; null: what is missing is a matter of single resources. */
  problem: string | null
}

interface Heard {
  slotMs: number
  /** Whether more than half of what was due came in each slot; slots end at `now`, newest first. */
  alive: boolean[]
}

/** @param watched all of one kind @param windowMs how far back their samples were read */
export function detectSilence(
  watched: readonly Watched[],
  now: number,
  windowMs: number,
  wasOpen: (name: string) => boolean,
): Silence {
  const candidates = watched.filter(({ resource }) => now - resource.lastAt < GONE_MS)
  const heard = listen(candidates, now, windowMs)
  const isStreamSilent = candidates.length > 0 && !heard.alive.slice(0, SILENT_INTERVALS).includes(true)
  const found = candidates.filter(one => isSilent(one, heard, now, wasOpen(one.resource.name)))
  const silent = found.filter(
    ({ resource }) => now - resource.lastAt >= SILENT_INTERVALS * resource.intervalMs,
  )
  const present = candidates.filter(({ resource }) => now - resource.lastAt < GONE_TOGETHER_MS)
  const lately = silent.filter(({ resource }) => now - resource.lastAt < GONE_TOGETHER_MS)
  const isMost = lately.length * 2 > present.length
  if (isStreamSilent || isMost)
    return {
      symptoms: [],
      isStreamSilent,
      problem: isStreamSilent
        ? 'No samples arrive: nothing can be said of the machines.'
        : `${lately.length} of ${present.length} are silent at once: that is the pipeline.`,
    }
  const told = silent.length * 2 > candidates.length ? lately : found
  return { symptoms: told.map(one => symptomOf(one, now)), isStreamSilent, problem: null }
}

function listen(candidates: readonly Watched[], now: number, windowMs: number): Heard {
  const within = candidates.filter(({ resource }) => resource.lastAt > now - windowMs)
  const slotMs = Math.max(1000, median(within.map(({ resource }) => resource.intervalMs)) || windowMs)
  const slots = Math.floor(windowMs / slotMs)
  const came = new Float64Array(slots)
  let due = 0
  for (const { resource, series } of within) {
    due += 1
    const seen = new Set<number>()
    for (const at of series.at) {
      const slot = Math.floor((now - at) / slotMs)
      if (slot < 0 || slot >= slots || seen.has(slot)) continue
      seen.add(slot)
      // One vote each, however often it sends.
      came[slot] = (came[slot] as number) + Math.max(1, resource.intervalMs / slotMs)
    }
  }
  return { slotMs, alive: [...came].map(count => count * 2 > due) }
}

function isSilent({ resource, series }: Watched, heard: Heard, now: number, wasOpen: boolean): boolean {
  const interval = resource.intervalMs
  const silentMs = now - resource.lastAt
  if (silentMs < SILENT_INTERVALS * interval) {
    if (!wasOpen) return false
    // It is back, but not for good yet.
    const recent = series.at.filter(at => now - at < (SAMPLES_TO_END + 1) * interval).length
    return recent < SAMPLES_TO_END
  }
  const slots = heard.alive.slice(0, Math.floor(silentMs / heard.slotMs))
  const listened = slots.filter(Boolean).length * heard.slotMs
  return wasOpen || listened >= SILENT_INTERVALS * interval
}

function symptomOf({ resource }: Watched, now: number): Symptom {
  return {
    type: 'heartbeat_missing',
    detector: 'heartbeat',
    severity: 'critical',
    subject: { kind: resource.kind, name: resource.name },
    resource,
    metric: 'silence',
    value: Math.max(0, Math.round((now - resource.lastAt) / 1000)),
    expected: Math.round(resource.intervalMs / 1000),
    resources: 1,
    since: resource.lastAt,
  }
}
