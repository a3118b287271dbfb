import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type Metric,
  type OpenMetricsContentType,
  Registry,
} from 'prom-client'

/** One metric as dashboards, rules and docs know it. */
export interface MetricSpec {
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  labels: readonly string[]
  buckets?: readonly number[]
  /** Whether a bucket remembers the request that fell into it last. */
  exemplars?: true
}
export type MetricTable = Record<string, MetricSpec>

type Labels<S extends MetricSpec> = Record<S['labels'][number], string>
/** A counter of one series: a plain number until the next scrape. */
export interface BoundCounter {
  inc(by?: number): void
}
interface Counts<L> {
  inc(labels: L, by?: number): void
  bind(labels: L): BoundCounter
  /** Takes over a count that is kept elsewhere, so that it survives a restart. */
  total(labels: L, count: number): void
}
interface Shows<L> {
  set(labels: L, value: number): void
  /** The series is not shown any more. */
  remove(labels: L): void
}
interface Observes<L> {
  /** @param exemplar names one request; it is no label */
  observe(labels: L, value: number, exemplar?: Record<string, string>): void
  /** Shows a series before its first observation. */
  zero(labels: L): void
}
type Instrument<S extends MetricSpec> = S['type'] extends 'counter'
  ? Counts<Labels<S>>
  : S['type'] extends 'gauge'
    ? Shows<Labels<S>>
    : Observes<Labels<S>>
export type Instruments<T extends MetricTable> = { [N in keyof T]: Instrument<T[N]> }

export interface Metrics {
  /** Makes the instruments of a table. Each name belongs to one table. */
  register<T extends MetricTable>(table: T): Instruments<T>
  /** Work to do before each scrape: gauges that are read from a store. */
  beforeScrape(refresh: () => Promise<void>): void
  /** @param format the plain text of old, or OpenMetrics, which has exemplars */
  expose(format?: 'text' | 'openmetrics'): Promise<{ text: string; contentType: string }>
}

/** Counts of bound series, handed to the library's counter before each scrape. */
class BindableCounter extends Counter {
  #pending: { labels: Record<string, string>; count: number }[] = []

  bind(labels: Record<string, string>): BoundCounter {
    const series = { labels, count: 0 }
    this.#pending.push(series)
    return {
      inc: (by = 1) => {
        series.count += by
      },
    }
  }

  total(labels: Record<string, string>, count: number): void {
    this.remove(labels)
    this.inc(labels, count)
  }

  override get(): ReturnType<Counter['get']> {
    for (const series of this.#pending) {
      this.inc(series.labels, series.count)
      series.count = 0
    }
    return super.get()
  }
}

const constructors = { counter: BindableCounter, gauge: Gauge, histogram: Histogram }

function instrumentOf(name: string, { type, help, labels, buckets, exemplars }: MetricSpec) {
  const options = { name, help, labelNames: [...labels], ...(buckets && { buckets }), registers: [] }
  if (!exemplars) {
    const metric = new constructors[type](options as never)
    return { metric, instrument: metric }
  }
  const metric = new Histogram({ ...options, enableExemplars: true } as never)
  return {
    metric,
    instrument: {
      observe: (of: object, value: number, exemplarLabels?: object) =>
        metric.observe({ labels: of, value, ...(exemplarLabels && { exemplarLabels }) } as never),
      zero: (of: object) => metric.zero(of as never),
    },
  }
}

/** What the registry says of itself. */
export const registryMetrics = {
  metrics_refresh_failures_total: {
    type: 'counter',
    help: 'Times that a store could not be read for a scrape: its gauges are as old as the last that could',
    labels: [],
  },
} as const satisfies MetricTable

/** A registry of its own. @param withProcess whether to add the process's own metrics */
export function createMetrics({ withProcess = true } = {}): Metrics {
  const registry = new Registry()
  const openRegistry: Registry<OpenMetricsContentType> = new Registry()
  openRegistry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  const refreshes: (() => Promise<void>)[] = []
  if (withProcess) collectDefaultMetrics({ register: registry })
  function register<T extends MetricTable>(table: T): Instruments<T> {
    const made = Object.entries(table).map(([name, spec]) => {
      const { metric, instrument } = instrumentOf(name, spec)
      registry.registerMetric(metric as Metric)
      return [name, instrument]
    })
    return Object.fromEntries(made)
  }

  const { metrics_refresh_failures_total } = register(registryMetrics)
  return {
    register,
    beforeScrape: refresh => void refreshes.push(refresh),
    async expose(format = 'text') {
      const refreshed = await Promise.allSettled(refreshes.map(refresh => refresh()))
      for (const { status } of refreshed) if (status === 'rejected') metrics_refresh_failures_total.inc({})
      if (format === 'text') return { text: await registry.metrics(), contentType: registry.contentType }
      openRegistry.clear()
      for (const metric of registry.getMetricsAsArray()) openRegistry.registerMetric(renamable(metric))
      return { text: await openRegistry.metrics(), contentType: openRegistry.contentType }
    },
  }
}

interface Readable {
  name: string
  get(): Promise<object>
  getForPromString?(): Promise<object>
}

/** The library takes `_total` off a counter's own name when it writes OpenMetrics: it gets a copy to do that to. */
function renamable(original: object): Metric {
  const metric = original as Readable
  const copy = Object.create(metric) as Readable
  copy.get = async () => ({
    ...(await (metric.getForPromString?.() ?? metric.get())),
    name: copy.name,
  })
  return copy as unknown as Metric
}
