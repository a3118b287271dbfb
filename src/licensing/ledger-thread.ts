/** The thread in which groups are decided, so that no sync of the disk stops the event loop. */
import { type OpenOptions, openDatabase } from '../db/open.ts'
import { serveThread } from '../db/thread.ts'
import { type Decided, type Group, groupDecider } from './transaction.ts'

serveThread<Group, Decided, OpenOptions>(options => {
  const db = openDatabase(options)
  return { handle: groupDecider(db), close: () => void db.$client.close() }
})
