/** What the client needs of the program that it runs in: the one place with a clock, timers and chance. */

/** How a request is sent: the built-in `fetch`, or something that behaves like it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface SleepOptions {
  /** Ends the wait early. It resolves then, too. */
  signal?: AbortSignal | undefined
  /** Nobody waits for this: a Node.js program may end meanwhile. */
  background?: boolean
}

export interface Surroundings {
  fetch: Fetch
  /** Unix ms. */
  now(): number
  /** Resolves after so many ms. */
  sleep(ms: number, options?: SleepOptions): Promise<void>
  /** In [0, 1). */
  random(): number
  /** An idempotency key that nobody else makes. */
  newKey(): string
}

export const surroundings: Surroundings = {
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  random: () => Math.random(),
  newKey,
  sleep: (ms, { signal, background = false } = {}) =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      if (background) (timer as { unref?: () => void }).unref?.()
      signal?.addEventListener('abort', done)
    }),
}

/** Pages that came by plain HTTP have no `randomUUID`. */
function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
