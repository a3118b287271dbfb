/**
 * How many samples each resource has in a minute of its own time, so that one that sends without end cannot fill the
 * tables. While raw samples are kept, they tell how many came before; later the sum of the hour does.
 */
import type { ResourceKind } from '../../machine/topics.ts'
import type { Judged } from './judge.ts'
import type { ResourceStore } from './resource-store.ts'
import { bucketAt, HOUR_SPAN, MINUTE_SPAN } from './rollup.ts'
import type { RollupStore } from './rollup-store.ts'

/** Of one resource in a minute: what is more is set aside. */
export const SHARE_MAX = 12
const HOUR_SHARE_MAX = SHARE_MAX * 60

type Counts = Map<number, number>
const perKind = (): Record<ResourceKind, Map<number, Counts>> => ({
  server: new Map(),
  container: new Map(),
  service: new Map(),
})

function countsAt(of: Map<number, Counts>, bucket: number, make: () => Counts): Counts {
  let counts = of.get(bucket)
  if (!counts) {
    counts = make()
    of.set(bucket, counts)
  }
  return counts
}

export function createShares(
  store: Pick<ResourceStore, 'samplesOf'>,
  rollups: Pick<RollupStore, 'hourSamples'>,
) {
  let minutes = perKind()
  let hours = perKind()

  return {
    /** Whether there is room for one more. It is taken then. @param rawFrom from here on raw samples are kept */
    take(resource: number, { kind, at }: Judged, rawFrom: number): boolean {
      const minute = bucketAt(at, MINUTE_SPAN)
      const isRaw = minute >= rawFrom
      const counts = countsAt(minutes[kind], minute, () =>
        isRaw ? store.samplesOf(kind, minute, minute + MINUTE_SPAN) : new Map(),
      )
      const count = counts.get(resource) ?? 0
      if (count >= SHARE_MAX) return false
      if (!isRaw) {
        const hour = bucketAt(at, HOUR_SPAN)
        const ofHour = countsAt(hours[kind], hour, () => new Map())
        const inHour = ofHour.get(resource) ?? rollups.hourSamples(hour, resource)
        if (inHour >= HOUR_SHARE_MAX) return false
        ofHour.set(resource, inHour + 1)
      }
      counts.set(resource, count + 1)
      return true
    },
    drop() {
      minutes = perKind()
      hours = perKind()
    },
  }
}
