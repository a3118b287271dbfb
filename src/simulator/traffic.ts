/**
 * People who borrow, hold and give back, as seeded chance has it. It is handed the way to send a request,
 * so it drives a server in this process, in a test, or on another machine.
 */
import type { Clock } from '../shared/clock.ts'
import type { Random } from '../shared/random.ts'
import { type Mix, mixWith } from './traffic/mix.ts'
import { createPeople, type People, type TrafficSummary, toolsOf } from './traffic/people.ts'
import type { Send } from './traffic/send.ts'

export { type Deed, deeds, type Mix, readMix, usualMix } from './traffic/mix.ts'
export type { TrafficSummary } from './traffic/people.ts'
export type { Send } from './traffic/send.ts'

/** What may be changed while it runs. */
export interface TrafficPlan {
  /** Things done a second. */
  rate: number
  /** Weights of what is done; what is left out keeps its own. */
  mix?: { [D in keyof Mix]?: number | undefined } | undefined
  /** How often a borrow that failed (5xx, or no answer) is asked again at once. */
  retries?: number | undefined
}

export interface TrafficOptions extends TrafficPlan {
  send: Send
  random: Random
  /** How long new things begin. */
  seconds: number
  /** Resolves after so many ms. */
  wait: (ms: number) => Promise<void>
  /** Makes up for waits that took too long, so that the rate is kept. */
  clock?: Pick<Clock, 'monotonic'>
  /** Told about once a second. */
  onProgress?: (summary: TrafficSummary) => void
  /** Ends it early. */
  signal?: AbortSignal
  /** It begins when this is settled. */
  after?: Promise<unknown>
}

export interface TrafficRun {
  /** From the next tick on. */
  change(plan: TrafficPlan): void
  /** Since it began. */
  readonly elapsedSeconds: number
  /** What has happened so far. */
  summary(): TrafficSummary
  /** Nothing new begins. */
  stop(): void
  /** Resolves when all is given back; rejects when the server has no pools or does not say so at the start. */
  finished: Promise<TrafficSummary>
}

const TICK_MS = 100
const TICKS_A_SECOND = 1000 / TICK_MS
/** What more is missed is lost: a machine that slept does not make up for the night. */
const MISSED_TICKS_MAX = TICKS_A_SECOND
/** Tenths do not add up to one exactly. */
const ROUNDING = 1e-9
const ANSWER_MS = 10_000
const nothing = { sent: 0, granted: 0, denied: 0, returned: 0, failed: 0, retried: 0, unanswered: 0 }

/** Runs until its time is over, gives back what it still holds, and resolves with what happened. */
export const runTraffic = (options: TrafficOptions): Promise<TrafficSummary> => startTraffic(options).finished

/** The same, for those who want to look at it and change it meanwhile. */
export function startTraffic(options: TrafficOptions): TrafficRun {
  const { send, random, seconds, wait, clock, onProgress, signal, after } = options
  let plan = planOf(options)
  let stopped = false
  let ticks = 0
  let due = 0
  let summary = nothing
  const isOver = () => stopped || signal?.aborted || ticks >= seconds * TICKS_A_SECOND

  async function run(): Promise<TrafficSummary> {
    await after?.catch(() => {})
    if (isOver()) return { ...summary }
    const people = createPeople(send, await toolsOf(send), random)
    summary = people.summary
    const passed = ticker(clock)
    for (let owed = 1; !isOver(); owed = passed()) {
      for (; owed > 0 && !isOver(); owed--) act(people)
      await wait(TICK_MS)
    }
    people.end()
    await inTime(people.answered())
    summary.unanswered = people.underWay
    await inTime(people.giveBackAll())
    return { ...summary }
  }

  function act(people: People) {
    if (ticks % TICKS_A_SECOND === 0) void people.browsers.refresh()
    // One browser a tick: a broken page must not flood the log.
    let mayReport = true
    for (due += plan.rate / TICKS_A_SECOND; due > 1 - ROUNDING; due--)
      if (people.act(plan, ticks, mayReport)) mayReport = false
    if (++ticks % TICKS_A_SECOND === 0) onProgress?.({ ...summary })
  }

  /** Resolves with the work, or when nobody should wait for it any longer. */
  async function inTime(work: Promise<unknown>) {
    let isDone = false
    const done = work.finally(() => {
      isDone = true
    })
    const late = async () => {
      for (let waited = 0; !isDone && waited < ANSWER_MS; waited += TICK_MS) await wait(TICK_MS)
    }
    await Promise.race([done, late()])
  }

  return {
    change(wanted) {
      plan = planOf(wanted)
    },
    get elapsedSeconds() {
      return ticks / TICKS_A_SECOND
    },
    summary: () => ({ ...summary }),
    stop() {
      stopped = true
    },
    finished: run(),
  }
}

const planOf = ({ rate, mix, retries = 0 }: TrafficPlan) => ({ rate, mix: mixWith(mix), retries })

/** Tells at each call how many ticks have passed since the last, at least one. */
function ticker(clock: Pick<Clock, 'monotonic'> | undefined): () => number {
  const begunAt = clock?.monotonic() ?? 0
  let counted = 1
  return () => {
    const now = clock ? Math.floor((clock.monotonic() - begunAt) / TICK_MS) + 1 : 0
    const passed = Math.max(1, now - counted)
    counted += passed
    return Math.min(passed, MISSED_TICKS_MAX)
  }
}
