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

export const incidentShape = (incident: Incident): z.output<typeof api.incidentShape> => ({
  id: incident.row,
  subject: incident.subject,
  severity: incident.severity,
  deployment: incident.deployment,
  started_at: rfc3339(incident.startedAt),
  detected_at: rfc3339(incident.detectedAt),
  resolved_at: timeOrNull(incident.resolvedAt),
})

export const deploymentShape = (deployment: Deployment): z.output<typeof api.deploymentShape> => ({
  id: deployment.row,
  version: deployment.version,
  commit: deployment.commit,
  env: deployment.env,
  deployed_at: rfc3339(deployment.deployedAt),
})
