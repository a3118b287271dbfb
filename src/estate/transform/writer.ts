/** The estate's only writer, on a thread of its own. */
import { createDurableWriter, type Writer } from '../../db/durable-writer.ts'
import type { Group } from '../../db/group-decider.ts'
import type { OpenOptions } from '../../db/open.ts'
import { inlineThread, startThreadBeside } from '../../db/thread.ts'
import type { Clock } from '../../shared/clock.ts'
import type { EstateCommands } from '../commands.ts'
import { type Command, type Decided, estateDeciding } from './decider.ts'
import type { TransformSettings } from './settings.ts'

export interface WriterOptions {
  database: OpenOptions
  settings: TransformSettings
  clock: Clock
  /** Decide on the caller's thread: for tests that own the time. */
  inline: boolean
}

export type EstateWriter = Writer<EstateCommands>

/** Objects are large: a few in one transaction share its cost, more would only hold up those who wait. */
const GROUP_MAX = 8
const WAITING_MAX = 1000

export function createWriter({ database, settings, clock, inline }: WriterOptions): EstateWriter {
  const data = { database, settings }
  return createDurableWriter<EstateCommands, Decided>({
    thread: inline
      ? inlineThread(estateDeciding(data))
      : startThreadBeside<Group<Command>, Decided>(import.meta.url, 'writer-thread', data),
    clock,
    committed: () => {},
    keepsOrder: () => false,
    groupMax: GROUP_MAX,
    waitingMax: WAITING_MAX,
  })
}
