/** The twin on the caller's thread: builds it, lets its time pass, tells of it, takes it down. */
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { type Clock, systemClock } from '../shared/clock.ts'
import type { FleetTwin, TwinOptions, TwinProgress } from './api.ts'
import { createFleetHere } from './fleet-here.ts'
import { type Assumption, assumptions } from './process-times.ts'
import { createStory } from './story.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { createVirtualTime, STEP_MS } from './virtual-time.ts'

export interface RunOptions {
  /** `kept`: `factor` simulated seconds in a real one. `fast`: as fast as it can, for tests. */
  pace: 'kept' | 'fast'
  /** Where its files may be; left out: in a folder of its own that is removed at the end. */
  folder?: string
  clock?: Clock
  /** Left out: the assumptions. Tests are in a hurry. */
  processTimes?: readonly Assumption[]
}

/** A Monday morning; which one does not matter, but it is the same in every run. */
const START = Date.UTC(2026, 0, 5, 8)
/** It works so long without a pause, and pauses for a fifth of that, also when it cannot keep pace. */
const TURN_MS = 80
const PAUSE_MS = 20
const TOLD_EVERY_MS = 250

export function runTwin(options: TwinOptions, run: RunOptions): FleetTwin {
  const { vehicles, seed, factor, fromMs } = options
  const { pace, folder, clock = systemClock, processTimes = assumptions } = run
  const progressListeners: ((progress: TwinProgress) => void)[] = []
  const failureListeners: ((error: Error) => void)[] = []
  const time = createVirtualTime(START)
  const story = createStory({ time, vehicles, processTimes, onFailure: fail })
  let stopped = false
  let failure: Error | undefined
  let toldAt = Number.NEGATIVE_INFINITY

  function fail(error: Error) {
    if (stopped) return
    failure ??= error
    halt()
  }
  function halt() {
    stopped = true
    time.stop()
  }

  function tell() {
    const now = clock.monotonic()
    if (!story.done && now - toldAt < TOLD_EVERY_MS) return
    toldAt = now
    const progress = story.progress()
    for (const listener of progressListeners) listener(progress)
  }

  async function live() {
    const startedAt = clock.monotonic()
    const target = () => (pace === 'fast' ? Infinity : fromMs + (clock.monotonic() - startedAt) * factor)
    while (!stopped && !story.done) {
      const until = clock.monotonic() + TURN_MS
      while (!stopped && !story.done && time.passed + STEP_MS <= target() && clock.monotonic() < until) {
        await time.step()
        story.look()
      }
      if (!stopped) tell()
      const isCatchingUp = pace === 'fast' || time.passed < fromMs
      await (isCatchingUp ? turn() : wait(PAUSE_MS))
    }
  }

  async function exist() {
    // Not before the caller has said who listens.
    await turn()
    const own = folder === undefined ? temporaryFolder() : undefined
    try {
      const here = createFleetHere({
        vehicles,
        seed,
        time,
        folder: folder ?? own?.path ?? '',
        onEvent: story.onEvent,
        onDtcs: story.onDtcs,
        onFailure: fail,
      })
      try {
        await here.start()
        story.begin(here)
        await live()
      } finally {
        halt()
        await here.stop()
      }
    } finally {
      own?.remove()
    }
  }

  const running = exist()
    .catch((error: Error) => {
      failure ??= error
    })
    .then(() => {
      if (failure) for (const listener of failureListeners) listener(failure)
    })

  return {
    onProgress: listener => void progressListeners.push(listener),
    onFailure: listener => void failureListeners.push(listener),
    async stop() {
      halt()
      await running
    },
  }
}
