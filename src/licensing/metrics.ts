import type { MetricTable } from '../observability/metrics.ts'

/** The label value for a tool that no pool has: the caller's text never becomes a label. */
export const UNKNOWN_TOOL = '_unknown'

const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Every metric of the license server, once. Prices are in currency units. */
export const licensingMetrics = {
  license_borrow_attempts_total: { type: 'counter', help: 'Borrows asked for', labels: ['tool'] },
  license_borrow_success_total: { type: 'counter', help: 'Borrows granted', labels: ['tool'] },
  license_borrow_failure_total: {
    type: 'counter',
    help: 'Borrows refused: exhausted, max_overage, spend_cap, unknown_tool; or failed: error',
    labels: ['tool', 'reason'],
  },
  license_borrow_duration_seconds: {
    type: 'histogram',
    help: 'Time from request to durable decision of a borrow',
    labels: ['tool'],
    buckets: latencyBuckets,
    exemplars: true,
  },
  license_returns_total: { type: 'counter', help: 'Seats given back by their holders', labels: ['tool'] },
  license_renewals_total: { type: 'counter', help: 'Leases renewed', labels: ['tool'] },
  license_expiries_total: { type: 'counter', help: 'Leases that ran out', labels: ['tool'] },
  license_revocations_total: { type: 'counter', help: 'Seats taken back by the presenter', labels: ['tool'] },
  license_overage_borrows_total: {
    type: 'counter',
    help: 'Borrows granted above the commit',
    labels: ['tool'],
  },
  license_overage_charges_total: { type: 'counter', help: 'Overage charges written', labels: ['tool'] },
  license_overage_charged_currency_total: {
    type: 'counter',
    help: 'Overage charged, in currency units',
    labels: ['tool'],
  },
  licenses_borrowed: { type: 'gauge', help: 'Seats held now', labels: ['tool'] },
  licenses_free: { type: 'gauge', help: 'Seats that can be granted now', labels: ['tool'] },
  licenses_total: { type: 'gauge', help: 'Seats that exist', labels: ['tool'] },
  licenses_commit: { type: 'gauge', help: 'Seats that are prepaid', labels: ['tool'] },
  licenses_overage: { type: 'gauge', help: 'Seats held above the commit', labels: ['tool'] },
  licenses_max_overage: { type: 'gauge', help: 'Seats that may be held above the commit', labels: ['tool'] },
  license_overage_cost_currency: {
    type: 'gauge',
    help: 'Sum of all overage charges, in currency units',
    labels: ['tool'],
  },
  license_commands_waiting: { type: 'gauge', help: 'Commands that wait for the ledger', labels: [] },
} as const satisfies MetricTable
