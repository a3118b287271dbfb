import type { MetricTable } from './metrics.ts'

export const logMetrics = {
  log_lines_dropped_total: {
    type: 'counter',
    help: 'Log lines lost to a full disk or a reader that does not keep up',
    labels: [],
  },
} as const satisfies MetricTable
