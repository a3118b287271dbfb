/** The pipeline and the live state of the estate, on the wire. */
import { z } from 'zod'
import { faultKinds, stageNames } from '../../machine/notices.ts'
import { resourceKinds } from '../../machine/topics.ts'
import { anomaly, contributor } from './analytics.ts'
import { count, limit, ms, offset, percent, perSecond, time } from './common.ts'

export const stageStates = ['healthy', 'failing', 'stopped', 'unknown'] as const
export const stageShape = z.object({
  stage: z.enum(stageNames),
  state: z.enum(stageStates),
  since: time.nullable(),
  instances: count,
  done: count.meta({ description: 'Samples, of the running instances since their start' }),
  dead_letters: count,
  waiting: count,
  lag_seconds: z.number().min(0).nullable(),
  last_success_at: time.nullable(),
  problem: z.string().nullable(),
})
export const pipelineReply = z.object({
  status: z.enum(stageStates).meta({ description: 'The worst of the stages' }),
  stages: z.array(stageShape),
  lake: z.object({ where: z.string() }),
  history: z
    .object({ done: count, total: count, from: time })
    .nullable()
    .meta({ description: 'While history is generated; null: it is not' }),
})

/** As the source system's stages answered. */
export const stageHealth = z.object({
  status: z.enum(['healthy', 'unhealthy']),
  service: z.string(),
  stages: z.array(stageShape),
})

export const deadLettersQuery = z.object({
  reason: z.string().max(32).optional(),
  before: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const deadLettersReply = z.object({
  dead_letters: z.array(
    z.object({
      id: count,
      received_at: time,
      topic: z.string(),
      reason: z.string(),
      detail: z.string(),
      payload: z.string(),
    }),
  ),
  next: count.nullable(),
})

/** What the source system's WebSocket pushed. */
export const metricsMessage = z.object({
  timestamp: time,
  servers: z.object({
    total: count,
    avg_cpu: percent,
    avg_memory: percent,
    avg_disk: percent,
    healthy: count,
    warning: count,
    critical: count,
  }),
  containers: z.object({
    total: count,
    avg_memory: percent,
    avg_rps: perSecond,
    healthy: count,
    total_restarts: count,
  }),
  services: z.object({
    total: count,
    avg_success_rate: percent,
    avg_error_rate: percent,
    avg_latency: ms,
    total_requests: count,
  }),
})

/** The live topic `estate`. */
export const estateFrame = z.object({
  at: time,
  data_at: time.nullable().meta({ description: 'Of the newest sample' }),
  samples_per_second: z.number().min(0),
  simulated: z.boolean().meta({ description: 'Some of it is made by the generator' }),
  summary: metricsMessage.omit({ timestamp: true }),
  health: z.object({ score: percent, contributors: z.array(contributor).max(3) }),
  stages: z.array(stageShape),
  history: pipelineReply.shape.history,
  /** Those that last, newest first. */
  anomalies: z.array(anomaly).max(50),
  anomalies_open: count,
})
export type EstateFrame = z.output<typeof estateFrame>
export type MetricsMessage = z.output<typeof metricsMessage>

/** Presenter only: breaks something on purpose in the simulated estate. */
export const injectRequest = z.strictObject({
  kind: z.enum(faultKinds),
  resource: z.string().min(1).max(64).optional().meta({ description: 'Left out: one is chosen' }),
  seconds: z.int().min(60).max(3600).default(600),
})
export const injectReply = z.object({
  id: z.string(),
  kind: z.string(),
  resource: z.string(),
  started_at: time,
  ends_at: time,
})

export const faultsQuery = z.object({ limit: limit(50, 200), offset })
/** What the generator broke, as it said. */
export const faults = z.array(
  z.object({
    id: z.string(),
    kind: z.enum(faultKinds),
    resource_kind: z.enum(resourceKinds),
    resource: z.string(),
    version: z.string().nullable(),
    started_at: time,
    ended_at: time.nullable().meta({ description: 'null: it lasts' }),
  }),
)
