/** What is decided of a group of commands, together with the leases that ran out by then. */
import { type Group, groupDecider } from '../db/group-decider.ts'
import type { Db } from '../db/open.ts'
import { decide } from './decide.ts'
import { expireDue } from './expire.ts'
import type { Borrow, Command, Outcome } from './ledger.ts'
import { createStore, type Store } from './store.ts'
import { minuteOf } from './usage.ts'
import { workingSet } from './working-set.ts'

const ANSWERS_KEPT_MS = 24 * 3600_000
const FORGOTTEN_AT_ONCE = 1000

export interface Decided {
  outcomes: Outcome[]
  /** Borrows whose lease ran out: they ended before the commands were decided. */
  expired: Borrow[]
}

/**
 * A function that decides groups on one connection.
 * @throws SqliteError when nothing was committed
 */
export function ledgerDecider(db: Db): (group: Group<Command>) => Decided {
  const store = createStore(db)
  return groupDecider<Command, Decided>(db, {
    decide: group => decideGroup(store, group),
    broken: fault => ({ outcomes: [{ kind: 'fault', ...fault }], expired: [] }),
    inOrder: false,
  })
}

function decideGroup(store: Store, { commands, at }: Group<Command>): Decided {
  const state = store.state()
  // The time belongs to the transaction, and never goes back, not even over a restart.
  const now = Math.max(at, state.lastAt)
  const borrows = new Map<string, Borrow>()
  const tools = new Set<string>()
  const answers = []
  for (const borrow of store.dueBorrows(now)) borrows.set(borrow.id, borrow)
  for (const command of commands) {
    if (command.kind === 'borrow') {
      tools.add(command.tool)
      if (command.requestKey) answers.push(store.answer(command.requestKey.key))
    } else if (command.kind === 'configure') tools.add(command.settings.tool)
    else if (command.kind === 'sweep') store.forgetAnswers(now - ANSWERS_KEPT_MS, FORGOTTEN_AT_ONCE)
    else if (!borrows.has(command.id)) {
      const borrow = store.borrow(command.id)
      if (borrow) borrows.set(borrow.id, borrow)
    }
  }
  for (const borrow of borrows.values()) tools.add(borrow.tool)

  const set = workingSet({
    now,
    lastRow: store.lastRow(),
    pools: Array.from(tools, store.pool).filter(isPresent),
    borrows: borrows.values(),
    answers: answers.filter(isPresent),
    usage: Array.from(tools, tool => store.usage(tool, minuteOf(now))).filter(isPresent),
    settingsRevision: state.settingsRevision,
  })
  const expired = expireDue(set)
  const outcomes = commands.map(command => decide(set, command))
  store.save(set)
  return { outcomes, expired }
}

const isPresent = <T>(value: T | undefined): value is T => value !== undefined
