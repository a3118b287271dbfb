import type { Ledger } from './ledger.ts'

/** Resolves when a borrow may go on, or rejects with its failure; null when nothing is in the way. */
export type Gate = () => Promise<void> | null

/** A ledger with something in front of its borrows. */
export function gatedLedger(ledger: Ledger, gate: Gate): Ledger {
  const gated: Ledger = Object.create(ledger)
  gated.submit = command => {
    const opened = command.kind === 'borrow' ? gate() : null
    return opened ? opened.then(() => ledger.submit(command)) : ledger.submit(command)
  }
  return gated
}
