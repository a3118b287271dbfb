/** How a request travels to Loki: tried again until it is taken, or refused for good. */
import { setTimeout as wait } from 'node:timers/promises'

const ATTEMPT_MS = 10_000
const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5000

export type Send = (url: URL, request: RequestInit) => Promise<Response>

/** Waits 0.25, 0.5, 1, 2, 4, 5, 5 … seconds. */
export const retryDelayMs = (attempt: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** attempt, LAST_RETRY_MS)

/** Whether another try can help: the network, a busy or broken server; not a request that Loki refuses. */
export const mayRetry = (status: number): boolean => status === 408 || status === 429 || status >= 500

export interface Deliveries {
  failing(reason: string): void
  recovered(): void
  /** Loki refused the request for good. */
  refused(lines: number, reason: string): void
}

/** Sends until it is taken or refused for good. @param send `fetch` */
export function persistent(send: Send, { failing, recovered, refused }: Deliveries): Send {
  let isFailing = false
  return async (url, { signal: _, ...request }) => {
    for (let attempt = 0; ; attempt++) {
      const outcome = await send(url, { ...request, signal: AbortSignal.timeout(ATTEMPT_MS) }).catch(
        (error: Error) => error,
      )
      if (outcome instanceof Response && outcome.ok) {
        if (isFailing) recovered()
        isFailing = false
        return outcome
      }
      const reason =
        outcome instanceof Response ? `${outcome.status} ${await wordsOf(outcome)}` : reasonOf(outcome)
      isFailing = true
      if (outcome instanceof Response && !mayRetry(outcome.status)) {
        refused(entriesIn(String(request.body)), reason)
        return new Response(null, { status: 204 })
      }
      failing(reason)
      await wait(retryDelayMs(attempt))
    }
  }
}

/** The begin of an answer's text; what of it cannot be read changes nothing. */
const wordsOf = (answer: Response): Promise<string> =>
  answer.text().then(
    text => text.slice(0, 300),
    () => '',
  )

const reasonOf = (error: Error): string =>
  error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message

/** How many entries a push request has. A quote inside a line is escaped, so this text is never part of one. */
export const entriesIn = (body: string): number => body.split('"values":[[').length - 1
