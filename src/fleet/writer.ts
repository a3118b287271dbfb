/** The fleet's only writer: what waits together is committed together, on a thread of its own. */
import { storageFailure } from '../db/failure.ts'
import { groupCommit } from '../db/group-commit.ts'
import { type OpenOptions, openDatabase } from '../db/open.ts'
import { inlineThread, startThreadBeside, type Thread } from '../db/thread.ts'
import type { Clock } from '../shared/clock.ts'
import { Failure } from '../shared/errors.ts'
import type { FleetWriter } from './commands.ts'
import {
  type Command,
  type Decided,
  type DeciderOptions,
  fleetDecider,
  type Group,
  type Outcome,
} from './decider.ts'

export interface WriterOptions {
  database: OpenOptions
  options: DeciderOptions
  clock: Clock
  /** Told what was decided, after the commit. */
  committed: (decided: Decided, commands: number) => void
  /** Decide on the caller's thread: for tests that own the time. */
  inline: boolean
}

export interface Writer extends FleetWriter {
  /** Commands that wait for the disk. */
  readonly waiting: number
  close(): Promise<void>
}

interface Queued extends Command {
  /** The newest failure when it was submitted. */
  after: Failure | null
}
interface Left {
  left: Failure
}

const GROUP_MAX = 1024
/** One more is refused, and its sender told so; the intake waits before that. */
const WAITING_MAX = 40_000

export function createWriter({ database, options, clock, committed, inline }: WriterOptions): Writer {
  const thread: Thread<Group, Decided> = inline
    ? writerInline(database, options)
    : startThreadBeside(import.meta.url, 'writer-thread', { database, options })
  /** The newest failure of the disk. */
  let failure: Failure | null = null

  async function decide(commands: Command[]): Promise<Outcome[]> {
    try {
      const decided = await thread.call({ commands, at: clock.now() })
      committed(decided, commands.length)
      return decided.outcomes
    } catch (error) {
      if (error instanceof Failure) failure = error
      throw error
    }
  }

  const commands = groupCommit<Queued, Outcome | Left>({
    groupMax: GROUP_MAX,
    waitingMax: WAITING_MAX,
    async commit(group) {
      // A message that queued behind a group that failed fails with it: else it would go ahead of what came before it.
      const isLeft = group.map(({ kind, after }) => kind === 'arrive' && after !== failure)
      const tried = group.filter((_, index) => !isLeft[index])
      const outcomes = tried.length > 0 ? await decide(tried.map(({ kind, input }) => ({ kind, input }))) : []
      return isLeft.map(left => (left ? { left: failure as Failure } : (outcomes.shift() as Outcome)))
    },
  })
  return {
    get waiting() {
      return commands.waiting
    },
    async submit(kind, input) {
      const outcome = await commands.submit({ kind, input, after: failure })
      if ('left' in outcome) throw outcome.left
      if ('fault' in outcome) throw storageFailure(outcome.fault) ?? new Error(outcome.fault.message)
      return outcome.ok as never
    },
    async close() {
      await commands.drain()
      await thread.close()
    },
  }
}

function writerInline(database: OpenOptions, options: DeciderOptions): Thread<Group, Decided> {
  const db = openDatabase(database)
  return inlineThread({ handle: fleetDecider(db, options), close: () => void db.$client.close() })
}
