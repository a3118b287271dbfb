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

/** Who opened an incident: the burn rate as this server sees it, or Alertmanager. */
export const incidentOpeners = ['burn', 'alertmanager'] as const
export const incidentShape = z.object({
  id: z.number(),
  subject: z.string().meta({ description: 'The objective that burns, or what the alert is about' }),
  severity: z.enum(severities),
  opened_by: z.enum(incidentOpeners),
  deployment: z.number().nullable().meta({ description: 'The version that ran when it began' }),
  started_at: time.meta({ description: 'When the impact began: the first bad borrow of the burn' }),
  detected_at: time,
  acknowledged_at: time.nullable(),
  mitigated_at: time.nullable().meta({ description: 'When the release was rolled back or its faults ended' }),
  resolved_at: time.nullable(),
})
export const incidentsReply = z.object({ incidents: z.array(incidentShape) })
export const incidentParams = z.object({ id: z.coerce.number().int().min(1) })

const share = z.number().gt(0).max(1)
const borrowsHit = share.meta({ description: 'The share of borrows that it hits, above 0 up to 1' })

const faultShapes = {
  latency: z
    .strictObject({ share: borrowsHit, ms: z.int().min(1).max(5000) })
    .optional()
    .meta({ description: 'Borrows wait this long before they are decided' }),
  errors: z
    .strictObject({ share: borrowsHit })
    .optional()
    .meta({ description: 'Borrows fail as if by a defect' }),
  seat_leak: z
    .strictObject({
      share: share.meta({ description: 'The share of returns that it hits' }),
      seats_max: z.int().min(1).max(50).default(10),
    })
    .optional()
    .meta({ description: 'A seat that came back is held again by nobody; given back when the fault ends' }),
  browser_script: z
    .strictObject({ share: share.meta({ description: 'The share of browsers that it hits' }) })
    .optional()
    .meta({ description: 'A script of the page for the audience throws' }),
  noisy_logs: z
    .strictObject({ lines: z.int().min(1).max(50).meta({ description: 'Useless lines for each borrow' }) })
    .optional(),
}
/** Faults alone, without when they end. All left out: none. */
export const faultSet = z.strictObject(faultShapes)
export type FaultSet = z.output<typeof faultSet>
export const faultNames = Object.keys(faultShapes) as FaultName[]
export type FaultName = keyof typeof faultShapes

export const faultsRequest = z.strictObject({
  ...faultShapes,
  seconds: z.int().min(1).max(600).default(120).meta({ description: 'After which they end by themselves' }),
})
export type FaultSettings = z.output<typeof faultsRequest>

export const faultsReply = z.object({
  possible: z.boolean().meta({ description: 'false: this server was started with FAULTS=off' }),
  latency: z.object({ share: z.number(), ms: z.number() }).nullable(),
  errors: z.object({ share: z.number() }).nullable(),
  seat_leak: z.object({ share: z.number(), seats_max: z.number() }).nullable(),
  browser_script: z.object({ share: z.number() }).nullable(),
  noisy_logs: z.object({ lines: z.number() }).nullable(),
  ends_in_seconds: z.number().nullable(),
})
export type FaultsReply = z.output<typeof faultsReply>

/** `start`: this program was started as another version. `release`, `rollback`: the presenter's, in a running program. */
export const deploymentKinds = ['start', 'release', 'rollback'] as const
/** Who did it; `cap`: a release with faults that nobody rolled back in time. */
export const deployers = ['process', 'presenter', 'scenario', 'race', 'cap'] as const
export type Deployer = (typeof deployers)[number]

const versionText = z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}(-[\w.]{1,32})?$/, 'must be like 1.4.2')
const commitText = z.string().regex(/^[\da-f]{7,40}$/, 'must be 7 to 40 hexadecimal digits')

