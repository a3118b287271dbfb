import type { MetricTable } from '../observability/metrics.ts'

export const stageMetrics = {
  frontend_errors_total: { type: 'counter', help: 'Errors that pages reported', labels: [] },
} as const satisfies MetricTable
