import type { MetricTable } from '../../observability/metrics.ts'

/** The figures of the vehicle API, and the events that they are made from. */
export const kpiMetrics = {
  kpi_value: {
    type: 'gauge',
    help: 'A figure of the last snapshot, in the unit of its name; absent, or NaN, while it is unknown',
    labels: ['kpi'],
  },
  api_events_recorded_total: {
    type: 'counter',
    help: 'API events that were kept: reported by POST /api/events, or measured at the vehicle API',
    labels: ['source'],
  },
  api_events_dropped_total: {
    type: 'counter',
    help: 'Measured events for which there was no room',
    labels: [],
  },
} as const satisfies MetricTable
