/**
 * Counts and durations of the last seconds, second by second, in memory of a fixed size.
 * Durations are counted in buckets that grow by 10 %, so a percentile is right within 10 %.
 */
const GROWTH = Math.log(1.1)
const SMALLEST_MS = 0.05
const BUCKETS = 160

interface Second {
  at: number
  counts: Record<string, number>
  durations: Uint32Array
  observed: number
}

export interface Rolling {
  count(name: string, at: number): void
  /** @param durationMs milliseconds */
  observe(durationMs: number, at: number): void
  /** The sums of the last `seconds` whole seconds before `at`. */
  sum(name: string, at: number, seconds: number): number
  /** The value that `share` (0–1) of the durations do not exceed, in ms; null: none were observed. */
  percentile(share: number, at: number, seconds: number): number | null
}

/** @param keepSeconds how far back it remembers */
export function rolling(keepSeconds: number): Rolling {
  const ring: (Second | undefined)[] = new Array(keepSeconds + 1)

  function second(at: number): Second {
    const number = Math.floor(at / 1000)
    const index = number % ring.length
    let slot = ring[index]
    if (slot?.at !== number) {
      slot = {
        at: number,
        counts: {},
        durations: slot?.durations.fill(0) ?? new Uint32Array(BUCKETS),
        observed: 0,
      }
      ring[index] = slot
    }
    return slot
  }

  function* last(at: number, seconds: number) {
    const end = Math.floor(at / 1000)
    for (const slot of ring) if (slot && slot.at < end && slot.at >= end - seconds) yield slot
  }

  return {
    count(name, at) {
      const { counts } = second(at)
      counts[name] = (counts[name] ?? 0) + 1
    },
    observe(durationMs, at) {
      const slot = second(at)
      const bucket = Math.ceil(Math.log(Math.max(durationMs, SMALLEST_MS) / SMALLEST_MS) / GROWTH)
      const index = Math.min(bucket, BUCKETS - 1)
      slot.durations[index] = (slot.durations[index] ?? 0) + 1
      slot.observed++
    },
    sum(name, at, seconds) {
      let sum = 0
      for (const { counts } of last(at, seconds)) sum += counts[name] ?? 0
      return sum
    },
    percentile(share, at, seconds) {
      const slots = [...last(at, seconds)].filter(slot => slot.observed > 0)
      const observed = slots.reduce((sum, slot) => sum + slot.observed, 0)
      if (observed === 0) return null
      let left = Math.ceil(share * observed)
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        for (const { durations } of slots) left -= durations[bucket] ?? 0
        if (left <= 0) return SMALLEST_MS * Math.exp(bucket * GROWTH)
      }
      return null
    },
  }
}
