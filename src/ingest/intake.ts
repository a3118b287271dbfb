/** From the broker to a writer: a message is taken when it is durable, however long that takes. */
import type { Message } from '../mqtt/link.ts'
import type { Clock } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'

/** A message as it came from the broker. */
export interface Arrival {
  topic: string
  payload: string
  /** When it came, Unix ms. */
  receivedAt: number
}

/** `Fate`: what became of a message. */
export interface IntakeOptions<Fate> {
  clock: Clock
  /** Decides it durably. @throws Failure `storage_*`: it is tried again; any other error: it is set aside */
  write: (arrival: Arrival) => Promise<Fate>
  /** Keeps a message that `write` broke on. */
  setAside: (arrival: Arrival, detail: string) => Promise<Fate>
  /** Told of each message that is durable. */
  taken: (fate: Fate, arrival: Arrival) => void
  /** Told when the disk fails, and when it takes again. */
  blocked: (error: Error | null) => void
  /** Resolves after so many ms. */
  wait: (ms: number) => Promise<void>
  /** A longer payload is not carried to the writer: its first `payloadMax` + 1 bytes are enough to set it aside. */
  payloadMax: number
  /** More are refused: their senders keep them. */
  waitingMax?: number
}

export interface Intake {
  /** Resolves when it is durable. @throws Failure `overloaded`, or what the storage failed with when the server stops */
  receive(message: Message): Promise<void>
  /** Messages that are not durable yet. */
  readonly waiting: number
  stop(): void
}

const WAITING_MAX = 30_000
const RETRY_MIN_MS = 100
const RETRY_MAX_MS = 5000

export function createIntake<Fate>(options: IntakeOptions<Fate>): Intake {
  const { write, setAside, clock, taken, blocked, wait, payloadMax, waitingMax = WAITING_MAX } = options
  const carriedMax = payloadMax + 1
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

  async function keep(arrival: Arrival): Promise<Fate> {
    for (;;) {
      // Nobody goes ahead of those who wait: what a device says keeps its order.
      while (pause) await pause
      try {
        const fate = await write(arrival)
        if (retryMs !== RETRY_MIN_MS) {
          retryMs = RETRY_MIN_MS
          blocked(null)
        }
        return fate
      } catch (error) {
        if (!(error instanceof Failure)) return await setAside(arrival, String(error))
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
          payload.length > carriedMax ? payload.toString('latin1', 0, carriedMax) : payload.toString()
        const arrival = { topic, payload: text, receivedAt: clock.now() }
        taken(await keep(arrival), arrival)
      } finally {
        waiting--
      }
    },
    stop() {
      stopped = true
    },
  }
}
