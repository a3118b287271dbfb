import type { AppContext, RequestFacts } from './context.ts'

/** What is no page may load nothing and be framed by nobody, should a browser show it as one. */
export const SECURITY = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
}

/** Without `includeSubDomains`: what else is served beside this host is not ours to decide. */
const HTTPS_ONLY = 'max-age=31536000'

type Stamp = (request: Pick<RequestFacts, 'requestId' | 'secure'>) => Record<string, string>

/** What fills in a request's id. Only overwriting what was spread keeps an object as quick as a literal; adding to it does not. */
function stampWith(headers: Record<string, string>): Stamp {
  const plain = { ...SECURITY, ...headers, 'X-Request-Id': '' }
  const https = { ...plain, 'Strict-Transport-Security': HTTPS_ONLY }
  return ({ requestId, secure }) => ({ ...(secure ? https : plain), 'X-Request-Id': requestId })
}

/** The headers that every answer has; pages have a policy of their own. */
export const stamp = stampWith({})
const stampText = stampWith({ 'Cache-Control': 'no-store' })
const stampJson = stampWith({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })

/** The facts of a request whose answer is stamped here: nobody adds these headers once more. */
function taken(c: AppContext): RequestFacts {
  const facts = c.get('facts')
  facts.stamped = true
  return facts
}

/**
 * Answers with text that is ready. Plain header objects keep Node's fast path, so the answers of the API
 * do not go through the context's own header list (and carry no cookie: use `c.json` for those).
 */
export function respond(
  c: AppContext,
  text: string,
  { status = 200, headers }: { status?: number; headers?: Record<string, string> },
): Response {
  return new Response(text, { status, headers: Object.assign(stampText(taken(c)), headers) })
}

/** Answers with JSON that is text already: the common answer, its headers in one piece. */
export function replyText(c: AppContext, json: string): Response {
  return new Response(json, { status: 200, headers: stampJson(taken(c)) })
}

/** Answers with JSON. */
export function reply(c: AppContext, data: unknown, headers?: Record<string, string>): Response {
  const response = replyText(c, JSON.stringify(data))
  if (headers) for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

/** Answers 201 with what was made. */
export function replyCreated(c: AppContext, data: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(data), {
    status: 201,
    headers: Object.assign(stampJson(taken(c)), headers),
  })
}
