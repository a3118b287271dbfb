/** Keeps events that were measured here: in batches, and without making a request wait. */
import type { Log } from '../../observability/logger.ts'
import type { Clock } from '../../shared/clock.ts'
import { Failure } from '../../shared/errors.ts'
import type { FleetWriter } from '../commands.ts'
import type { NewEvent } from './commands.ts'

/** A request that was answered. */
export type MeasuredEvent = Omit<NewEvent, 'happenedAt' | 'source' | 'key'>

export interface EventRecorder {
  /** Never waits and never throws: an event for which there is no room is dropped and counted. */
  record(event: MeasuredEvent): void
  /** Resolves when what was recorded so far is durable, or could not be. */
  flush(): Promise<void>
  /** Flushes once more; what cannot be kept is dropped. */
  stop(): Promise<void>
  readonly waiting: number
  readonly recorded: number
  readonly dropped: number
}

const QUEUE_MAX = 10_000
const BATCH_MAX = 500
const EVERY_MS = 200

export interface EventRecorderOptions {
  writer: Pick<FleetWriter, 'submit'>
  clock: Clock
  log: Log
}

export function createEventRecorder({ writer, clock, log }: EventRecorderOptions): EventRecorder {
  const queue: NewEvent[] = []
  let timer: NodeJS.Timeout | undefined
  let flushing: Promise<void> | undefined
  let stopped = false
  let wasFailing = false
  let recorded = 0
  let dropped = 0

  async function write(): Promise<void> {
    while (queue.length > 0) {
      const events = queue.slice(0, BATCH_MAX)
      try {
        await writer.submit('record_events', { events })
        recorded += events.length
        wasFailing = false
      } catch (error) {
        // Once for a series of failures: a full disk needs no line for each batch.
        if (!wasFailing)
          log.error('storage_failed', 'measured events were not kept', { error: (error as Error).message })
        wasFailing = true
        // What the store refused can be tried again; what is a fault of ours would fail forever.
        if (error instanceof Failure) return
        dropped += events.length
      }
      queue.splice(0, events.length)
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    flushing ??= write().finally(() => {
      flushing = undefined
      if (queue.length > 0 && !stopped) later()
    })
    return flushing
  }

  function later() {
    timer ??= setTimeout(() => void flush(), EVERY_MS).unref()
  }

  return {
    record(event) {
      if (stopped || queue.length >= QUEUE_MAX) {
        dropped++
        return
      }
      queue.push({ ...event, happenedAt: clock.now(), source: 'measured', key: null })
      if (queue.length >= BATCH_MAX && !wasFailing) void flush()
      else if (!flushing) later()
    },
    flush,
    async stop() {
      stopped = true
      await flushing
      await flush()
      dropped += queue.length
      queue.length = 0
    },
    get waiting() {
      return queue.length
    },
    get recorded() {
      return recorded
    },
    get dropped() {
      return dropped
    },
  }
}
