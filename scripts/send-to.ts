import type { Send } from '../src/simulator/traffic.ts'

const ANSWER_MS = 10_000

/** Sends requests of simulated people to a server. @param url where it listens */
export const sendTo =
  (url: string): Send =>
  (path, init) =>
    fetch(new URL(path, url), {
      headers: { 'content-type': 'application/json' },
      ...init,
      signal: AbortSignal.timeout(ANSWER_MS),
    })
