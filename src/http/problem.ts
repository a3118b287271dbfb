/** The one place where a failure becomes an answer: RFC 9457 problem details. */
import { Failure, failures, type Reason } from '../shared/errors.ts'
import type { AppContext } from './context.ts'
import { respond } from './reply.ts'

/** Answers with a problem. @param details further members, for machines */
export function problem(
  c: AppContext,
  reason: Reason,
  detail: string,
  details: Record<string, unknown> = {},
): Response {
  const { status, title } = failures[reason]
  const body = {
    type: `/docs#problem-${reason}`,
    title,
    status,
    detail,
    reason,
    request_id: c.get('facts').requestId,
    ...details,
  }
  const headers: Record<string, string> = { 'Content-Type': 'application/problem+json' }
  if (status === 503 || status === 429) headers['Retry-After'] = String(details.retry_after_seconds ?? 1)
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer realm="presenter"'
  return respond(c, JSON.stringify(body), { status, headers })
}

/** What went wrong, as an answer; what is nobody's fault but ours says no more than the request id. */
export function problemOf(c: AppContext, error: unknown): Response {
  if (error instanceof Failure) return problem(c, error.reason, error.message, error.details)
  return problem(
    c,
    'internal',
    `Something went wrong here. Please report the request id ${c.get('facts').requestId}.`,
  )
}
