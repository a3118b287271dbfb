/** The fleet's only writer, on a thread of its own. */
import { createDurableWriter } from '../db/durable-writer.ts'
import type { Group } from '../db/group-decider.ts'
import type { OpenOptions } from '../db/open.ts'
import { inlineThread, startThreadBeside } from '../db/thread.ts'
import type { Clock } from '../shared/clock.ts'
import type { FleetCommands } from './commands.ts'
import { type Command, type Decided, type DeciderOptions, fleetDeciding } from './decider.ts'

export interface WriterOptions {
  database: OpenOptions
  options: DeciderOptions
  clock: Clock
  /** Told what was decided, after the commit. */
  committed: (decided: Decided, commands: number) => void
  /** Decide on the caller's thread: for tests that own the time. */
  inline: boolean
}

export function createWriter({ database, options, clock, committed, inline }: WriterOptions) {
  return createDurableWriter<FleetCommands, Decided>({
    thread: inline
      ? inlineThread(fleetDeciding({ database, options }))
      : startThreadBeside<Group<Command>, Decided>(import.meta.url, 'writer-thread', { database, options }),
    clock,
    committed,
    keepsOrder: kind => kind === 'arrive',
  })
}
