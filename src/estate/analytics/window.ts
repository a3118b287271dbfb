/** What the detectors look at: the samples of the last minutes, and what is usual. */
import type { ResourceKind } from '../../machine/topics.ts'

/** What is compared with what is usual. */
export const metricNames = ['cpu', 'memory', 'disk', 'errors', 'latency'] as const
/** cpu, memory, disk and errors in percent, latency in ms. */
export type Metric = (typeof metricNames)[number]

export interface Resource {
  id: number
  kind: ResourceKind
  name: string
  region: string | null
  service: string | null
  version: string | null
  /** How often it sends, in ms. */
  intervalMs: number
  /** The time of its newest sample, Unix ms. */
  lastAt: number
}

/** Samples of one resource, oldest first; what was not said is NaN. */
export interface Series extends Record<Metric, number[]> {
  at: number[]
  /** Since the container was made. */
  restarts: number[]
  /** Of the time of each sample; only instances of services say it so. */
  version: (string | null)[]
}

/** What a metric usually is around an hour. */
export interface Usual {
  center: number
  /** From day to day, as a standard deviation. */
  spread: number
}

/** What is usual at the time of a sample, made from the hours around; null: too little is known. */
export interface Baseline {
  usual(metric: Metric, at: number): Usual | null
  /** Mean of each of the hours before this one, newest first; NaN where nothing was measured. */
  lastHours(metric: Metric): readonly number[]
}

export interface Watched {
  resource: Resource
  series: Series
  /** null: it was never measured before. */
  baseline: Baseline | null
}

export const emptySeries = (): Series => ({
  at: [],
  cpu: [],
  memory: [],
  disk: [],
  errors: [],
  latency: [],
  restarts: [],
  version: [],
})

/** So many intervals without a sample: what was before does not belong to what comes after. */
const GAP_INTERVALS = 5

/** Only what came since its last gap, so that samples far apart do not count as samples in a row. */
export function sinceGap(watched: Watched): Watched {
  const { at } = watched.series
  const most = GAP_INTERVALS * watched.resource.intervalMs
  let from = at.length - 1
  while (from > 0 && (at[from] as number) - (at[from - 1] as number) <= most) from--
  if (from <= 0) return watched
  const series = emptySeries()
  for (const [name, values] of Object.entries(watched.series) as [keyof Series, never[]][])
    series[name] = values.slice(from)
  return { ...watched, series }
}