/** All fields may be left out: the next patch version, with a made-up commit and no faults. */
export const releaseRequest = z.strictObject({
  version: versionText.optional(),
  commit: commitText.optional(),
  committed_at: time.optional().meta({ description: 'When its commit was made: lead times are known by it' }),
  planned: z.boolean().default(true).meta({ description: 'false: it mends what users met (rework)' }),
  faults: faultSet.default({}),
  seconds: z.int().min(5).max(600).default(90).meta({
    description: 'A release with faults is rolled back by itself after so long',
  }),
})
export type ReleaseRequest = z.output<typeof releaseRequest>

export const deploymentShape = z.object({
  id: z.number(),
  version: z.string(),
  commit: z.string(),
  env: z.string(),
  kind: z.enum(deploymentKinds),
  by: z.enum(deployers),
  simulated: z
    .boolean()
    .meta({ description: 'Shipped from the stage: the program is the same, its faults are not' }),
  planned: z.boolean(),
  faults: z.array(z.string()),
  committed_at: time.nullable(),
  deployed_at: time,
  ended_at: time.nullable().meta({ description: 'When another version took over; null: it runs' }),
  failed: z.boolean().meta({ description: 'An incident opened while it ran, or it was rolled back' }),
})
export const deploymentsReply = z.object({ deployments: z.array(deploymentShape) })
export type DeploymentShape = z.output<typeof deploymentShape>
export type IncidentShape = z.output<typeof incidentShape>

export const kpisQuery = z.object({ days: z.coerce.number().int().min(1).max(365).default(30) })
/** DORA's five, of this server's own rows. null: no data. */
export const deliveryKpis = z.object({
  from: time,
  to: time,
  deployments: z.number(),
  deployments_per_day: z.number(),
  lead_time_seconds: z
    .number()
    .nullable()
    .meta({ description: 'Median, of deployments whose commit time is known' }),
  change_failure_rate: z.number().nullable(),
  failed_deployment_recovery_seconds: z
    .number()
    .nullable()
    .meta({ description: 'Median, from the impact to the end of the incident' }),
  rework_rate: z.number().nullable().meta({ description: 'Unplanned deployments, rollbacks too, of all' }),
})
export type DeliveryKpis = z.output<typeof deliveryKpis>

/** What is wrong as this server sees it by itself: an incident that is open, a budget that burns at a paging rate, or both. */
export interface TroubleShape {
  /** The objective, or what the incident is about. */
  subject: string
  severity: Severity
  incident: number | null
  /** When the impact began; null: no incident is open yet. */
  starts_at: string | null
  burn: BurnShape | null
  /** The alert of the objective, a section of the runbook; null: it is about no objective. */
  alert: string | null
}

/** The topic `alerts` of the live stream. */
export interface AlertsFrame {
  at: string
  /** What Alertmanager announced and has not ended. */
  firing: z.output<typeof alertShape>[]
  /** What no alert that fires tells already. */
  troubles: TroubleShape[]
  /** Whether Alertmanager has ever announced anything here. */
  announced: boolean
  faults: string[]
}

/** How fast an objective's budget burns, as this server counted its own borrows, in demo time. */
export interface BurnShape {
  objective: string
  title: string
  /** 0–1. */
  target: number
  /** Times faster than allowed, over the long and the short window; null: no borrow in it. */
  long: number | null
  short: number | null
  long_seconds: number
  short_seconds: number
  /** Both above it: it pages. */
  factor: number
  paging: boolean
  /** Of the demo period's budget, what is left, at most 1 and below 0 when it is overspent; null: no borrow in it. */
  budget_left: number | null
}

/** The topic `delivery` of the live stream: what runs, and how it does. */
export interface DeliveryFrame {
  at: string
  running: DeploymentShape
  /** What runs instead when it is rolled back; null: nothing to go back to. */
  previous: { version: string; commit: string } | null
  /** The version of the next release, where it names none. */
  next: string
  faults: FaultsReply
  /** The newest five. */
  deployments: DeploymentShape[]
  /** The newest five. */
  incidents: IncidentShape[]
  burn: BurnShape[]
  kpis: DeliveryKpis
}
