/** What the detectors found, and what the generator broke on purpose. */
import { and, eq, isNull } from 'drizzle-orm'
import type { Db } from '../../db/open.ts'
import type { FaultNotice } from '../../machine/notices.ts'
import type { AnomalyFound, EstateCommands } from '../commands.ts'
import { anomalies, injectedFaults } from '../schema.ts'

export function createAnomalyStore(db: Db) {
  const open = db.select().from(anomalies).where(isNull(anomalies.endedAt)).prepare()

  return {
    /** Opens, updates and ends, by cause. @param now Unix ms */
    record(found: AnomalyFound[], now: number): EstateCommands['record_anomalies']['out'] {
      const byCause = new Map(found.map(anomaly => [anomaly.cause, anomaly]))
      const ended: EstateCommands['record_anomalies']['out']['ended'] = []
      for (const { id, cause, type, resource } of open.all()) {
        const still = byCause.get(cause)
        byCause.delete(cause)
        db.update(anomalies)
          .set(still ? newest(still) : { endedAt: now })
          .where(eq(anomalies.id, id))
          .run()
        if (!still) ended.push({ cause, type, resource })
      }
      const opened = [...byCause.values()]
      for (const anomaly of opened)
        db.insert(anomalies)
          .values({ ...anomaly, detectedAt: now })
          .run()
      return { opened, ended }
    },
    /** @returns whether it says something new: its beginning, or its end */
    noteFault(notice: FaultNotice): boolean {
      const { id, kind, resource, version, resource_kind: resourceKind } = notice
      const { started_at: startedAt, ended_at: endedAt } = notice
      const row = { id, kind, resourceKind, resource, version, startedAt, endedAt }
      if (db.insert(injectedFaults).values(row).onConflictDoNothing().run().changes > 0) return true
      if (endedAt === null) return false
      const stillLasts = and(eq(injectedFaults.id, id), isNull(injectedFaults.endedAt))
      return db.update(injectedFaults).set({ endedAt }).where(stillLasts).run().changes > 0
    },
  }
}
/** What may change while a cause lasts. */
const newest = ({ type, detector, value, expected, sentence, resources, severity }: AnomalyFound) => ({
  type,
  detector,
  value,
  expected,
  sentence,
  resources,
  severity,
})

export type AnomalyStore = ReturnType<typeof createAnomalyStore>
