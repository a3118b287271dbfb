/** Asking over HTTP, with bounded waits. */
import { until as holdsWithin } from '../stack/wait.ts'

const ANSWER_MS = 10_000

/** @throws Error with the address, the status and the beginning of the answer */
export async function ask<T>(url: string | URL, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} from ${url}: ${text.slice(0, 200)}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** Asks again until there is an answer. @returns the answer and how long it took, in ms @throws Error after `forMs` */
export async function until<T>(
  what: string,
  forMs: number,
  look: () => Promise<T | undefined | false>,
): Promise<{ found: T; tookMs: number }> {
  const begin = performance.now()
  let found: T | undefined | false
  await holdsWithin(async () => {
    found = await look()
    return found !== undefined && found !== false
  }, forMs)
  if (found === undefined || found === false) throw new Error(`${what} did not come within ${forMs / 1000} s`)
  return { found, tookMs: Math.round(performance.now() - begin) }
}

export const postJson = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
