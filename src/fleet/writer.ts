/** The fleet's only writer: what waits together is committed together, on a thread of its own. */
import { storageFailure } from '../db/failure.ts'
import { groupCommit } from '../db/group-commit.ts'
import { type OpenOptions, openDatabase } from '../db/open.ts'
import { startThread, type Thread } from '../db/thread.ts'
import type { Clock } from '../shared/clock.ts'
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

const GROUP_MAX = 1024
/** One more is refused, and its sender told so; the intake waits before that. */
export const WAITING_MAX = 40_000

export function createWriter({ database, options, clock, committed, inline }: WriterOptions): Writer {
  const thread = inline ? inlineThread(database, options) : startWriterThread(database, options)
  const commands = groupCommit<Command, Outcome>({
    groupMax: GROUP_MAX,
    waitingMax: WAITING_MAX,
    async commit(group) {
      const decided = await thread.call({ commands: group, at: clock.now() })
      committed(decided, group.length)
      return decided.outcomes
    },
  })
  return {
    get waiting() {
      return commands.waiting
    },
    async submit(kind, input) {
      const outcome = await commands.submit({ kind, input })
      if ('fault' in outcome) throw storageFailure(outcome.fault) ?? new Error(outcome.fault.message)
      return outcome.ok as never
    },
    async close() {
      await commands.drain()
      await thread.close()
    },
  }
}

const startWriterThread = (database: OpenOptions, options: DeciderOptions): Thread<Group, Decided> => {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
  return startThread(new URL(`./writer-thread${extension}`, import.meta.url), { database, options })
}

function inlineThread(database: OpenOptions, options: DeciderOptions): Thread<Group, Decided> {
  const db = openDatabase(database)
  const decide = fleetDecider(db, options)
  return {
    async call(group) {
      try {
        return decide(group)
      } catch (error) {
        throw storageFailure(error as Error) ?? error
      }
    },
    close: async () => void db.$client.close(),
  }
}
