import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** One metric as dashboards, rules and docs know it. */
export interface MetricSpec {
  type: 'counter' | 'gauge' | 'histogram'
  help: string
  labels: readonly string[]
  buckets?: readonly number[]
}
export type MetricTable = Record<string, MetricSpec>

type Labels<S extends MetricSpec> = Record<S['labels'][number], string>
/** A counter of one series: a plain number until the next scrape. */
export interface BoundCounter {
  inc(by?: number): void
}
type Instrument<S extends MetricSpec> = S['type'] extends 'counter'
  ? { inc(labels: Labels<S>, by?: number): void; bind(labels: Labels<S>): BoundCounter }
  : S['type'] extends 'gauge'
    ? { set(labels: Labels<S>, value: number): void }
    : { observe(labels: Labels<S>, value: number): void }
export type Instruments<T extends MetricTable> = { [N in keyof T]: Instrument<T[N]> }

export interface Metrics {
  /** Makes the instruments of a table. Each name belongs to one table. */
  register<T extends MetricTable>(table: T): Instruments<T>
  /** Work to do before each scrape: gauges that are read from a store. */
  beforeScrape(refresh: () => Promise<void>): void
  /** The text exposition format. */
  expose(): Promise<{ text: string; contentType: string }>
}

/** Counts of bound series, handed to the library's counter before each scrape. */
class BindableCounter extends Counter {
  #pending: { labels: Record<string, string>; count: number }[] = []

  bind(labels: Record<string, string>): BoundCounter {
    const series = { labels, count: 0 }
    this.#pending.push(series)
    this.inc(labels, 0)
    return {
      inc: (by = 1) => {
        series.count += by
      },
    }
  }

  override get(): ReturnType<Counter['get']> {
    for (const series of this.#pending) {
      this.inc(series.labels, series.count)
      series.count = 0
    }
    return super.get()
  }
}

const instruments = { counter: BindableCounter, gauge: Gauge, histogram: Histogram }

/** A registry of its own. @param withProcess whether to add the process's own metrics */
export function createMetrics({ withProcess = true } = {}): Metrics {
  const registry = new Registry()
  const refreshes: (() => Promise<void>)[] = []
  if (withProcess) collectDefaultMetrics({ register: registry })
  return {
    register(table) {
      const made = Object.entries(table).map(([name, { type, help, labels, buckets }]) => {
        const options = {
          name,
          help,
          labelNames: [...labels],
          registers: [registry],
          ...(buckets && { buckets }),
        }
        return [name, new instruments[type](options as never)]
      })
      return Object.fromEntries(made)
    },
    beforeScrape: refresh => void refreshes.push(refresh),
    async expose() {
      await Promise.all(refreshes.map(refresh => refresh()))
      return { text: await registry.metrics(), contentType: registry.contentType }
    },
  }
}
