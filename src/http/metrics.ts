import type { MetricTable } from '../observability/metrics.ts'

/** What the web server itself measures. `route` is the pattern that matched, never the caller's path. */
export const httpMetrics = {
  http_requests_total: {
    type: 'counter',
    help: 'Requests answered',
    labels: ['method', 'route', 'status'],
  },
  http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time to answer a request',
    labels: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  live_streams_open: { type: 'gauge', help: 'Open server-sent-event streams', labels: [] },
  live_stream_frames_total: { type: 'counter', help: 'Frames sent on streams', labels: [] },
  live_streams_dropped_total: {
    type: 'counter',
    help: 'Streams closed because nobody read them',
    labels: [],
  },
  app_build_info: { type: 'gauge', help: 'Always 1: the version that runs', labels: ['version', 'commit'] },
} as const satisfies MetricTable
