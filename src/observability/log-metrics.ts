import type { MetricTable } from './metrics.ts'

export const logMetrics = {
  log_lines_total: { type: 'counter', help: 'Log lines written', labels: ['level', 'event'] },
  log_lines_dropped_total: {
    type: 'counter',
    help: 'Log lines lost at an output (stdout, file, loki) that is full, gone or does not keep up',
    labels: ['output'],
  },
  log_push_waiting_bytes: { type: 'gauge', help: 'Log text that waits to be pushed to Loki', labels: [] },
  log_write_failures_total: {
    type: 'counter',
    help: 'Writes that an output refused; their lines wait for the next try',
    labels: ['output'],
  },
} as const satisfies MetricTable
