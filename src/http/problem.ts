/** The one place where a failure becomes an answer: RFC 9457 problem details. */
import { Failure, failures, type Reason } from '../shared/errors.ts'
import { newSecret } from '../shared/id.ts'
import type { AppContext } from './context.ts'
import { respond, stamp } from './reply.ts'

const PROBLEM = 'application/problem+json'

function problemText(
  reason: Reason,
  detail: string,
  requestId: string,
  details: Record<string, unknown>,
): string {
  const { status, title } = failures[reason]
  const type = `/docs#problem-${reason}`
  return JSON.stringify({ type, title, status, detail, reason, request_id: requestId, ...details })
}

/** The answer to what is no request, before there is a context. */
export function unreadable(): Response {
  const requestId = newSecret()
  const text = problemText('malformed_request', 'The address or the Host header is not valid.', requestId, {})
  const headers = {
    ...stamp({ requestId, secure: false }),
    'Content-Type': PROBLEM,
    'Cache-Control': 'no-store',
  }
  return new Response(text, { status: failures.malformed_request.status, headers })
}

/** Answers with a problem. @param details further members, for machines */
export function problem(
  c: AppContext,
  reason: Reason,
  detail: string,
  details: Record<string, unknown> = {},
  moreHeaders: Record<string, string> = {},
): Response {
  const { status } = failures[reason]
  const headers: Record<string, string> = { 'Content-Type': PROBLEM, ...moreHeaders }
  if (status === 503 || status === 429) headers['Retry-After'] = String(details.retry_after_seconds ?? 1)
  if (status === 401) headers['WWW-Authenticate'] = 'Bearer realm="presenter"'
  return respond(c, problemText(reason, detail, c.get('facts').requestId, details), { status, headers })
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
