import type { MetricTable } from '../observability/metrics.ts'

/** What is known of releases, alerts and incidents. Counts come from stored rows, so a restart keeps them. */
export const deliveryMetrics = {
  deployments_total: {
    type: 'counter',
    help: 'Versions that were started or shipped here, rollbacks left out',
    labels: [],
  },
  deployment_failures_total: {
    type: 'counter',
    help: 'Deployments during which an incident opened, or that were rolled back',
    labels: [],
  },
  incidents_total: { type: 'counter', help: 'Incidents opened', labels: [] },
  incidents_resolved_total: { type: 'counter', help: 'Incidents resolved', labels: [] },
  incident_recovery_seconds_total: {
    type: 'counter',
    help: 'From the impact to the end of an incident, summed over resolved ones',
    labels: [],
  },
  incidents_open: { type: 'gauge', help: 'Incidents that are open now', labels: [] },
  alert_notifications_total: {
    type: 'counter',
    help: 'Alerts that Alertmanager announced: firing or resolved',
    labels: ['status'],
  },
  alerts_firing: { type: 'gauge', help: 'Alerts that fire now, as Alertmanager said', labels: ['severity'] },
  faults_active: { type: 'gauge', help: '1 while a fault is on', labels: ['fault'] },
  fault_hits_total: { type: 'counter', help: 'Borrows and returns that a fault has hit', labels: ['fault'] },
} as const satisfies MetricTable
