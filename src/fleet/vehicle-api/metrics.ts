import type { MetricTable } from '../../observability/metrics.ts'

/** Every request to the vehicle API. `endpoint` is one of our own addresses, `method` one of HTTP's. */
export const vehicleApiMetrics = {
  vehicle_api_requests_total: {
    type: 'counter',
    help: 'Requests to the vehicle API',
    labels: ['endpoint', 'method', 'status'],
  },
  vehicle_api_request_duration_seconds: {
    type: 'histogram',
    help: 'Time from request to answer at the vehicle API; commands include what the vehicle took',
    labels: ['endpoint', 'method'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
} as const satisfies MetricTable
