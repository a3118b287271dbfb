/** Every value that the `event` field of a log line can have. Dashboards and queries rely on it. */
export const eventNames = [
  'borrow_license',
  'borrow_denied',
  'return_license',
  'license_expired',
  'license_renewed',
  'license_revoked',
  'overage_charged',
  'budget_updated',
  'frontend_error',
  'http_request',
  'server_started',
  'server_stopping',
  'server_stopped',
  'storage_failed',
  'internal_error',
] as const

export type EventName = (typeof eventNames)[number]
