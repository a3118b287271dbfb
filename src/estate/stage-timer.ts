import { setTimeout as timer } from 'node:timers/promises'

/** Does it again and again, after so many ms each; it keeps no process alive. @returns ends it */
export function every(ms: number, work: () => void): () => void {
  const interval = setInterval(work, ms).unref()
  return () => clearInterval(interval)
}

/** Resolves after so many ms. */
export const wait = (ms: number): Promise<void> => timer(ms)

/** The same for who waits beside something else that keeps the process alive: what is over is not waited for. */
export const waitAside = (ms: number): Promise<void> => timer(ms, undefined, { ref: false })
