/** Each minute: a heartbeat, a snapshot of the figures, and the removal of what is no longer kept. */
import type { Log } from '../../observability/logger.ts'
import { type Clock, MINUTE_MS } from '../../shared/clock.ts'
import type { FleetWriter } from '../commands.ts'
import type { KpiValue } from './commands.ts'
import { DAY_MS, EVENTS_MAX } from './kpi.ts'

export interface KpiClockOptions {
  writer: Pick<FleetWriter, 'submit'>
  clock: Clock
  log: Log
  /** Makes the figures of now. */
  figures: () => Promise<KpiValue[]>
  /** Told of each snapshot once it is kept. */
  onSnapshot: (values: readonly KpiValue[]) => void
}

/** More than the longest window that can be asked for. */
const KEEP_MS = 8 * DAY_MS
const PIECE_MAX = 5000
const PIECES_MAX = 20
/** Timers may fire a little before the wall clock is there: a heartbeat must land in the minute that begins. */
const AFTER_MINUTE_MS = 20

export function createKpiClock({ writer, clock, log, figures, onSnapshot }: KpiClockOptions) {
  let timer: NodeJS.Timeout | undefined
  let running = false
  let beating: Promise<void> | undefined
  let working: Promise<void> | undefined
  const failing = new Set<string>()

  /** Once for a series of failures: a full disk needs no line a minute. */
  async function attempt(what: string, work: () => Promise<unknown>) {
    try {
      await work()
      failing.delete(what)
    } catch (error) {
      if (!failing.has(what))
        log.error('storage_failed', `the ${what} failed`, { error: (error as Error).message })
      failing.add(what)
    }
  }

  async function snapshot() {
    const values = await figures()
    await writer.submit('take_snapshot', { values })
    onSnapshot(values)
  }

  async function prune() {
    for (let piece = 0; piece < PIECES_MAX; piece++) {
      const limits = { keepMs: KEEP_MS, eventsMax: EVENTS_MAX, pieceMax: PIECE_MAX }
      const { removed } = await writer.submit('prune_events', limits)
      if (removed < PIECE_MAX) return
    }
  }

  async function work() {
    await attempt('snapshot of the figures', snapshot)
    await attempt('removal of old events', prune)
  }

  async function minute() {
    const untilNext = MINUTE_MS - (clock.now() % MINUTE_MS) + AFTER_MINUTE_MS
    timer = setTimeout(() => void minute(), untilNext).unref()
    beating = attempt('heartbeat', () => writer.submit('heartbeat', {}))
    await beating
    if (!running) return
    // A snapshot that takes longer than its minute holds up the next snapshot, but no heartbeat.
    working ??= work().finally(() => {
      working = undefined
    })
    await working
  }

  return {
    /** The first minute now, then one at the start of each. */
    start() {
      running = true
      return minute()
    },
    /** Resolves when nothing is under way any more. */
    async stop() {
      running = false
      clearTimeout(timer)
      await beating
      await working
    },
  }
}
