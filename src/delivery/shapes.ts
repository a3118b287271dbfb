/** Rows as the wire shows them. */
import type { z } from 'zod'
import { rfc3339 } from '../shared/clock.ts'
import type * as api from './api.ts'
import type { Alert, Deployment, Incident } from './schema.ts'

const timeOrNull = (at: number | null) => (at === null ? null : rfc3339(at))

export const alertShape = (alert: Alert): z.output<typeof api.alertShape> => ({
  fingerprint: alert.fingerprint,
  name: alert.name,
  severity: alert.severity,
  subject: alert.subject,
  summary: alert.summary,
  runbook_url: alert.runbookUrl,
  demo_time: alert.isDemo,
  starts_at: rfc3339(alert.startsAt),
  ends_at: timeOrNull(alert.endsAt),
  received_at: rfc3339(alert.receivedAt),
  incident: alert.incident,
})

export const incidentShape = (incident: Incident): api.IncidentShape => ({
  id: incident.row,
  subject: incident.subject,
  severity: incident.severity,
  opened_by: incident.openedBy,
  deployment: incident.deployment,
  started_at: rfc3339(incident.startedAt),
  detected_at: rfc3339(incident.detectedAt),
  acknowledged_at: timeOrNull(incident.acknowledgedAt),
  mitigated_at: timeOrNull(incident.mitigatedAt),
  resolved_at: timeOrNull(incident.resolvedAt),
})

export const deploymentShape = (deployment: Deployment): api.DeploymentShape => ({
  id: deployment.row,
  version: deployment.version,
  commit: deployment.commit,
  env: deployment.env,
  kind: deployment.kind,
  by: deployment.by,
  simulated: deployment.simulated,
  planned: deployment.planned,
  faults: Object.keys(deployment.faults),
  committed_at: timeOrNull(deployment.committedAt),
  deployed_at: rfc3339(deployment.deployedAt),
  ended_at: timeOrNull(deployment.endedAt),
  failed: deployment.isFailed,
})
