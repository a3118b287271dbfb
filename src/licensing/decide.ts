import { borrow } from './borrow.ts'
import { configure } from './configure.ts'
import type { Command, Outcome } from './ledger.ts'
import { renew } from './renew.ts'
import { returnBorrow } from './return.ts'
import { revoke } from './revoke.ts'
import type { WorkingSet } from './working-set.ts'

/** Decides one command against the rows of its transaction. */
export function decide(set: WorkingSet, command: Command): Outcome {
  switch (command.kind) {
    case 'borrow':
      return borrow(set, command)
    case 'return':
      return returnBorrow(set, command)
    case 'renew':
      return renew(set, command)
    case 'revoke':
      return revoke(set, command)
    case 'configure':
      return configure(set, command)
    case 'sweep':
      return { kind: 'swept' }
  }
}
