import type { Clock } from '../shared/clock.ts'

const SECONDS = 60

/** How many samples became rows, a second, over the last minute. */
export function createSampleRate(clock: Clock) {
  const counts = new Map<number, number>()
  const since = Math.floor(clock.monotonic() / 1000)
  return {
    add(samples: number) {
      const second = Math.floor(clock.monotonic() / 1000)
      counts.set(second, (counts.get(second) ?? 0) + samples)
      for (const known of counts.keys()) if (known <= second - SECONDS) counts.delete(known)
    },
    perSecond(): number {
      const second = Math.floor(clock.monotonic() / 1000)
      let sum = 0
      for (const [at, samples] of counts) if (at > second - SECONDS) sum += samples
      return sum / Math.max(1, Math.min(SECONDS, second - since))
    },
  }
}
