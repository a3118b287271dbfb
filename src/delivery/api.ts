/** The wire: what Alertmanager sends, and what is told of alerts, incidents, deployments and faults. */
import { z } from 'zod'

export const severities = ['page', 'ticket', 'warning', 'other'] as const
export type Severity = (typeof severities)[number]

const time = z.iso.datetime({ offset: true })
const cut = (max: number) => z.string().transform(text => text.slice(0, max).toWellFormed())
const texts = z.record(z.string().max(128), cut(1000)).default({})

/** Alertmanager's webhook, version 4 (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). */
export const notification = z.object({
  version: z.literal('4'),
  truncatedAlerts: z.number().default(0),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        fingerprint: z.string().regex(/^[\da-f]{1,64}$/, 'must be hexadecimal'),
        labels: texts,
        annotations: texts,
        startsAt: time,
        endsAt: time,
      }),
    )
    .max(100),
})
export type Notification = z.output<typeof notification>

export const accepted = z.object({ status: z.literal('ok'), new: z.number(), known: z.number() })

export const alertShape = z.object({
  fingerprint: z.string(),
  name: z.string(),
  severity: z.enum(severities),
  subject: z.string().meta({ description: 'The objective or tool it is about; else its name' }),
  summary: z.string(),
  runbook_url: z.string().nullable(),
  demo_time: z.boolean().meta({ description: 'Whether an hour stands for the 30 days of the objective' }),
  starts_at: time,
  ends_at: time.nullable(),
  received_at: time,
  incident: z.number().nullable(),
})
export const alertsReply = z.object({ firing: z.number(), alerts: z.array(alertShape) })

export const incidentShape = z.object({
  id: z.number(),
  subject: z.string(),
  severity: z.enum(severities),
  deployment: z.number().nullable(),
  started_at: time,
  detected_at: time,
  resolved_at: time.nullable(),
})
export const incidentsReply = z.object({ incidents: z.array(incidentShape) })

export const deploymentShape = z.object({
  id: z.number(),
  version: z.string(),
  commit: z.string(),
  env: z.string(),
  deployed_at: time,
})
export const deploymentsReply = z.object({ deployments: z.array(deploymentShape) })

const share = z
  .number()
  .gt(0)
  .max(1)
  .meta({ description: 'The share of borrows that it hits, above 0 up to 1' })

export const faultsRequest = z.strictObject({
  latency: z
    .strictObject({ share, ms: z.int().min(1).max(5000) })
    .optional()
    .meta({ description: 'Borrows wait this long before they are decided' }),
  errors: z.strictObject({ share }).optional().meta({ description: 'Borrows fail as if by a defect' }),
  seconds: z.int().min(1).max(600).default(120).meta({ description: 'After which they end by themselves' }),
})
export type FaultSettings = z.output<typeof faultsRequest>

export const faultsReply = z.object({
  possible: z.boolean().meta({ description: 'false: this server was started with FAULTS=off' }),
  latency: z.object({ share: z.number(), ms: z.number() }).nullable(),
  errors: z.object({ share: z.number() }).nullable(),
  ends_in_seconds: z.number().nullable(),
})
export type FaultsReply = z.output<typeof faultsReply>

/** The topic `alerts` of the live stream. */
export interface AlertsFrame {
  at: string
  firing: z.output<typeof alertShape>[]
  faults: string[]
}
