/** The thread in which windows are counted, so that a day of events does not stop the event loop. */
import { type OpenOptions, openDatabase } from '../../db/open.ts'
import { serveThread } from '../../db/thread.ts'
import { type Answer, answerer, type Question } from './answer.ts'

serveThread<Question, Answer, OpenOptions>(options => {
  const db = openDatabase({ ...options, readonly: true })
  return { handle: answerer(db), close: () => void db.$client.close() }
})
