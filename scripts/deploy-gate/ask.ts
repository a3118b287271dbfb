/** One question to the server under judgement. */

const TEXT_MAX = 2_000_000

export interface Answer {
  /** HTTP status; 0: no answer. */
  status: number
  text: string
  ms: number
}

/** Never rejects: that there is no answer is an answer too. */
export type Ask = (path: string, init?: RequestInit) => Promise<Answer>

/** @param url where the server is; a path in it is kept @param timeoutMs after which an answer counts as none */
export function askServer(url: string, timeoutMs: number): Ask {
  const base = url.replace(/\/+$/, '')
  return async (path, init = {}) => {
    const began = performance.now()
    const since = () => Math.round(performance.now() - began)
    try {
      const signal = AbortSignal.timeout(timeoutMs)
      // A redirect to a page that is well would hide a server that is not.
      const response = await fetch(base + path, { redirect: 'manual', ...init, signal })
      const text = await response.text()
      return { status: response.status, text: text.slice(0, TEXT_MAX), ms: since() }
    } catch (error) {
      return { status: 0, text: reasonOf(error, timeoutMs), ms: since() }
    }
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof DOMException) return `no answer within ${timeoutMs / 1000} s`
  const { cause } = error as { cause?: { code?: string; message?: string } }
  return `no answer (${cause?.code ?? cause?.message ?? (error as Error).message})`
}

/** An answer in words for people. */
export const said = ({ status, text }: Answer): string =>
  status === 0 ? text : `${status} ${text.trim().split('\n')[0]?.slice(0, 120) ?? ''}`.trim()

/** What an answer of 200 says as JSON; null: it is no such answer. */
export function jsonOf<T>({ status, text }: Answer): T | null {
  if (status !== 200) return null
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}
