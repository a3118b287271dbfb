/** What the estate says now: second by second what has come due, and what broke or is whole again. */
import { FAULT_TOPIC } from '../../machine/topics.ts'
import type { Clock } from '../../shared/clock.ts'
import { createBatches, type Message } from './batches.ts'
import type { Estate } from './estate.ts'
import { type Fault, noticeOf } from './fault.ts'
import type { Pace } from './pace.ts'
import { createRounds } from './rounds.ts'

/** Made at once at most, where time runs faster. */
const SAMPLES_MAX = 10_000
/** A machine that slept does not tell what it would have said meanwhile. */
const CATCH_UP_MS = 60_000
/** Faults that ended so shortly before the start are said too: who told of their beginning may have been stopped. */
const ENDED_BEFORE_MS = 30 * 60_000

export interface LiveOptions {
  estate: Estate
  pace: Pace
  clock: Clock
  /** Simulated seconds in a real one, 1 to 1000. With 1 the time is that of the clock. */
  factor: number
  /** Unix ms; null: when it is first asked. */
  startsAt: number | null
  send: (message: Message) => void
  /** Samples that wait to be sent. */
  waiting: () => number
}

export interface Live {
  /** Sends what came due since the last call. */
  tick(): void
  /** In the time of the estate, Unix ms: all up to it has been sent. */
  now(): number
}

export function createLive(options: LiveOptions): Live {
  const { estate, pace, clock, factor, send, waiting } = options
  const rounds = createRounds(estate.plan.resources, pace)
  const batches = createBatches()
  const stepMs = Math.max(1, Math.floor((SAMPLES_MAX / estate.plan.resources.length) * pace.intervalMs))
  let last = options.startsAt ?? clock.now()
  let lastMonotonic = clock.monotonic()
  let begun = false

  const say = (fault: Fault, ended: boolean) =>
    send({ topic: FAULT_TOPIC, payload: JSON.stringify(noticeOf(fault, ended)), samples: 0 })

  function sayFaults(from: number, to: number) {
    for (const fault of estate.faults.between(from, to + 1)) {
      if (fault.startedAt > from && fault.startedAt <= to) say(fault, false)
      if (fault.endedAt > from && fault.endedAt <= to) say(fault, true)
    }
  }

  function sayBefore() {
    for (const fault of estate.faults.between(last - ENDED_BEFORE_MS, last + 1))
      if (fault.endedAt > last - ENDED_BEFORE_MS) say(fault, fault.endedAt <= last)
  }

  function begin() {
    begun = true
    last = options.startsAt ?? clock.now()
    lastMonotonic = clock.monotonic()
    sayBefore()
  }

  /** Up to when; null: nothing is due, or too much waits. Where time runs faster it stands while the broker is away. */
  function target(): number | null {
    const monotonic = clock.monotonic()
    const passed = monotonic - lastMonotonic
    lastMonotonic = monotonic
    if (factor === 1) {
      const now = clock.now()
      last = Math.max(last, now - CATCH_UP_MS)
      return now > last ? now : null
    }
    if (waiting() > SAMPLES_MAX) return null
    return last + Math.max(1, Math.floor(Math.min(passed * factor, stepMs)))
  }

  return {
    now: () => last,
    tick() {
      if (!begun) begin()
      const to = target()
      if (to === null) return
      sayFaults(last, to)
      rounds.due(last, to, (resource, at) => {
        const sample = estate.sample(resource, at, pace)
        const full = sample && batches.add(resource.kind, sample)
        if (full) send(full)
      })
      for (const message of batches.flush()) send(message)
      last = to
    },
  }
}
