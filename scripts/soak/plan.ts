/** When the server of a soak is stopped and killed. */
export interface Restart {
  /** Seconds after the beginning. */
  at: number
  how: 'SIGTERM' | 'SIGKILL'
}

export interface Plan {
  seconds: number
  restarts: readonly Restart[]
  /** Of the last process' life, that does not count for trends, in seconds. */
  warmUp: number
  /** Of a lower envelope, in seconds. */
  window: number
}

const QUICK_SECONDS = 90

/**
 * Restarts come early, so that one process lives long enough to tell whether it grows.
 * @param minutes of the whole
 */
export function planOf(minutes: number, quick: boolean): Plan {
  const seconds = quick ? QUICK_SECONDS : minutes * 60
  const restarts: [share: number, how: Restart['how']][] = quick
    ? [
        [0.28, 'SIGTERM'],
        [0.5, 'SIGKILL'],
      ]
    : [
        [0.06, 'SIGTERM'],
        [0.12, 'SIGKILL'],
        [0.18, 'SIGTERM'],
        [0.24, 'SIGKILL'],
        [0.3, 'SIGTERM'],
      ]
  const last = seconds * (1 - (restarts.at(-1)?.[0] ?? 0))
  return {
    seconds,
    restarts: restarts.map(([share, how]) => ({ at: Math.round(seconds * share), how })),
    warmUp: Math.min(240, Math.round(last * 0.25)),
    window: Math.min(60, Math.max(3, Math.round(last / 15))),
  }
}
