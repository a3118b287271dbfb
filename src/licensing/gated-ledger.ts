import type { Command, Ledger, OutcomeOf } from './ledger.ts'

/** What stands around the ledger. Where a function answers null, nothing is in the way. */
export interface Disturbance {
  /** Resolves when a borrow may go on to be decided, or rejects with its failure. */
  beforeBorrow(): Promise<void> | null
  /** What is done when a seat of a tool has come back, before its answer. */
  afterReturn(): ((tool: string) => Promise<void>) | null
}

/** A ledger with something around its borrows and returns. */
export function gatedLedger(ledger: Ledger, disturbance: Disturbance): Ledger {
  function borrow<C extends Command>(command: C): Promise<OutcomeOf[C['kind']]> {
    const opened = disturbance.beforeBorrow()
    return opened ? opened.then(() => ledger.submit(command)) : ledger.submit(command)
  }

  async function giveBack<C extends Command>(command: C): Promise<OutcomeOf[C['kind']]> {
    const outcome = await ledger.submit(command)
    if (outcome.kind === 'returned') await disturbance.afterReturn()?.(outcome.borrow.tool)
    return outcome
  }

  const gated: Ledger = Object.create(ledger)
  gated.submit = command => {
    if (command.kind === 'borrow') return borrow(command)
    if (command.kind === 'return' && disturbance.afterReturn()) return giveBack(command)
    return ledger.submit(command)
  }
  return gated
}
