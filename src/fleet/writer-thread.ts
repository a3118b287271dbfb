/** The thread in which the fleet's groups are decided. */
import { serveThread } from '../db/thread.ts'
import { fleetDeciding } from './decider.ts'

serveThread(fleetDeciding)
