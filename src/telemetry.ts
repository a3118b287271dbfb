/** Every metric of the program in one table, and the words in which queries name them. */
import { deliveryMetrics } from './delivery/metrics.ts'
import { estateMetrics } from './estate/metrics.ts'
import { kpiMetrics } from './fleet/kpis/metrics.ts'
import { fleetMetrics } from './fleet/metrics.ts'
import { vehicleApiMetrics } from './fleet/vehicle-api/metrics.ts'
import { httpMetrics } from './http/metrics.ts'
import { licensingMetrics } from './licensing/metrics.ts'
import { logMetrics } from './observability/log-metrics.ts'
import { registryMetrics } from './observability/metrics.ts'
import { processMetrics } from './observability/process-metrics.ts'
import { SERVICE } from './shared/service.ts'
import { stageMetrics } from './stage/metrics.ts'

export const metrics = {
  ...licensingMetrics,
  ...httpMetrics,
  ...stageMetrics,
  ...deliveryMetrics,
  ...fleetMetrics,
  ...vehicleApiMetrics,
  ...kpiMetrics,
  ...estateMetrics,
  ...logMetrics,
  ...registryMetrics,
  ...processMetrics,
} as const

type Table = typeof metrics
type NameOf<K> = { [N in keyof Table]: Table[N]['type'] extends K ? N : never }[keyof Table]
type Histogram = NameOf<'histogram'>

/** A name that Prometheus stores series under. */
export type SeriesName = NameOf<'counter' | 'gauge'> | `${Histogram}_${'bucket' | 'sum' | 'count'}`

type BaseOf<S extends SeriesName> = S extends `${infer N extends Histogram}_${'bucket' | 'sum' | 'count'}`
  ? N
  : S extends keyof Table
    ? S
    : never
type LabelOf<S extends SeriesName> =
  | Table[BaseOf<S>]['labels'][number]
  | (S extends `${Histogram}_bucket` ? 'le' : never)

/** The job that Prometheus scrapes, and the label of that name on log lines. */
export const JOB = SERVICE

/** `'x'` is equality; the others are said by name. */
export type Matcher = string | { not: string } | { matches: string } | { notMatches: string }

/** A selector of this program's series: `name{job="license-server",...}`. Names and labels are checked by the compiler. */
export function series<S extends SeriesName>(
  name: S,
  matchers: { [L in LabelOf<S>]?: Matcher } = {},
): string {
  const all = Object.entries({ job: JOB, ...matchers } as Record<string, Matcher>)
  return `${name}{${all.map(([label, matcher]) => `${label}${written(matcher)}`).join(',')}}`
}

function written(matcher: Matcher): string {
  if (typeof matcher === 'string') return `=${JSON.stringify(matcher)}`
  if ('not' in matcher) return `!=${JSON.stringify(matcher.not)}`
  if ('matches' in matcher) return `=~${JSON.stringify(matcher.matches)}`
  return `!~${JSON.stringify(matcher.notMatches)}`
}
