/** From the broker to the writer: a message is taken when it is durable, however long that takes. */
import type { Message } from '../mqtt/link.ts'
import type { Clock } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import type { FleetWriter } from './commands.ts'
import type { Arrival, Fate } from './telemetry/commands.ts'
import { PAYLOAD_MAX } from './telemetry/read-message.ts'

export interface IntakeOptions {
  writer: FleetWriter
  clock: Clock
  /** Told of each message that is durable. */
  taken: (fate: Fate, arrival: Arrival) => void
  /** Told when the disk fails, and when it takes again. */
  blocked: (error: Error | null) => void
  /** Resolves after so many ms. */
  wait: (ms: number) => Promise<void>
  waitingMax?: number
}

export interface Intake {
  receive(message: Message): Promise<void>
  /** Messages that are not durable yet. */
  readonly waiting: number
  stop(): void
}

/** More are refused: their senders keep them. */
const WAITING_MAX = 30_000
const RETRY_MIN_MS = 100
const RETRY_MAX_MS = 5000
/** A longer payload is not carried to the writer: its beginning is enough to set it aside. */
const CARRIED_MAX = PAYLOAD_MAX + 1

export function createIntake(options: IntakeOptions): Intake {
  const { writer, clock, taken, blocked, wait, waitingMax = WAITING_MAX } = options
  let waiting = 0
  let stopped = false
  let retryMs = RETRY_MIN_MS
  /** While the disk fails, all wait for the same moment. */
  let pause: Promise<void> | null = null

  function pauseFor(error: Error): Promise<void> {
    if (pause) return pause
    if (retryMs === RETRY_MIN_MS) blocked(error)
    pause = wait(retryMs).then(() => {
      pause = null
    })
    retryMs = Math.min(retryMs * 2, RETRY_MAX_MS)
    return pause
  }

  async function write(arrival: Arrival): Promise<Fate> {
    for (;;) {
      // Nobody goes ahead of those who wait: what a vehicle says keeps its order.
      while (pause) await pause
      try {
        const fate = await writer.submit('arrive', arrival)
        if (retryMs !== RETRY_MIN_MS) {
          retryMs = RETRY_MIN_MS
          blocked(null)
        }
        return fate
      } catch (error) {
        if (!(error instanceof Failure))
          return await writer.submit('set_aside', { arrival, detail: String(error) })
        if (!error.reason.startsWith('storage_') || stopped) throw error
        await pauseFor(error)
      }
    }
  }

  return {
    get waiting() {
      return waiting
    },
    async receive({ topic, payload }) {
      if (waiting >= waitingMax)
        throw new Failure('overloaded', `${waitingMax} messages are waiting already.`)
      waiting++
      try {
        const text =
          payload.length > CARRIED_MAX ? payload.toString('latin1', 0, CARRIED_MAX) : payload.toString()
        const arrival = { topic, payload: text, receivedAt: clock.now() }
        taken(await write(arrival), arrival)
      } finally {
        waiting--
      }
    },
    stop() {
      stopped = true
    },
  }
}
