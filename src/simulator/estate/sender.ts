/**
 * Sends what is live first and history when nothing live waits. What fails is tried again, later and later; what the
 * broker has is forgotten. Live samples beyond a bound are dropped, the oldest first.
 */
import type { Clock } from '../../shared/clock.ts'
import type { Scheduler } from '../vehicles/scheduler.ts'
import type { Message } from './batches.ts'

/** Resolves when the broker has it. */
export type Publish = (topic: string, payload: string) => Promise<void>

/** Samples. */
export const LIVE_MAX = 20_000
/** Messages of either lane that are sent and not acknowledged. */
export const UNDER_WAY_MAX = 24
const AGAIN_FIRST_MS = 500
const AGAIN_MOST_MS = 15_000
/** When nothing was acknowledged for so long, something is wrong. */
const SLOW_MS = 15_000

interface Waiting {
  message: Message
  /** In which order they came. */
  order: number
  /** By the monotonic clock. */
  since: number
  taken: () => void
}

interface Lane {
  queue: Waiting[]
  underWay: Set<Waiting>
}

export interface Sender {
  live(message: Message): void
  /** Whether history may be handed over now: there is room, and nothing live waits. */
  readonly hasRoom: boolean
  /** @param taken called when the broker has it */
  past(message: Message, taken: () => void): void
  /** Live samples that wait or are under way. */
  readonly waiting: number
  counts(): SenderCounts
  /** Resolves when nothing is under way, at the latest after so many ms; nothing more is begun. */
  stop(withinMs: number): Promise<void>
}
export interface SenderCounts {
  /** Samples that the broker has, and that were dropped. */
  done: number
  dropped: number
  /** Samples that wait or are under way, history with them. */
  waiting: number
  lagSeconds: number
  /** Unix ms. */
  lastSuccessAt: number | null
  problem: string | null
}

export interface SenderOptions {
  publish: Publish
  clock: Clock
  scheduler: Pick<Scheduler, 'after'>
  /** Told when there may be room for history, and when sending fails or goes on. */
  changed: () => void
}

export function createSender({ publish, clock, scheduler, changed }: SenderOptions): Sender {
  const live: Lane = { queue: [], underWay: new Set() }
  const past: Lane = { queue: [], underWay: new Set() }
  let orders = 0
  let waiting = 0
  let done = 0
  let dropped = 0
  let failures = 0
  let why: string | null = null
  let resting = false
  let stopped = false
  let lastSuccessAt: number | null = null
  let emptied: (() => void) | null = null

  function pump() {
    if (stopped || resting) return
    for (const lane of [live, past])
      while (lane.queue.length > 0 && lane.underWay.size < UNDER_WAY_MAX) void send(lane)
  }

  async function send(lane: Lane) {
    const entry = lane.queue.shift() as Waiting
    lane.underWay.add(entry)
    let error: Error | null = null
    try {
      await publish(entry.message.topic, entry.message.payload)
    } catch (thrown) {
      error = thrown as Error
    }
    lane.underWay.delete(entry)
    if (error) failed(lane, entry, error)
    else succeeded(lane, entry)
    if (live.underWay.size + past.underWay.size === 0) emptied?.()
  }

  function succeeded(lane: Lane, { message, taken }: Waiting) {
    failures = 0
    why = null
    done += message.samples
    if (lane === live) waiting -= message.samples
    lastSuccessAt = clock.now()
    taken()
    pump()
    changed()
  }

  function failed(lane: Lane, entry: Waiting, error: Error) {
    const later = lane.queue.findIndex(({ order }) => order > entry.order)
    lane.queue.splice(later === -1 ? lane.queue.length : later, 0, entry)
    why = error.message.slice(0, 150)
    bound()
    if (!resting && !stopped) {
      resting = true
      const restMs = Math.min(AGAIN_MOST_MS, AGAIN_FIRST_MS * 2 ** Math.min(failures++, 10))
      scheduler.after(restMs, () => {
        resting = false
        pump()
      })
    }
    changed()
  }

  function bound() {
    while (waiting > LIVE_MAX && live.queue.length > 0) {
      const { message } = live.queue.shift() as Waiting
      waiting -= message.samples
      dropped += message.samples
    }
  }

  /** Since when the oldest waits. */
  function oldest(): number | null {
    let since: number | null = null
    for (const { queue, underWay } of [live, past])
      for (const entry of [queue[0], underWay.values().next().value])
        if (entry && (since === null || entry.since < since)) since = entry.since
    return since
  }

  return {
    get hasRoom() {
      return (
        !stopped &&
        !resting &&
        live.queue.length === 0 &&
        past.queue.length + past.underWay.size < UNDER_WAY_MAX
      )
    },
    get waiting() {
      return waiting
    },
    live(message) {
      waiting += message.samples
      live.queue.push({ message, order: orders++, since: clock.monotonic(), taken: () => {} })
      bound()
      pump()
    },
    past(message, taken) {
      past.queue.push({ message, order: orders++, since: clock.monotonic(), taken })
      pump()
    },
    counts() {
      const since = oldest()
      const lagMs = since === null ? 0 : Math.max(0, clock.monotonic() - since)
      const slow = lagMs > SLOW_MS ? `nothing was acknowledged for ${Math.floor(lagMs / 1000)} s` : null
      const inPast = [...past.queue, ...past.underWay].reduce((sum, { message }) => sum + message.samples, 0)
      return {
        done,
        dropped,
        waiting: waiting + inPast,
        lagSeconds: lagMs / 1000,
        lastSuccessAt,
        problem: why === null ? slow : `the broker takes nothing: ${why}`,
      }
    },
    async stop(withinMs) {
      stopped = true
      if (live.underWay.size + past.underWay.size === 0) return
      await new Promise<void>(resolve => {
        const forget = scheduler.after(withinMs, resolve)
        emptied = () => {
          forget()
          resolve()
        }
      })
    },
  }
}
