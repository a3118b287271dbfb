/** The thread in which the fleet's groups are decided. */
import { type OpenOptions, openDatabase } from '../db/open.ts'
import { serveThread } from '../db/thread.ts'
import { type Decided, type DeciderOptions, fleetDecider, type Group } from './decider.ts'

serveThread<Group, Decided, { database: OpenOptions; options: DeciderOptions }>(({ database, options }) => {
  const db = openDatabase(database)
  return { handle: fleetDecider(db, options), close: () => void db.$client.close() }
})
