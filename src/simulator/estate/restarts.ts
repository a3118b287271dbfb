/** How often the faults of the schedule made containers restart: a number that only grows, so all of them count. */
import { type CrashTimes, restartsDuring } from './fault.ts'
import type { FaultSchedule } from './fault-schedule.ts'

interface Crashes extends CrashTimes {
  /** Restarts by the faults before it. */
  before: number
}

/** Looked through at once. */
const STEP_MS = 86_400_000

export interface Restarts {
  /** @param at Unix ms */
  of(ordinal: number, at: number): number
}

/** @param startsAt restarts count from here, Unix ms */
export function createRestarts(startsAt: number, schedule: FaultSchedule): Restarts {
  const known = new Map<number, Crashes[]>()
  let knownUpTo = startsAt

  function learn() {
    const from = knownUpTo
    knownUpTo += STEP_MS
    for (const { kind, resourceKind, target, startedAt, endedAt } of schedule.beginning(from, knownUpTo)) {
      if (resourceKind !== 'container') continue
      const crashes = known.get(target) ?? []
      const last = crashes.at(-1)
      const before = last ? last.before + restartsDuring(last, last.endedAt) : 0
      crashes.push({ kind, startedAt, endedAt, before })
      known.set(target, crashes)
    }
  }

  return {
    of(ordinal, at) {
      while (knownUpTo <= at) learn()
      const crashes = known.get(ordinal)
      if (!crashes) return 0
      for (let index = crashes.length - 1; index >= 0; index--) {
        const last = crashes[index] as Crashes
        if (last.startedAt <= at) return last.before + restartsDuring(last, at)
      }
      return 0
    },
  }
}
