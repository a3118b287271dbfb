/** Who polls a topic instead of following its stream: remembered for seconds, and never too many. */
import type { Clock } from '../shared/clock.ts'

const REMEMBERED_MS = 10_000
const POLLERS_MAX = 10_000

export interface Pollers {
  note(topic: string, caller: string): void
  /** How many callers asked for the topic in the last ten seconds. */
  count(topic: string): number
}

export function createPollers(clock: Clock): Pollers {
  /** By topic, when each caller asked last; the one heard of longest ago comes first. */
  const topics = new Map<string, Map<string, number>>()

  function forgetOld(callers: Map<string, number>) {
    const oldest = clock.monotonic() - REMEMBERED_MS
    for (const [caller, at] of callers) {
      if (at > oldest && callers.size <= POLLERS_MAX) return
      callers.delete(caller)
    }
  }

  return {
    note(topic, caller) {
      const callers = topics.get(topic) ?? new Map<string, number>()
      topics.set(topic, callers)
      callers.delete(caller)
      callers.set(caller, clock.monotonic())
      forgetOld(callers)
    },
    count(topic) {
      const callers = topics.get(topic)
      if (!callers) return 0
      forgetOld(callers)
      return callers.size
    },
  }
}
