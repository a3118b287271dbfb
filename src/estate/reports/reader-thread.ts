/** The thread in which the estate is read, so that a week of sums does not stop the event loop. */
import type { OpenOptions } from '../../db/open.ts'
import { serveThread } from '../../db/thread.ts'
import { type Answer, answersOn, type Question } from './answer.ts'

serveThread<Question, Answer, OpenOptions>(answersOn)
