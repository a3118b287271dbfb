/** Parse, ask, answer. */
import type { z } from 'zod'
import type { AppContext } from '../http/context.ts'
import type { Operations } from '../http/operation.ts'
import { problem } from '../http/problem.ts'
import { reply, replyCreated, replyText } from '../http/reply.ts'
import { type Clock, rfc3339 } from '../shared/clock.ts'
import type { EstateFrame, injectReply, injectRequest, pipelineReply } from './api/pipeline.ts'
import * as operations from './operations.ts'
import type { Answered, EstateReader } from './reports/reader.ts'

export type PipelineState = z.output<typeof pipelineReply>

export interface EstateRoutes {
  reader: Pick<EstateReader, 'answer'>
  clock: Clock
  frame: () => Promise<Omit<EstateFrame, 'at'>>
  pipeline: () => PipelineState
  /** WebSockets. */
  connections: () => { active: number; max: number }
  /** Breaks something; null: nothing here is simulated. @throws Failure */
  inject: ((request: z.output<typeof injectRequest>) => Promise<z.output<typeof injectReply>>) | null
}

const SERVICE = 'estate'

export function serveEstate({ serve }: Operations, parts: EstateRoutes): void {
  const { reader, clock, frame, pipeline, connections, inject } = parts

  for (const endpoint of operations.endpoints)
    for (const operation of operations.operationsOf(endpoint))
      serve(operation, async ({ query }, c) => answer(c, await reader.answer(endpoint.kind, query as never)))

  serve(operations.deadLettersOperation, async ({ query }, c) =>
    answer(c, await reader.answer('deadLetters', query)),
  )
  serve(operations.summaryOperation, async (_input, c) =>
    reply(c, { at: rfc3339(clock.now()), ...(await frame()) }),
  )
  serve(operations.pipelineOperation, async (_input, c) => reply(c, pipeline()))
  serve(operations.healthOperation, async (_input, c) => {
    const { status, stages } = pipeline()
    if (status === 'healthy') return reply(c, { status, service: SERVICE, stages })
    const ill = stages.filter(({ state }) => state !== 'healthy')
    const named = ill.map(({ stage, state }) => `${stage} is ${state}`).join(', ')
    return problem(c, 'unhealthy', `${named}.`, { service: SERVICE, stages })
  })
  for (const operation of operations.connectionsOperations)
    serve(operation, async (_input, c) => {
      const { active, max } = connections()
      return reply(c, {
        active_connections: active,
        timestamp: rfc3339(clock.now()),
        max_connections: max,
      })
    })
  serve(operations.webSocketOperation, async (_input, c) =>
    problem(c, 'upgrade_required', 'Open it as a WebSocket.', {}, { Upgrade: 'websocket' }),
  )
  serve(operations.injectOperation, async ({ body }, c) => {
    if (inject === null)
      return problem(c, 'estate_not_simulated', 'No generator runs in this process: nothing can be broken.')
    return replyCreated(c, await inject(body))
  })
}

function answer(c: AppContext, { text, total }: Answered): Response {
  const response = replyText(c, text)
  if (total !== null) response.headers.set('X-Total-Count', String(total))
  return response
}
