import type { MetricTable } from './metrics.ts'

/** Those of the process's own metrics that queries name. The library makes them; here is what it calls them. */
export const processMetrics = {
  process_cpu_seconds_total: { type: 'counter', help: 'CPU time used, in seconds', labels: [] },
  process_resident_memory_bytes: { type: 'gauge', help: 'Memory in use', labels: [] },
  process_start_time_seconds: { type: 'gauge', help: 'When the process started', labels: [] },
  process_open_fds: { type: 'gauge', help: 'Open files and sockets', labels: [] },
  nodejs_eventloop_lag_p50_seconds: { type: 'gauge', help: 'Event-loop delay, median', labels: [] },
  nodejs_eventloop_lag_p99_seconds: { type: 'gauge', help: 'Event-loop delay, 99th percentile', labels: [] },
  nodejs_heap_size_used_bytes: { type: 'gauge', help: 'Heap in use', labels: [] },
} as const satisfies MetricTable
