/** Asks as a client does, and counts what came of it. Failures that the soak did not bring about are written down. */
import { Agent, type ClientRequest, request } from 'node:http'
import { type Answered, explained } from './explain.ts'
import type { Soaked } from './server.ts'

export interface Answer {
  status: number
  reason: string
  requestId: string
  /** What the JSON says; null: it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever came over the wire
  body: any
}

export interface Asking {
  headers?: Record<string, string>
  body?: unknown
  /** Hang up so many ms after asking. */
  hangUpAfter?: number
}

export interface Client {
  /** Resolves with null when there was no whole answer. */
  ask(method: string, path: string, asking?: Asking): Promise<Answer | null>
  readonly requests: number
  readonly statuses: ReadonlyMap<number, number>
  /** Connections that were over before the answer was whole, while the server stopped or was away. */
  readonly cut: number
  /** What nothing explains, each in words. */
  readonly findings: readonly string[]
  /** Answers of 500 by their request id, and when they came (performance.now): the log must say that the fault "errors" made them. */
  readonly faulted: ReadonlyMap<string, number>
  close(): void
}

const TIMEOUT_MS = 30_000
const FINDINGS_MAX = 200

export function createClient(server: Soaked): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 96 })
  const statuses = new Map<number, number>()
  const findings: string[] = []
  const faulted = new Map<string, number>()
  let requests = 0
  let cut = 0
  const find = (text: string) => void (findings.length < FINDINGS_MAX && findings.push(text))

  function judge(answered: Answered, { requestId, body }: Answer) {
    statuses.set(answered.status, (statuses.get(answered.status) ?? 0) + 1)
    const why = explained(answered)
    if (why === 'log') faulted.set(requestId, performance.now())
    if (why === null)
      find(
        `${answered.method} ${answered.path} → ${answered.status} ${answered.reason} ${JSON.stringify(body).slice(0, 200)}`,
      )
  }

  return {
    get requests() {
      return requests
    },
    statuses,
    get cut() {
      return cut
    },
    findings,
    faulted,
    ask(method, path, { headers = {}, body, hangUpAfter } = {}) {
      requests++
      const before = server.changes
      const isCalm = () => server.changes === before && server.phase === 'up'
      return new Promise(resolve => {
        const text = body === undefined ? undefined : JSON.stringify(body)
        let hungUp = false
        let isOver = false
        const fail = (error: Error) => {
          if (isOver) return
          isOver = true
          if (!hungUp && isCalm()) find(`${method} ${path}: ${error.message}`)
          else if (!hungUp) cut++
          resolve(null)
        }
        const asked: ClientRequest = request(
          {
            host: '127.0.0.1',
            port: server.port,
            agent,
            method,
            path,
            headers: { ...asJson(text), ...headers },
          },
          response => {
            const parts: Buffer[] = []
            response.on('data', part => void parts.push(part))
            response.on('error', fail)
            response.on('close', () => fail(new Error('the connection broke in the answer')))
            response.on('end', () => {
              if (isOver || !response.complete) return
              isOver = true
              const answer = answerOf(response.statusCode ?? 0, response.headers['x-request-id'], parts)
              const { status, reason } = answer
              judge({ method, path: path.split('?')[0] ?? '', status, reason, calm: isCalm() }, answer)
              resolve(answer)
            })
          },
        )
        asked.on('error', fail)
        asked.setTimeout(TIMEOUT_MS, () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)))
        asked.end(text)
        if (hangUpAfter !== undefined)
          setTimeout(() => {
            hungUp = true
            asked.destroy()
            if (!isOver) fail(new Error('hung up'))
          }, hangUpAfter)
      })
    },
    close: () => agent.destroy(),
  }
}

const asJson = (text: string | undefined): Record<string, string> =>
  text === undefined
    ? {}
    : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }

function answerOf(status: number, id: string | string[] | undefined, parts: Buffer[]): Answer {
  let body: unknown = null
  try {
    body = JSON.parse(Buffer.concat(parts).toString())
  } catch {
    // Pages, pictures and texts are not read.
  }
  const { reason = '' } = (body ?? {}) as { reason?: string }
  return { status, reason, requestId: String(id ?? ''), body }
}
