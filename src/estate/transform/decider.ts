/** How the estate's commands are decided: objects that wait together share one working set and one commit. */
import type * as writing from '../../db/durable-writer.ts'
import { decidesOn, type Group, groupDecider } from '../../db/group-decider.ts'
import type { Db, OpenOptions } from '../../db/open.ts'
import type { EstateCommands } from '../commands.ts'
import { createTransform } from './handlers.ts'
import type { TransformSettings } from './settings.ts'

export type Command = writing.Command<EstateCommands>
export interface Decided {
  /** In the order of the commands. */
  outcomes: writing.Outcome<EstateCommands>[]
}

/**
 * A function that decides groups on one connection.
 * @throws SqliteError when nothing was committed
 */
export function estateDecider(db: Db, settings: TransformSettings): (group: Group<Command>) => Decided {
  const { handlers, set } = createTransform(db, settings)
  return groupDecider<Command, Decided>(db, {
    // An object that is taken twice changes nothing, so whoever waits for one submits it again.
    inOrder: false,
    decide({ commands, at }) {
      set.drop()
      const outcomes = commands.map(({ kind, input }) => {
        if (kind !== 'take_object') set.flush(at)
        return { ok: handlers[kind](input as never, at) }
      })
      set.flush(at)
      return { outcomes }
    },
    broken: fault => ({ outcomes: [{ fault }] }),
  })
}

/** What decides the estate's groups in a thread, or on the caller's. */
export const estateDeciding = ({
  database,
  settings,
}: {
  database: OpenOptions
  settings: TransformSettings
}) => decidesOn(database, db => estateDecider(db, settings))
