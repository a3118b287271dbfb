/** One group of commands, decided together in one immediate transaction. */
import { codeOf, storageFailure } from './failure.ts'
import { fileGuard } from './file-guard.ts'
import { type Db, type OpenOptions, openDatabase } from './open.ts'
import type { Served } from './thread.ts'

export interface Group<Command> {
  commands: Command[]
  /** The time at which the group was sent, Unix ms. */
  at: number
}

/** What broke a command that was alone in its transaction: for the log. */
export interface Fault {
  message: string
  /** SQLite's, if it had one. */
  code: string | undefined
}

/** What is decided is an object of lists, so that what was decided one by one can be put together again. */
type Lists<T> = { [K in keyof T]: unknown[] }

export interface GroupDeciding<Command, Decided> {
  /** Decides all of them, inside the transaction. */
  decide(group: Group<Command>): Decided
  /** What is decided of one command that broke. */
  broken(fault: Fault): Decided
  /**
   * true: nothing may go ahead of what came before it, so a storage that fails on the way fails the whole group, and
   * nothing else does. false: each command stands for itself; what breaks a group of one is thrown.
   */
  inOrder: boolean
}

/**
 * A function that decides groups on one connection. If something other than the storage fails, each command is decided
 * alone, so that the one that breaks does not take the others down with it.
 * @throws SqliteError when nothing was committed, or nothing of it may be acknowledged
 */
export function groupDecider<Command, Decided extends Lists<Decided>>(
  db: Db,
  { decide, broken, inOrder }: GroupDeciding<Command, Decided>,
): (group: Group<Command>) => Decided {
  const inTransaction = db.$client.transaction(decide).immediate
  const fileIsOurs = fileGuard(db.$client.name)

  function alone(command: Command, at: number): Decided {
    try {
      return inTransaction({ commands: [command], at })
    } catch (error) {
      if (inOrder && storageFailure(error as Error)) throw error
      return broken({ message: (error as Error).message, code: codeOf(error) })
    }
  }

  return group => {
    fileIsOurs()
    try {
      return inTransaction(group)
    } catch (error) {
      if (storageFailure(error as Error) || (!inOrder && group.commands.length === 1)) throw error
      return together(group.commands.map(command => alone(command, group.at)))
    }
  }
}

function together<Decided extends Lists<Decided>>([first, ...more]: Decided[]): Decided {
  const all = { ...first } as Decided
  for (const decided of more) for (const name in all) all[name].push(...decided[name])
  return all
}

/** Decides groups on a connection of its own: for a thread, or for the caller's. */
export function decidesOn<G, D>(database: OpenOptions, decider: (db: Db) => (group: G) => D): Served<G, D> {
  const db = openDatabase(database)
  return { handle: decider(db), close: () => void db.$client.close() }
}
