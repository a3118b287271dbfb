/** Of which hours there are samples. */
import type { Db } from '../../db/open.ts'

export function createCoverageReport(db: Db) {
  const hours = db.$client
    .prepare<[object], number>(
      `SELECT DISTINCT bucket FROM estate_server_rollups
       WHERE span = 3600000 AND bucket >= @from AND bucket < @until AND region <> 'here' ORDER BY bucket`,
    )
    .pluck()
  return {
    /** Their beginnings, Unix ms. The machine that this runs on does not count. */
    hoursKnown: ({ from, until }: { from: number; until: number }): number[] => hours.all({ from, until }),
  }
}
