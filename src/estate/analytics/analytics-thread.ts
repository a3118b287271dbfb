/** The thread in which the estate is analysed, so that a round does not stop the event loop. */
import type { OpenOptions } from '../../db/open.ts'
import { serveThread } from '../../db/thread.ts'
import { systemClock } from '../../shared/clock.ts'
import { analyses, type Question, type Round } from './analyse.ts'

serveThread<Question, Round, OpenOptions>(options => analyses(options, systemClock))
