import type { AppContext, RequestFacts } from './context.ts'

interface ReplyOptions {
  status?: number
  headers?: Record<string, string>
}

const jsonHeaders = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }

/** The headers that every answer has. */
export const stamp = (facts: RequestFacts) => ({
  'X-Request-Id': facts.requestId,
  'X-Content-Type-Options': 'nosniff',
})

/**
 * Answers with text that is ready. Plain header objects keep Node's fast path, so the answers of the API
 * do not go through the context's own header list (and carry no cookie: use `c.json` for those).
 */
export function respond(c: AppContext, text: string, { status = 200, headers }: ReplyOptions): Response {
  const facts = c.get('facts')
  facts.stamped = true
  return new Response(text, { status, headers: { ...stamp(facts), ...headers } })
}

/** Answers with JSON that is text already. */
export const replyText = (c: AppContext, json: string): Response => respond(c, json, { headers: jsonHeaders })

/** Answers with JSON. */
export const reply = (c: AppContext, data: unknown, headers?: Record<string, string>): Response =>
  respond(c, JSON.stringify(data), { headers: headers ? { ...jsonHeaders, ...headers } : jsonHeaders })
