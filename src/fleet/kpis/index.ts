/** API events and the figures made from them. The only door to this folder. */
import type { OpenOptions } from '../../db/open.ts'
import type { Operations } from '../../http/operation.ts'
import type { Log } from '../../observability/logger.ts'
import type { Metrics } from '../../observability/metrics.ts'
import type { Clock } from '../../shared/clock.ts'
import type { FleetWriter } from '../commands.ts'
import { createAnalytics } from './analytics.ts'
import type { KpiValue } from './commands.ts'
import { createEventRecorder, type EventRecorder } from './event-recorder.ts'
import {
  DELIVERY_WINDOW_MS,
  type DeliveryCounts,
  deliveryKpis,
  HOUR_MS,
  type Kpis,
  kpiNames,
  kpiValues,
  operationalKpis,
  securityKpis,
  type WindowCounts,
} from './kpi.ts'
import { createKpiClock } from './kpi-clock.ts'
import { kpiMetrics } from './metrics.ts'
import { serveKpis } from './routes.ts'

export type { EventRecorder, MeasuredEvent } from './event-recorder.ts'
export { createKpiHandlers } from './handlers.ts'
export type { DeliveryCounts } from './kpi.ts'
export { kpiMigrations } from './migrations.ts'

export interface KpiOptions {
  /** The fleet's file; it is only read here. It must be prepared. */
  database: OpenOptions
  writer: Pick<FleetWriter, 'submit'>
  clock: Clock
  log: Log
  metrics: Metrics
  /** Count on the caller's thread: for tests that own the time. */
  inline: boolean
  /** What was deployed, and what became of it, between two times (Unix ms). */
  delivery: (from: number, to: number) => DeliveryCounts
}

export interface KpiPart {
  /** For events that the server measures itself. */
  recorder: EventRecorder
  /** All figures of the last `windowMs`, and what they are made from. */
  kpis(windowMs: number): Promise<{ kpis: Kpis; counts: WindowCounts }>
  serve(operations: Operations): void
  /** A heartbeat and a snapshot now, and from now on each minute. */
  start(): Promise<void>
  /** Before the writer is closed: keeps what was measured and not kept yet. */
  stop(): Promise<void>
}

export function createKpis(options: KpiOptions): KpiPart {
  const { database, writer, clock, log, metrics, inline, delivery } = options
  const analytics = createAnalytics({ database, clock, inline })
  const recorder = createEventRecorder({ writer, clock, log })
  const m = metrics.register(kpiMetrics)
  let reported = 0

  for (const source of ['reported', 'measured']) m.api_events_recorded_total.inc({ source }, 0)
  metrics.beforeScrape(async () => {
    m.api_events_recorded_total.total({ source: 'reported' }, reported)
    m.api_events_recorded_total.total({ source: 'measured' }, recorder.recorded)
    m.api_events_dropped_total.total({}, recorder.dropped)
  })

  const deliveryAt = (to: number) => deliveryKpis(delivery(to - DELIVERY_WINDOW_MS, to))

  async function kpis(windowMs: number) {
    const counts = await analytics.counts(windowMs)
    const figures: Kpis = {
      operational: operationalKpis(counts),
      security: securityKpis(counts),
      delivery: deliveryAt(counts.to),
    }
    return { kpis: figures, counts }
  }

  // What is not known is no number: Prometheus shows a gap.
  for (const kpi of kpiNames) m.kpi_value.set({ kpi }, Number.NaN)
  function show(values: readonly KpiValue[]) {
    for (const { name, value } of values) m.kpi_value.set({ kpi: name }, value ?? Number.NaN)
  }

  const kpiClock = createKpiClock({
    writer,
    clock,
    log,
    figures: async () => kpiValues((await kpis(HOUR_MS)).kpis),
    onSnapshot: show,
  })

  return {
    recorder,
    kpis,
    serve: operations =>
      serveKpis(operations, {
        writer,
        analytics,
        kpis,
        delivery: () => deliveryAt(clock.now()),
        clock,
        onRecorded: () => void reported++,
      }),
    start: kpiClock.start,
    async stop() {
      await kpiClock.stop()
      await recorder.stop()
      await analytics.close()
    },
  }
}
