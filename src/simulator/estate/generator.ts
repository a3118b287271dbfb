/** Says what the estate says: live, and beside it the days before. */
import { type FaultKind, type FaultNotice, STAGE_EVERY_MS, type StageReport } from '../../machine/notices.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Scheduler } from '../vehicles/scheduler.ts'
import type { Estate } from './estate.ts'
import { noticeOf } from './fault.ts'
import { type HistoryMessage, historyOf, historySamples, type Span } from './history.ts'
import { createLive } from './live.ts'
import { createSender, type Publish } from './sender.ts'

export const FACTOR_MAX = 1000
export const INTERVAL_SECONDS = 30
/** More often the transformer takes for a resource that has gone mad. */
export const INTERVAL_SECONDS_MIN = 5
export const INTERVAL_SECONDS_MAX = 3600
const TICK_MS = 1000
/** Where time runs faster, more comes due. */
const FAST_TICK_MS = 100
const STOP_MS = 5000

export interface HistoryProgress {
  /** Samples that the broker has, of all of them; silent servers' count as said. */
  done: number
  total: number
  /** The beginning of the day that is under way, Unix ms: it goes back. */
  from: number
}

export interface GeneratorOptions {
  estate: Estate
  publish: Publish
  clock: Clock
  scheduler: Pick<Scheduler, 'after'>
  /** Of this process, in reports. */
  instance: string
  /** Whole, INTERVAL_SECONDS_MIN to INTERVAL_SECONDS_MAX. */
  intervalSeconds?: number | undefined
  /** Simulated seconds in a real one, 1 to FACTOR_MAX. Above 1 the timestamps are simulated too. */
  factor?: number | undefined
  /** Where simulated time begins, Unix ms; left out: now. Only where `factor` is above 1. */
  startsAt?: number | undefined
  /** Told beside what is live; with the same span again, the same samples. */
  history?: readonly Span[] | undefined
  report: (report: StageReport) => void
  progress?: ((progress: HistoryProgress) => void) | undefined
}

export interface Generator {
  start(): void
  /** Resolves when what is under way has arrived, or after 5 s. */
  stop(): Promise<void>
  /**
   * Breaks something by hand, and says so.
   * @param resource the name of a server, a container or a service @param seconds 10 to 3600
   * @returns null: there is no such resource, or this cannot happen to it
   */
  inject(kind: FaultKind, resource: string, seconds: number): FaultNotice | null
}

/** @throws RangeError when the interval or the factor is out of range */
export function createGenerator(options: GeneratorOptions): Generator {
  const { estate, publish, clock, scheduler, instance, history, report, progress } = options
  const { factor = 1, intervalSeconds = INTERVAL_SECONDS } = options
  if (!(factor >= 1 && factor <= FACTOR_MAX)) throw new RangeError(`factor must be 1 to ${FACTOR_MAX}`)
  if (
    !Number.isInteger(intervalSeconds) ||
    intervalSeconds < INTERVAL_SECONDS_MIN ||
    intervalSeconds > INTERVAL_SECONDS_MAX
  )
    throw new RangeError(`interval must be ${INTERVAL_SECONDS_MIN} to ${INTERVAL_SECONDS_MAX} whole seconds`)

  const startedAt = clock.now()
  const sender = createSender({ publish, clock, scheduler, changed })
  const live = createLive({
    estate,
    pace: estate.pace(intervalSeconds),
    clock,
    factor,
    startsAt: factor === 1 ? null : (options.startsAt ?? null),
    send: sender.live,
    waiting: () => sender.waiting,
  })
  const timers = new Set<() => void>()
  let running = false
  let past: Iterator<HistoryMessage> | null = null
  let total = 0
  let handed = 0
  let done = 0
  let toldProblem = false

  function every(ms: number, task: () => void) {
    const again = () => {
      timers.delete(forget)
      if (!running) return
      task()
      every(ms, task)
    }
    const forget = scheduler.after(ms, again)
    timers.add(forget)
  }

  function tick() {
    live.tick()
    tellPast()
  }

  /** As much of the past as there is room for. */
  function tellPast() {
    while (running && past && sender.hasRoom) {
      const { value: message, done: over } = past.next()
      if (over) {
        past = null
        return
      }
      const samples = message.upTo - handed
      handed = message.upTo
      sender.past(message, () => {
        done += samples
        progress?.({ done, total, from: message.from })
      })
    }
  }

  function changed() {
    if (!running) return
    tellPast()
    if ((sender.counts().problem !== null) !== toldProblem) tell()
  }

  function tell() {
    const counts = sender.counts()
    toldProblem = counts.problem !== null
    report({
      stage: 'generator',
      instance,
      at: clock.now(),
      started_at: startedAt,
      done: counts.done,
      failed: counts.dropped,
      dead_letters: 0,
      waiting: counts.waiting,
      lag_seconds: counts.lagSeconds,
      last_success_at: counts.lastSuccessAt,
      problem: counts.problem,
    })
  }

  return {
    start() {
      if (running) return
      running = true
      if (history) {
        total = historySamples(estate, history)
        past = historyOf(estate, history)
      }
      tell()
      tick()
      every(factor === 1 ? TICK_MS : FAST_TICK_MS, tick)
      every(STAGE_EVERY_MS, tell)
    },
    async stop() {
      if (!running) return
      running = false
      for (const forget of timers) forget()
      await sender.stop(STOP_MS)
    },
    inject(kind, resource, seconds) {
      // After all that was sent: so the next tick tells of it, and no sample is contradicted.
      const fault = estate.faults.inject(kind, resource, live.now() + 1, seconds)
      return fault && noticeOf(fault, false)
    },
  }
}
