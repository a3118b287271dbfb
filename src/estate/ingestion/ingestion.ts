/** From the broker to the lake: a message is taken when all of it is durable there. */
import type { Message, Receive } from '../../mqtt/link.ts'
import type { Clock } from '../../shared/clock.ts'
import { Failure } from '../../shared/errors.ts'
import { newId } from '../../shared/id.ts'
import type { Lake, LakeProblem } from '../lake/lake.ts'
import type { StageFigures } from '../stage-reporter.ts'
import { createBatchWriter } from './batch-writer.ts'
import type { IngestionObserver } from './observer.ts'
import { createQueue, type Limits, type Ticket, type Waiting } from './queue.ts'
import { readMessage } from './read-message.ts'

export interface IngestionOptions {
  lake: Pick<Lake, 'put'>
  clock: Clock
  /** Resolves after so many ms. */
  wait: (ms: number) => Promise<void>
  /** Told the name of each object that is durable: the transformer in this process need not look for it. */
  told: (key: string) => void
  observer: IngestionObserver
  /** Told when the ingestion fails, and when it goes on: a reporter says so at once. */
  changed?: () => void
  /** Of this process in the names of objects, 1 to 16 of a to z and 0 to 9. Left out: chosen by chance. */
  run?: string
  /** How long the first line of a batch waits for others, in ms. */
  flushMs?: number
  /** Of a batch. */
  limits?: Limits
  /** Samples that may wait for the lake; more are refused: their senders keep them. */
  waitingMax?: number
}

export interface Ingestion {
  /** Resolves when every sample of it is durable. @throws Failure `overloaded` or `stopping`: its sender keeps it */
  receive: Receive
  /** For reports: `done` and `waiting` are samples, `failed` attempts to write. */
  figures(): StageFigures
  /** Takes no more, writes what it has for up to 5 s, refuses the rest. */
  stop(): Promise<void>
}

const FLUSH_MS = 2000
const LIMITS: Limits = { lines: 5000, size: 2_000_000, partitions: 200 }
const WAITING_MAX = 200_000
/** Of text, in characters: large samples fill the memory before there are many. */
const WAITING_SIZE_MAX = 128_000_000
const STOP_MS = 5000

export const lakeSentences: Record<LakeProblem, string> = {
  full: 'The lake is full.',
  denied: 'The lake refuses to be written.',
  away: 'The lake cannot be reached.',
  missing: 'The folder or the bucket of the lake is gone.',
  slow: 'The lake does not answer in time.',
  failed: 'The lake fails.',
}

export function createIngestion(options: IngestionOptions): Ingestion {
  const { lake, clock, wait, told, observer, changed = () => {}, run = newId().slice(0, 8) } = options
  const { flushMs = FLUSH_MS, limits = LIMITS, waitingMax = WAITING_MAX } = options
  const queue = createQueue()
  let done = 0
  let deadLetters = 0
  let lastSuccessAt: number | null = null
  /** Lines and characters that are not durable, with those of the batch under way. */
  let waiting = 0
  let size = 0
  /** When the oldest of the batch under way came. */
  let since: number | null = null
  let isStopping = false
  let isOver = false
  let running: Promise<void> | null = null
  let wake: () => void = () => {}

  const writer = createBatchWriter({ lake, clock, wait, run, observer, written, changed })

  function written(key: string, lines: readonly Waiting[]) {
    lastSuccessAt = clock.now()
    const dead = new Map<Waiting['reason'], number>()
    for (const line of lines) {
      dead.set(line.reason, (dead.get(line.reason) ?? 0) + 1)
      leave(line)
      if (--line.ticket.left === 0) line.ticket.taken()
    }
    done += lines.length
    for (const [reason, count] of dead) {
      const { kind } = lines[0] as Waiting
      if (reason !== null) {
        deadLetters += count
        observer.deadLetters(reason, count)
      } else if (kind !== 'dead') observer.samples(kind, count)
    }
    told(key)
  }

  function leave({ text }: Waiting) {
    waiting--
    size -= text.length
  }

  function refuse(lines: Iterable<Waiting>) {
    for (const line of lines) {
      leave(line)
      line.ticket.refused(new Failure('stopping', 'The ingestion stopped before this was durable.'))
    }
  }

  const isFull = () => queue.length >= limits.lines || queue.size >= limits.size

  /** One batch at a time; the next gathers meanwhile. */
  async function work() {
    while (queue.since !== null) {
      const rest = flushMs - (clock.monotonic() - queue.since)
      if (rest > 0 && !isFull() && !isStopping) {
        const woken = new Promise<void>(resolve => {
          wake = resolve
        })
        await Promise.race([wait(rest), woken])
      }
      since = queue.since
      const batch = queue.take(limits)
      refuse(isOver ? [...batch.values()].flat() : await writer.write(batch))
      since = null
    }
    running = null
  }

  return {
    async receive(message: Message) {
      if (isStopping) throw new Failure('stopping', 'The ingestion is stopping.')
      if (waiting >= waitingMax || size >= WAITING_SIZE_MAX)
        throw new Failure('overloaded', `${waiting} samples are waiting for the lake already.`)
      const lines = readMessage(message, clock.now())
      const now = clock.monotonic()
      await new Promise<void>((taken, refused) => {
        const ticket: Ticket = { left: lines.length, taken, refused }
        for (const line of lines) {
          queue.add({ ...line, ticket, since: now })
          waiting++
          size += line.text.length
        }
        running ??= work()
        if (isFull()) wake()
      })
    },
    figures() {
      const oldest = since ?? queue.since
      const { problem } = writer
      return {
        done,
        failed: writer.failures,
        dead_letters: deadLetters,
        waiting,
        lag_seconds: oldest === null ? 0 : Math.max(0, clock.monotonic() - oldest) / 1000,
        last_success_at: lastSuccessAt,
        problem: problem && lakeSentences[problem],
      }
    },
    async stop() {
      isStopping = true
      wake()
      if (!running) return
      await Promise.race([running, wait(STOP_MS)])
      isOver = true
      writer.giveUp()
      await running
    },
  }
}
