/** Every query about the stage. */
import { eq } from 'drizzle-orm'
import { storageFailure } from '../db/failure.ts'
import { type OpenOptions, openDatabase } from '../db/open.ts'
import { stageFacts } from './schema.ts'

export interface StageStore {
  /** When the talk's clock was started, Unix ms. */
  talkStart(): number | null
  /** @throws Failure `storage_*` */
  keepTalkStart(at: number | null): void
  close(): void
}

const TALK_START = 'talk_started_at'

/** @throws StartFailure as openDatabase does */
export function createStageStore(database: OpenOptions): StageStore {
  const db = openDatabase(database)
  return {
    talkStart() {
      const found = db.select().from(stageFacts).where(eq(stageFacts.name, TALK_START)).get()
      return found ? Number(found.value) : null
    },
    keepTalkStart(at) {
      try {
        if (at === null) db.delete(stageFacts).where(eq(stageFacts.name, TALK_START)).run()
        else {
          const value = String(at)
          db.insert(stageFacts)
            .values({ name: TALK_START, value })
            .onConflictDoUpdate({ target: stageFacts.name, set: { value } })
            .run()
        }
      } catch (error) {
        throw storageFailure(error as Error) ?? error
      }
    },
    close: () => void db.$client.close(),
  }
}
