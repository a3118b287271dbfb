/** What happens to licenses, to releases, and to the server itself. */
export const serverEventNames = [
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
  'release_shipped',
  'incident_opened',
  'incident_detected',
  'incident_resolved',
  'alert_firing',
  'alert_resolved',
  'fault_started',
  'fault_stopped',
  'log_delivery_failed',
  'log_delivery_recovered',
  'server_started',
  'server_stopping',
  'server_stopped',
  'storage_failed',
  'internal_error',
] as const

/** What happens between vehicles and the server. */
export const fleetEventNames = [
  'vehicle_registered',
  'vehicle_online',
  'vehicle_offline',
  'vehicle_command_result',
  'dtc_changed',
  'dead_letter',
  'clock_corrected',
  'sequence_gap',
  'samples_dropped',
  'device_refused',
  'broker_connected',
  'broker_disconnected',
  'ingest_blocked',
  'ingest_recovered',
  'release_created',
  'campaign_created',
  'campaign_approved',
  'campaign_started',
  'wave_started',
  'campaign_paused',
  'campaign_resumed',
  'campaign_aborted',
  'campaign_finished',
  'update_transition',
  'update_status_ignored',
] as const

/** Every value that the `event` field of a log line can have. Dashboards and queries rely on it. */
export const eventNames = [...serverEventNames, ...fleetEventNames] as const

export type EventName = (typeof eventNames)[number]
