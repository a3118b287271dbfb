/** Each minute: a heartbeat, a snapshot of the figures, and the removal of what is no longer kept. */
import { loggedFailures } from '../../observability/failure-series.ts'
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
  const series = loggedFailures(log, 'storage_failed')
  let timer: NodeJS.Timeout | undefined
  let running = false
  let beating: Promise<unknown> | undefined
  let working: Promise<void> | undefined

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
    await series.attempt('the snapshot of the figures failed', snapshot)
    await series.attempt('the removal of old events failed', prune)
  }

  async function minute() {
    const untilNext = MINUTE_MS - (clock.now() % MINUTE_MS) + AFTER_MINUTE_MS
    timer = setTimeout(() => void minute(), untilNext).unref()
    beating = series.attempt('the heartbeat failed', () => writer.submit('heartbeat', {}))
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
