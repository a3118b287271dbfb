/** The simulated traffic of this process: one at a time, for whoever wants it, over when nobody does. */
import type { TrafficReply } from './api.ts'
import type { Cause, ScenarioEvents } from './events.ts'
import type { StartTraffic, TrafficPlan, TrafficRun } from './traffic-port.ts'
import { type Owner, planOf, type Wish } from './traffic-wishes.ts'

export interface TrafficRequested extends TrafficPlan {
  by: Owner
  /** After which this wish is over; two hours when left out. */
  seconds?: number
  /** Counts when no traffic runs yet. */
  seed?: number
}

export interface TrafficControl {
  /** Begins, or goes on as is wanted now. Replaces what the same owner wanted before. */
  ensure(wanted: TrafficRequested): void
  /** This owner wants none any more. Others may. */
  release(by: Owner): void
  /** Ends it for everybody. Resolves when all is given back, or takes too long. */
  stop(cause?: Cause): Promise<void>
  state(): TrafficReply
}

interface Parts {
  startTraffic: StartTraffic
  wait: (ms: number) => Promise<void>
  events: Pick<ScenarioEvents, 'trafficStarted' | 'trafficStopped'>
}

const SECONDS_MAX = 7200
const STOP_MS = 5000

export function createTrafficControl({ startTraffic, wait, events }: Parts): TrafficControl {
  const wishes = new Map<Owner, Wish>()
  /** The one under way, and why it will have ended; null: none is. */
  let current: { run: TrafficRun; cause: Cause } | null = null
  let newest: TrafficRun | null = null
  let over: Promise<void> = Promise.resolve()

  const plan = () => planOf([...wishes.values()])
  const elapsed = () => current?.run.elapsedSeconds ?? 0

  function begin(wanted: Wish, seed: number) {
    const { rate, mix = {}, retries = 0 } = wanted
    // The one before gives back first what it holds.
    const run = startTraffic({ rate, mix, retries, seed, onProgress: expire, after: over })
    const begun = { run, cause: 'stopped' as Cause }
    current = begun
    newest = run
    over = run.finished.then(
      summary => events.trafficStopped(begun.cause, summary),
      error => {
        if (current === begun) forget()
        events.trafficStopped('failed', run.summary(), error)
      },
    )
  }

  function forget() {
    wishes.clear()
    current = null
  }

  function expire() {
    for (const [owner, { until }] of wishes) if (until <= elapsed()) wishes.delete(owner)
    follow('ran_out')
  }

  /** Does what is wanted now; ends when that is nothing. */
  function follow(cause: Cause) {
    const wanted = plan()
    if (wanted) return current?.run.change(wanted)
    if (!current) return
    current.cause = cause
    current.run.stop()
    current = null
  }

  return {
    ensure({ by, seconds = SECONDS_MAX, seed = 1, ...wanted }) {
      wishes.delete(by)
      wishes.set(by, { ...wanted, by, until: elapsed() + seconds })
      const followed = plan() as Wish
      const { rate, retries = 0 } = followed
      if (current) current.run.change(followed)
      else begin(followed, seed)
      events.trafficStarted(followed.by, { rate, retries })
    },
    release(by) {
      if (wishes.delete(by)) follow('stopped')
    },
    async stop(cause = 'stopped') {
      wishes.clear()
      follow(cause)
      await Promise.race([over, wait(STOP_MS)])
    },
    state() {
      const followed = plan()
      const ends = Math.max(...Array.from(wishes.values(), ({ until }) => until))
      return {
        running: followed !== null,
        simulated: true,
        rate: followed?.rate ?? null,
        ends_in_seconds: followed && Math.max(0, Math.ceil(ends - elapsed())),
        by: followed?.by ?? null,
        summary: newest?.summary() ?? null,
      }
    },
  }
}
