/** The thread in which groups are decided, so that no sync of the disk stops the event loop. */
import { decidesOn, type Group } from '../db/group-decider.ts'
import type { OpenOptions } from '../db/open.ts'
import { serveThread } from '../db/thread.ts'
import type { Command } from './ledger.ts'
import { type Decided, ledgerDecider } from './transaction.ts'

serveThread<Group<Command>, Decided, OpenOptions>(options => decidesOn(options, ledgerDecider))
