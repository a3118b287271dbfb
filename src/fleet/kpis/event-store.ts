/** Every statement that writes API events, snapshots and heartbeats. */
import { and, asc, eq, gt, inArray, lt, lte, max, min, sql } from 'drizzle-orm'
import type { Db } from '../../db/open.ts'
import type { KpiValue, NewEvent } from './commands.ts'
import { type ApiEvent, apiEvents, heartbeats, kpiSnapshots } from './schema.ts'

export interface EventStore {
  byKey(key: string): ApiEvent | undefined
  /** @returns its id */
  add(event: NewEvent, timestamp: number): number
  saveSnapshot(timestamp: number, values: readonly KpiValue[]): void
  beat(minute: number): void
  /** Removes at most `piece` events that are older, or beyond the newest `eventsMax`. @returns how many */
  pruneEvents(before: number, eventsMax: number, piece: number): number
  pruneSnapshots(before: number, piece: number): number
  /** The first heartbeat stays: it tells since when the server is watched. */
  pruneBeats(beforeMinute: number): number
}

export function createEventStore(db: Db): EventStore {
  const value = sql.placeholder
  const insert = db
    .insert(apiEvents)
    .values({
      timestamp: value('timestamp'),
      happenedAt: value('happenedAt'),
      endpoint: value('endpoint'),
      method: value('method'),
      statusCode: value('statusCode'),
      responseTimeMs: value('responseTimeMs'),
      clientId: value('clientId'),
      vehicle: value('vehicle'),
      errorMessage: value('errorMessage'),
      source: value('source'),
      key: value('key'),
    })
    .prepare()
  const find = db
    .select()
    .from(apiEvents)
    .where(eq(apiEvents.key, value('key')))
    .prepare()

  return {
    byKey: key => find.get({ key }),
    add: (event, timestamp) => Number(insert.run({ ...event, timestamp }).lastInsertRowid),
    saveSnapshot(timestamp, values) {
      for (const { name, category, value } of values)
        db.insert(kpiSnapshots)
          .values({ timestamp, name, category, value })
          .onConflictDoUpdate({
            target: [kpiSnapshots.name, kpiSnapshots.timestamp],
            set: { value, category },
          })
          .run()
    },
    beat: minute => void db.insert(heartbeats).values({ minute }).onConflictDoNothing().run(),
    pruneEvents(before, eventsMax, piece) {
      const old = db
        .select({ id: apiEvents.id })
        .from(apiEvents)
        .where(lt(apiEvents.timestamp, before))
        .orderBy(asc(apiEvents.timestamp))
        .limit(piece)
      const removed = db.delete(apiEvents).where(inArray(apiEvents.id, old)).run().changes
      if (removed >= piece) return removed
      // Ids are given in order and never twice, so the newest ones are known without counting rows.
      const newest =
        db
          .select({ id: max(apiEvents.id) })
          .from(apiEvents)
          .get()?.id ?? 0
      const beyond = db
        .select({ id: apiEvents.id })
        .from(apiEvents)
        .where(lte(apiEvents.id, newest - eventsMax))
        .orderBy(asc(apiEvents.id))
        .limit(piece - removed)
      return removed + db.delete(apiEvents).where(inArray(apiEvents.id, beyond)).run().changes
    },
    pruneSnapshots(before, piece) {
      const oldest = db
        .select({ timestamp: kpiSnapshots.timestamp })
        .from(kpiSnapshots)
        .where(lt(kpiSnapshots.timestamp, before))
        .orderBy(asc(kpiSnapshots.timestamp))
        .limit(piece)
      return db.delete(kpiSnapshots).where(inArray(kpiSnapshots.timestamp, oldest)).run().changes
    },
    pruneBeats(beforeMinute) {
      const first =
        db
          .select({ minute: min(heartbeats.minute) })
          .from(heartbeats)
          .get()?.minute ?? 0
      const old = and(lt(heartbeats.minute, beforeMinute), gt(heartbeats.minute, first))
      return db.delete(heartbeats).where(old).run().changes
    },
  }
}
