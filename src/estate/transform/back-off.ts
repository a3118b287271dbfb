/** When something is away, all that need it wait for the same moment, and longer each time. */

const FIRST_MS = 100
const LONGEST_MS = 5000

export interface BackOff {
  /** Resolves when it may be tried. */
  ready(): Promise<void>
  /** @returns after a pause that everybody shares */
  failed(): Promise<void>
  /** The next failure is a first one again. */
  worked(): void
}

/** @param wait resolves after so many ms */
export function createBackOff(wait: (ms: number) => Promise<void>): BackOff {
  let pause: Promise<void> | null = null
  let nextMs = FIRST_MS

  return {
    async ready() {
      while (pause) await pause
    },
    failed() {
      pause ??= wait(nextMs).then(() => {
        pause = null
        nextMs = Math.min(nextMs * 2, LONGEST_MS)
      })
      return pause
    },
    worked() {
      nextMs = FIRST_MS
    },
  }
}
