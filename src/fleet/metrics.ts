import type { MetricTable } from '../observability/metrics.ts'

/** A firmware version that is none of the twenty with the most vehicles. */
export const OTHER_VERSION = '_other'

const vehicleMetrics = {
  fleet_vehicles: {
    type: 'gauge',
    help: 'Vehicles by what they are doing now',
    labels: ['model', 'region', 'state'],
  },
  fleet_vehicles_by_firmware: {
    type: 'gauge',
    help: 'Vehicles by the release that runs',
    labels: ['firmware'],
  },
  fleet_battery_average_percent: {
    type: 'gauge',
    help: 'Mean charge of the traction batteries as last known',
    labels: [],
  },
  fleet_battery_minimum_percent: { type: 'gauge', help: 'The lowest of them', labels: [] },
  fleet_battery_low_vehicles: { type: 'gauge', help: 'Vehicles below 15 %', labels: [] },
  fleet_speed_average_kmh: { type: 'gauge', help: 'Mean speed of the vehicles that drive', labels: [] },
  fleet_signal_average_dbm: {
    type: 'gauge',
    help: 'Mean signal strength of connected vehicles; nearer to 0 is stronger',
    labels: [],
  },
  fleet_dtcs: { type: 'gauge', help: 'Diagnostic trouble codes that are set', labels: ['status'] },
} as const satisfies MetricTable

const ingestMetrics = {
  fleet_messages_total: {
    type: 'counter',
    help: 'Messages of vehicles that were taken',
    labels: ['kind', 'outcome'],
  },
  fleet_samples_total: {
    type: 'counter',
    help: 'Telemetry samples: live, historical (kept in the vehicle and sent later) or duplicate',
    labels: ['kind'],
  },
  fleet_samples_late_total: {
    type: 'counter',
    help: 'Live samples that came more than a minute after they were taken',
    labels: [],
  },
  fleet_samples_dropped_total: {
    type: 'counter',
    help: 'Samples that vehicles had no room to keep, as they report it',
    labels: [],
  },
  fleet_dead_letters_total: { type: 'counter', help: 'Messages set aside', labels: ['reason'] },
  fleet_clock_corrections_total: {
    type: 'counter',
    help: 'Messages of vehicles whose clock was not believed',
    labels: [],
  },
  fleet_sequence_gaps_total: { type: 'counter', help: 'Times that a message was missing', labels: [] },
  fleet_telemetry_delay_seconds: {
    type: 'histogram',
    help: 'From the taking of a live sample to its being durable and queryable',
    labels: [],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  fleet_ingest_duration_seconds: {
    type: 'histogram',
    help: 'From the arrival of a message to its acknowledgement',
    labels: [],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
  },
  fleet_ingest_group_size: {
    type: 'histogram',
    help: 'Commands that were committed together',
    labels: [],
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000],
  },
  fleet_ingest_waiting: { type: 'gauge', help: 'Messages that are not durable yet', labels: [] },
  fleet_ingest_blocked: {
    type: 'gauge',
    help: '1 while the disk does not take what vehicles say: they wait, nothing is lost',
    labels: [],
  },
  fleet_broker_connected: { type: 'gauge', help: '1 while the MQTT broker is there', labels: [] },
  fleet_broker_connections: {
    type: 'gauge',
    help: 'Vehicles connected to the embedded broker',
    labels: [],
  },
  fleet_commands_failed_total: {
    type: 'counter',
    help: 'Messages to vehicles that could not be handed to the broker; what matters is sent again',
    labels: [],
  },
  fleet_broker_refusals_total: {
    type: 'counter',
    help: 'Devices that the embedded broker turned away',
    labels: ['reason'],
  },
} as const satisfies MetricTable

const campaignMetrics = {
  ota_campaigns: { type: 'gauge', help: 'Campaigns by state', labels: ['state'] },
  ota_updates: {
    type: 'gauge',
    help: 'Vehicle updates of running and paused campaigns by state',
    labels: ['state'],
  },
  ota_updates_blocked: {
    type: 'gauge',
    help: 'Scheduled updates of running campaigns that have to wait, by reason',
    labels: ['reason'],
  },
  ota_transitions_total: { type: 'counter', help: 'Transitions of vehicle updates', labels: ['to'] },
  ota_updates_settled_total: {
    type: 'counter',
    help: 'Attempts to update a vehicle that ended: succeeded, failed, or neutral (refused, withdrawn, not needed)',
    labels: ['outcome'],
  },
  ota_statuses_ignored_total: {
    type: 'counter',
    help: 'Statuses of vehicles that changed nothing: late, repeated or out of order',
    labels: ['reason'],
  },
  ota_failures_total: { type: 'counter', help: 'Failed updates by reason', labels: ['reason'] },
  ota_pauses_total: { type: 'counter', help: 'Campaigns that were paused, by rule', labels: ['rule'] },
  ota_blast_radius_vehicles: {
    type: 'gauge',
    help: 'Vehicles that the release of the newest pause had harmed when it was paused',
    labels: [],
  },
  ota_time_to_detect_seconds: {
    type: 'gauge',
    help: 'From the first failure to the newest automatic pause',
    labels: [],
  },
} as const satisfies MetricTable

export const fleetMetrics = {
  ...vehicleMetrics,
  ...ingestMetrics,
  ...campaignMetrics,
} as const satisfies MetricTable
