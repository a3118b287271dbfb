/** Every query about races. */
import { desc, eq, lte } from 'drizzle-orm'
import { storageFailure } from '../db/failure.ts'
import { type OpenOptions, openDatabase } from '../db/open.ts'
import type { RaceShape } from './api.ts'
import { races } from './schema.ts'

export interface RaceStore {
  /** Adds a race, or writes over the one with its id. @throws Failure `storage_*` */
  save(race: RaceShape): void
  race(id: string): RaceShape | undefined
  /** Newest first. */
  newest(limit: number): RaceShape[]
  close(): void
}

/** Older ones are forgotten. */
const KEPT = 200

/** @throws StartFailure as openDatabase does */
export function createRaceStore(database: OpenOptions): RaceStore {
  const db = openDatabase(database)
  return {
    save(race) {
      const { id, state } = race
      try {
        const { row } = db
          .insert(races)
          .values({ id, state, startedAt: Date.parse(race.started_at), document: race })
          .onConflictDoUpdate({ target: races.id, set: { state, document: race } })
          .returning({ row: races.row })
          .get()
        db.delete(races)
          .where(lte(races.row, row - KEPT))
          .run()
      } catch (error) {
        throw storageFailure(error as Error) ?? error
      }
    },
    race: id => db.select().from(races).where(eq(races.id, id)).get()?.document,
    newest: limit =>
      db
        .select()
        .from(races)
        .orderBy(desc(races.row))
        .limit(limit)
        .all()
        .map(({ document }) => document),
    close: () => void db.$client.close(),
  }
}
