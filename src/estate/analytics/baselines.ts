/** The baselines of all resources for one hour, from a table of the means of the hours that tell of it. Pure. */
import { hoursBehind, interpolated, usualAround, type Weighted } from './usual.ts'
import { type Baseline, type Metric, metricNames } from './window.ts'

export const METRICS = metricNames.length
const HOURS_BEFORE = 6

/** Numbers of hours since 1970. */
export interface HoursAround {
  /** All that must be read, each at its place. */
  needed: readonly number[]
  /** What tells of each hour around. */
  behind: ReadonlyMap<number, Weighted[]>
  /** Newest first. */
  before: readonly number[]
}

/** The window may reach into the hour before, and what is usual goes over into the hour after. */
export function hoursAround(hour: number): HoursAround {
  const behind = new Map([hour - 1, hour, hour + 1].map(one => [one, hoursBehind(one)]))
  const before = Array.from({ length: HOURS_BEFORE }, (_, index) => hour - 1 - index)
  const told = [...behind.values()].flatMap(hours => hours.map(one => one.hour))
  return { needed: [...new Set([...told, ...before])], behind, before }
}

/**
 * @param means by resource: METRICS values for each hour of `needed`; NaN where nothing was measured
 * @returns null: the resource was not measured in any of these hours
 */
export function baselinesOf(
  around: HoursAround,
  means: ReadonlyMap<number, Float64Array>,
): (resource: number) => Baseline | null {
  const places = new Map(around.needed.map((hour, index) => [hour, index]))
  const made = new Map<number, Baseline>()
  return resource => {
    const of = means.get(resource)
    if (!of) return null
    let baseline = made.get(resource)
    if (!baseline) {
      baseline = baselineOf(of, places, around)
      made.set(resource, baseline)
    }
    return baseline
  }
}

function baselineOf(
  means: Float64Array,
  places: ReadonlyMap<number, number>,
  { behind, before }: HoursAround,
): Baseline {
  const meanOf = (metric: number) => (hour: number) => {
    const place = places.get(hour)
    return place === undefined ? Number.NaN : (means[place * METRICS + metric] as number)
  }
  const usual = metricNames.map((_, metric) =>
    interpolated(hour => usualAround(behind.get(hour) ?? [], meanOf(metric))),
  )
  const last = metricNames.map((_, metric) => before.map(meanOf(metric)))
  const indexOf = (metric: Metric) => metricNames.indexOf(metric)
  return {
    usual: (metric, at) => usual[indexOf(metric)]?.(at) ?? null,
    lastHours: metric => last[indexOf(metric)] ?? [],
  }
}
