/** Asks for new log lines each second, while somebody looks at them. */
import type { LogReply } from '../../stage/api.ts'
import { call } from '../api.ts'
import { Problem } from '../problem.ts'
import type { LogFilters } from './links.ts'

const EVERY_MS = 1000
const AWAY_MS = 5000
/** What one question may bring; as many rows are kept. */
export const LINES_MAX = 200

export interface LogListener {
  /** @param isFirst the first answer to these filters: what was shown before is not of them */
  lines(reply: LogReply, isFirst: boolean): void
  /** The server is away, or refuses: the reason in words; null: it answers again. */
  trouble(why: string | null): void
}

/** @returns what steers it; it begins when it is in view and has filters */
export function pollLog({ lines, trouble }: LogListener) {
  let filters: LogFilters = {}
  let after: number | null = null
  let inView = false
  let paused = false
  let timer = 0
  /** Answers to an older question are not of interest any more. */
  let round = 0

  const isWatched = () => inView && !paused && !document.hidden

  async function ask({ once = false } = {}) {
    clearTimeout(timer)
    if (!once && !isWatched()) return
    const mine = ++round
    const query = new URLSearchParams({ limit: String(LINES_MAX) })
    for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value)
    if (after !== null) query.set('after', String(after))
    let waitMs = EVERY_MS
    try {
      const { data } = await call<LogReply>(`/log?${query}`)
      if (mine !== round || (paused && !once)) return
      lines(data, after === null)
      after = data.last
      trouble(null)
    } catch (error) {
      if (mine !== round) return
      trouble(error instanceof Problem && error.status > 0 ? error.message : 'The server does not answer.')
      waitMs = AWAY_MS
    }
    timer = window.setTimeout(() => void ask(), waitMs)
  }

  document.addEventListener('visibilitychange', () => void ask())
  return {
    view(now: boolean) {
      if (now === inView) return
      inView = now
      void ask()
    },
    filter(next: LogFilters) {
      filters = next
      after = null
      // A new choice is answered even while the lines stand still.
      if (inView) void ask({ once: true })
    },
    pause(now: boolean) {
      paused = now
      void ask()
    },
  }
}
