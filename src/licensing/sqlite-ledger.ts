import { storageFailure } from '../db/failure.ts'
import { groupCommit } from '../db/group-commit.ts'
import { decidesOn, type Group } from '../db/group-decider.ts'
import { type OpenOptions, openDatabase } from '../db/open.ts'
import { inlineThread, startThreadBeside, type Thread } from '../db/thread.ts'
import type { Clock } from '../shared/clock.ts'
import type { Borrow, Command, Ledger, Outcome } from './ledger.ts'
import { createReports } from './report-store.ts'
import { type Decided, ledgerDecider } from './transaction.ts'

export interface SqliteLedgerOptions {
  database: OpenOptions
  clock: Clock
  /** Told of leases that ran out, after the commit. */
  onExpired: (borrows: Borrow[]) => void
  /** Decide on the caller's thread instead of one of its own. */
  inline?: boolean
}

const GROUP_MAX = 512
const WAITING_MAX = 20_000

/** The ledger in a SQLite file: one writer thread with group commit, one connection that reads. */
export function sqliteLedger({ database, clock, onExpired, inline = false }: SqliteLedgerOptions): Ledger {
  const thread: Thread<Group<Command>, Decided> = inline
    ? inlineThread(decidesOn(database, ledgerDecider))
    : startThreadBeside(import.meta.url, 'ledger-thread', database)
  const reader = openDatabase({ ...database, readonly: true })
  const commands = groupCommit<Command, Outcome>({
    groupMax: GROUP_MAX,
    waitingMax: WAITING_MAX,
    async commit(group) {
      const { outcomes, expired } = await thread.call({ commands: group, at: clock.now() })
      if (expired.length > 0) onExpired(expired)
      return outcomes
    },
  })
  return {
    ...createReports(reader),
    get waiting() {
      return commands.waiting
    },
    async submit(command) {
      const outcome = await commands.submit(command)
      if (outcome.kind === 'fault') throw storageFailure(outcome) ?? new Error(outcome.message)
      return outcome as never
    },
    async close() {
      await commands.drain()
      await thread.close()
      reader.$client.close()
    },
  }
}
