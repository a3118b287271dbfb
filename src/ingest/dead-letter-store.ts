import { and, desc, eq, lt, lte, placeholder } from 'drizzle-orm'
import type { Db } from '../db/open.ts'
import type { DeadLetterTable } from './dead-letter-schema.ts'

export interface NewDeadLetter {
  /** Unix ms. */
  receivedAt: number
  topic: string
  reason: string
  detail: string
  payload: string
}
export interface DeadLetter extends NewDeadLetter {
  id: number
}

export interface DeadLetterPage {
  reason?: string | undefined
  /** Only those before this id, as `next` tells it. */
  before?: number | undefined
  limit: number
}

const KEEP_MAX = 10_000
const TOPIC_MAX = 200
const PAYLOAD_MAX = 2000

/** @param keepMax the newest so many are kept */
export function createDeadLetterStore(db: Db, table: DeadLetterTable, { keepMax = KEEP_MAX } = {}) {
  const insert = db
    .insert(table)
    .values({
      receivedAt: placeholder('receivedAt'),
      topic: placeholder('topic'),
      reason: placeholder('reason'),
      detail: placeholder('detail'),
      payload: placeholder('payload'),
    })
    .prepare()
  const forget = db
    .delete(table)
    .where(lte(table.id, placeholder('id')))
    .prepare()

  return {
    /** Keeps the beginning of its topic (200 characters) and of its payload (2,000). */
    add({ topic, payload, ...letter }: NewDeadLetter): void {
      const cut = { topic: topic.slice(0, TOPIC_MAX), payload: payload.slice(0, PAYLOAD_MAX) }
      const { lastInsertRowid } = insert.run({ ...letter, ...cut })
      forget.run({ id: Number(lastInsertRowid) - keepMax })
    },
    /** The newest first. `next`: where the next page goes on; null: this is the last. */
    list({ reason, before, limit }: DeadLetterPage): { rows: DeadLetter[]; next: number | null } {
      const rows = db
        .select()
        .from(table)
        .where(
          and(
            reason === undefined ? undefined : eq(table.reason, reason),
            before === undefined ? undefined : lt(table.id, before),
          ),
        )
        .orderBy(desc(table.id))
        .limit(limit + 1)
        .all()
      const page = rows.slice(0, limit)
      return { rows: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
    },
  }
}

export type DeadLetterStore = ReturnType<typeof createDeadLetterStore>
