/** A question to the thread that reads, and its answer: ready text, so that the event loop has nothing to do with it. */
import { type OpenOptions, openDatabase } from '../../db/open.ts'
import type { Served } from '../../db/thread.ts'
import { Page, Refused } from './found.ts'
import { createReports, type Kind } from './reports.ts'

export interface Question {
  kind: Kind
  query: unknown
  /** The time by which it is answered, Unix ms. */
  now: number
}

/** `total`: of a list with pages, how many rows there are; null: it has none. */
export type Answer = { text: string; total: number | null } | { refused: { field: string; message: string } }

/** What the thread does, or its caller. It reads on a connection of its own that cannot write. */
export function answersOn(database: OpenOptions): Served<Question, Answer> {
  const db = openDatabase({ ...database, readonly: true })
  const reports = createReports(db) as Record<Kind, (query: unknown, now: number) => unknown>

  function read({ kind, query, now }: Question): Answer {
    const found = reports[kind](query, now)
    if (found instanceof Page) return { text: JSON.stringify(found.rows), total: found.total }
    return { text: JSON.stringify(found), total: null }
  }

  return {
    handle(question) {
      try {
        // In one transaction: all figures are of the same moment.
        return db.$client.transaction(() => read(question)).deferred()
      } catch (error) {
        if (error instanceof Refused) return { refused: { field: error.field, message: error.message } }
        throw error
      }
    },
    close: () => void db.$client.close(),
  }
}
