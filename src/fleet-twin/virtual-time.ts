/** Time that goes on only when all that it brought about is done: so a run can be repeated, however fast it is. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../shared/clock.ts'
import { createScheduler, type Scheduler } from '../simulator/vehicles/scheduler.ts'

export interface VirtualTime {
  clock: Clock
  scheduler: Scheduler
  /** Since the beginning, ms. */
  readonly passed: number
  /** Time stands still until this is done. */
  hold<T>(work: Promise<T>): Promise<T>
  /** Goes one step on: what comes due within it happens at its own time, its consequences at the end of the step. */
  step(): Promise<void>
  /** Nothing is waited for any more. */
  stop(): void
}

/** As long as a message and its acknowledgement may take, so no vehicle believes its connection dead. */
export const STEP_MS = 60_000

/** @param start Unix ms */
export function createVirtualTime(start: number): VirtualTime {
  let passed = 0
  let held = 0
  let stopped = false
  const clock: Clock = { now: () => Math.floor(start + passed), monotonic: () => passed }
  const scheduler = createScheduler(clock)
  const release = () => void held--

  return {
    clock,
    scheduler,
    get passed() {
      return passed
    },
    hold(work) {
      held++
      work.then(release, release)
      return work
    },
    async step() {
      const end = passed + STEP_MS
      for (;;) {
        const next = scheduler.nextAt()
        if (next === null || next > end) break
        passed = Math.max(passed, next)
        scheduler.run()
      }
      passed = end
      while (held > 0 && !stopped) await turn()
    },
    stop() {
      stopped = true
    },
  }
}
