import type { Ledger } from './ledger.ts'

/**
 * A ledger with something in front of its borrows.
 * @param gate resolves when the borrow may go on; what it throws is the borrow's failure
 */
export function gatedLedger(ledger: Ledger, gate: () => Promise<void>): Ledger {
  const gated: Ledger = Object.create(ledger)
  gated.submit = async command => {
    if (command.kind === 'borrow') await gate()
    return ledger.submit(command)
  }
  return gated
}
