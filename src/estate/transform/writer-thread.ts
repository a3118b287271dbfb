/** The thread in which the estate's groups are decided. */
import { serveThread } from '../../db/thread.ts'
import { estateDeciding } from './decider.ts'

serveThread(estateDeciding)
