import type { AppContext, RequestFacts } from './context.ts'

/** The headers that every answer has. */
export const stamp = (facts: RequestFacts): Record<string, string> => ({
  'X-Request-Id': facts.requestId,
  'X-Content-Type-Options': 'nosniff',
})

/**
 * Answers with text that is ready. Plain header objects keep Node's fast path, so the answers of the API
 * do not go through the context's own header list (and carry no cookie: use `c.json` for those).
 */
export function respond(
  c: AppContext,
  text: string,
  { status = 200, headers }: { status?: number; headers?: Record<string, string> },
): Response {
  const facts = c.get('facts')
  facts.stamped = true
  return new Response(text, { status, headers: { ...stamp(facts), ...headers } })
}

/** Answers with JSON that is text already: the common answer, its headers in one piece. */
export function replyText(c: AppContext, json: string): Response {
  const facts = c.get('facts')
  facts.stamped = true
  return new Response(json, {
    status: 200,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': facts.requestId,
    },
  })
}

/** Answers with JSON. */
export function reply(c: AppContext, data: unknown, headers?: Record<string, string>): Response {
  const response = replyText(c, JSON.stringify(data))
  if (headers) for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

/** Answers 201 with what was made. */
export const replyCreated = (c: AppContext, data: unknown, headers: Record<string, string> = {}): Response =>
  respond(c, JSON.stringify(data), {
    status: 201,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
  })
