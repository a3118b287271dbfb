/** What can be asked about the estate, as the OpenAPI document says it. */
import type { z } from 'zod'
import { type Operation, operation } from '../http/operation.ts'
import { connections } from './api/analytics.ts'
import * as api from './api/pipeline.ts'
import { analyticsEndpoints } from './endpoints/analytics.ts'
import { containerEndpoints } from './endpoints/containers.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { serverEndpoints } from './endpoints/servers.ts'
import { serviceEndpoints } from './endpoints/services.ts'

const tag = 'estate'

/** The storage can fail, and some questions are valid but too large. */
const refusals = ['storage_locked', 'storage_missing', 'storage_failed'] as const

export const endpoints: readonly Endpoint[] = [
  ...serverEndpoints,
  ...containerEndpoints,
  ...serviceEndpoints,
  ...analyticsEndpoints,
]

/** One operation for each name of it. */
export const operationsOf = ({ paths, summary, description, query, reply, paged }: Endpoint) =>
  paths.map((path, index): Operation & { query: z.ZodObject } => ({
    method: 'get',
    path,
    tag,
    summary,
    ...(index > 0
      ? { description: `The same as \`${paths[0]}\`.` }
      : description !== undefined && { description }),
    query,
    reply: {
      description: paged ? 'A page; X-Total-Count says how many there are' : 'What is known',
      schema: reply,
    },
    refusals,
  }))

export const summaryOperation = operation({
  method: 'get',
  path: '/estate/summary',
  tag,
  summary: 'The estate now',
  description: 'The same as the live topic `estate`.',
  reply: { description: 'Figures, stages and open anomalies', schema: api.estateFrame },
  refusals,
})

export const pipelineOperation = operation({
  method: 'get',
  path: '/estate/pipeline',
  tag,
  summary: 'How each stage of the pipeline is',
  reply: { description: 'From their own reports: none for 15 s is a stop', schema: api.pipelineReply },
})

export const healthOperation = operation({
  method: 'get',
  path: '/health',
  tag,
  summary: 'Whether the pipeline of the estate runs',
  description: 'The refusal names the stages, too.',
  reply: { description: 'All stages do', schema: api.stageHealth },
  refusals: ['unhealthy'],
})

const connectionsOperationAt = (path: string, description: string) =>
  operation({
    method: 'get',
    path,
    tag,
    summary: 'How many WebSockets are open',
    description,
    reply: { description: 'And how many may be', schema: connections },
  })
export const connectionsOperations = [
  connectionsOperationAt('/ws/connections', 'Those of `/ws/metrics`.'),
  connectionsOperationAt('/api/analytics/websocket-metrics', 'The same as `/ws/connections`.'),
]

export const webSocketOperation = operation({
  method: 'get',
  path: '/ws/metrics',
  tag,
  summary: 'The summary by WebSocket',
  description:
    'A message at once, then when it has changed (every 2 s at most), and every 30 s at least. What a client says is ignored. A request without `Upgrade: websocket` is refused.',
  reply: { description: 'A WebSocket; each message is such JSON', schema: api.metricsMessage, status: 101 },
  refusals: ['upgrade_required'],
})

export const injectOperation = operation({
  method: 'post',
  path: '/estate/faults',
  tag,
  summary: 'Break something of the simulated estate on purpose',
  only: 'presenter',
  body: api.injectRequest,
  reply: { description: 'What breaks, and until when', schema: api.injectReply, status: 201 },
  refusals: ['estate_not_simulated'],
})

export const deadLettersOperation = operation({
  method: 'get',
  path: '/estate/dead-letters',
  tag,
  summary: 'Samples that could not be used, newest first',
  only: 'presenter',
  query: api.deadLettersQuery,
  reply: { description: 'With the reason of each', schema: api.deadLettersReply },
  refusals,
})
