import { z } from 'zod'
import { type Operations, operation } from '../http/operation.ts'
import { reply } from '../http/reply.ts'
import type { Log } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import { stageMetrics } from './metrics.ts'

/** Long texts are cut, not refused: the report of an error must not fail for its length. No token stays. */
const cut = (max: number) =>
  z.string().transform(text =>
    text
      .slice(0, max)
      .toWellFormed()
      .replaceAll(/([?&]token=)[^&\s'")]+/g, '$1…'),
  )

const report = z.object({
  message: z.string().min(1).pipe(cut(1000)),
  stack: cut(8000).nullish(),
  source: cut(500).nullish(),
  lineno: z.number().nullish(),
  colno: z.number().nullish(),
  url: cut(500).nullish(),
  userAgent: cut(300).nullish(),
  page_version: cut(64).nullish().meta({ description: 'The version that the page was told it is' }),
  request_id: cut(64).nullish().meta({ description: 'The X-Request-Id of the answer that led to the error' }),
})

const frontendError = operation({
  method: 'post',
  path: '/frontend-error',
  tag: 'pages',
  summary: 'Report an error of a page',
  body: report,
  reply: { description: 'Logged', schema: z.object({ status: z.literal('ok') }) },
})

/** Takes error reports from browsers into the log, with the request id that they name. */
export function serveFrontendErrors(
  { serve }: Operations,
  { log, metrics }: { log: Log; metrics: Metrics },
): void {
  const { frontend_errors_total } = metrics.register(stageMetrics)
  serve(frontendError, async ({ body }, c) => {
    const { message, userAgent, request_id: causedBy, ...place } = body
    frontend_errors_total.inc({})
    log.error('frontend_error', 'a page reported an error', {
      request_id: c.get('facts').requestId,
      error: message,
      ...place,
      user_agent: userAgent,
      caused_by_request_id: causedBy,
    })
    return reply(c, { status: 'ok' })
  })
}
