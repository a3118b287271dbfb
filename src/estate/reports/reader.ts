/** Asks the thread that reads, one question at a time, and shares what it answered among those who ask the same. */
import type { OpenOptions } from '../../db/open.ts'
import { inlineThread, startThreadBeside, type Thread } from '../../db/thread.ts'
import type { Clock } from '../../shared/clock.ts'
import { Failure } from '../../shared/errors.ts'
import { type Answer, answersOn, type Question } from './answer.ts'
import type { BodyOf, Kind, QueryOf } from './reports.ts'

/** JSON, ready to be sent. */
export interface Answered {
  text: string
  /** Of a list with pages: how many rows there are. */
  total: number | null
}

export interface EstateReader {
  /** @throws Failure `invalid_request`, `overloaded` when too many questions wait, `storage_*`, `stopping` */
  answer<K extends Kind>(kind: K, query: QueryOf<K>): Promise<Answered>
  /** The same, as a value. */
  ask<K extends Kind>(kind: K, query: QueryOf<K>): Promise<BodyOf<K>>
  /** The database was changed: what was read before is not given any more. */
  changed(): void
  /** Questions that have no answer yet. */
  readonly waiting: number
  /** Answers what was asked, then closes. */
  close(): Promise<void>
}

export interface ReaderOptions {
  database: OpenOptions
  clock: Clock
  /** Read on the caller's thread: for tests that own the time. */
  inline: boolean
  /** Told how long each question took, with its wait, in seconds. */
  took?: (seconds: number) => void
}

const WAITING_MAX = 1000
/** Another program may change the database, and time goes on: nothing older is given. */
const KEPT_MS = 1000
const KEPT_MAX = 200
const KEPT_MAX_CHARACTERS = 16_000_000

interface Shared {
  answer: Promise<Answered>
  /** What was known to have changed when it was read; null: it waits still. */
  version: number | null
  /** Monotonic ms; null: there is no answer yet. */
  answeredAt: number | null
  size: number
}

export function createReader({ database, clock, inline, took = () => {} }: ReaderOptions): EstateReader {
  const thread: Thread<Question, Answer> = inline
    ? inlineThread(answersOn(database))
    : startThreadBeside(import.meta.url, 'reader-thread', database)
  const shared = new Map<string, Shared>()
  let version = 0
  let waiting = 0
  let kept = 0
  let isClosed = false
  let last: Promise<unknown> = Promise.resolve()

  const isGood = ({ version: read, answeredAt }: Shared): boolean =>
    read === null || (read === version && (answeredAt === null || clock.monotonic() - answeredAt < KEPT_MS))

  function forget(key: string, one: Shared) {
    if (shared.get(key) !== one) return
    shared.delete(key)
    kept -= one.size
  }

  /** The oldest go first. */
  function makeRoom() {
    for (const [key, one] of shared) {
      if (shared.size <= KEPT_MAX && kept <= KEPT_MAX_CHARACTERS) return
      if (one.answeredAt !== null) forget(key, one)
    }
  }

  /** The thread takes one call at a time. The time is that of the reading. */
  async function read(kind: Kind, query: unknown, one: Shared, before: Promise<unknown>): Promise<Answered> {
    await before
    one.version = version
    const answer = await thread.call({ kind, query, now: clock.now() })
    if (!('refused' in answer)) return answer
    const { field, message } = answer.refused
    throw new Failure('invalid_request', `The query is not valid: ${field}: ${message}`, {
      errors: [{ path: field, message }],
    })
  }

  function ask(key: string, kind: Kind, query: unknown): Promise<Answered> {
    const askedAt = clock.monotonic()
    const one: Shared = { answer: last as never, version: null, answeredAt: null, size: 0 }
    waiting++
    one.answer = read(kind, query, one, last)
    last = one.answer.then(
      ({ text }) => {
        waiting--
        one.answeredAt = clock.monotonic()
        took((one.answeredAt - askedAt) / 1000)
        if (shared.get(key) === one) {
          one.size = text.length
          kept += one.size
          makeRoom()
        }
      },
      () => {
        waiting--
        forget(key, one)
      },
    )
    const known = shared.get(key)
    if (known) forget(key, known)
    shared.set(key, one)
    return one.answer
  }

  async function answer(kind: Kind, query: unknown): Promise<Answered> {
    if (isClosed) throw new Failure('stopping', 'The server is stopping.')
    const key = `${kind} ${JSON.stringify(query)}`
    const known = shared.get(key)
    if (known && isGood(known)) return known.answer
    if (waiting >= WAITING_MAX)
      throw new Failure('overloaded', 'Too many questions wait to be read; try again soon.')
    return ask(key, kind, query)
  }

  return {
    answer,
    ask: async (kind, query) => JSON.parse((await answer(kind, query)).text),
    changed() {
      version++
    },
    get waiting() {
      return waiting
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await last
      await thread.close()
    },
  }
}
