/** What is kept no longer. */
import type { Db } from '../../db/open.ts'
import { type Removal, rawTables, removalSql, removePiece, rollupTables } from './removal.ts'
import { bucketAt, spans } from './rollup.ts'
import { longestKeepMs, spanKeepMs, type TransformSettings } from './settings.ts'

const DAY_MS = 86_400_000
/** What tells a repetition is kept a while longer than the lake may repeat it: clocks step back. */
const MARGIN_MS = DAY_MS

export function createPruneStore(db: Db, settings: TransformSettings) {
  const removal = (table: string, keys: string, where: string): Removal => {
    const statement = db.$client.prepare<[number], unknown>(removalSql(table, keys, where))
    return time => statement.run(time).changes
  }
  const { rawKeepMs, hourKeepMs, lakeKeepMs } = settings
  const longest = longestKeepMs(settings)
  const daysBefore = removal('estate_resource_days', 'day, resource', 'day < ?')
  const receivedBefore = removal('estate_received', 'day, resource, boot', 'day < ?')
  /** A container's newest change stays: what comes next is counted from it. */
  const oldChange = `at < ? AND EXISTS (
    SELECT 1 FROM estate_restarts newer WHERE newer.resource = estate_restarts.resource AND newer.at > estate_restarts.at)`
  const endedBefore = 'ended_at IS NOT NULL AND ended_at < ?'

  const kept: { keepMs: number; remove: Removal }[] = [
    ...rawTables.map(table => ({ keepMs: rawKeepMs, remove: removal(table, 'at, resource', 'at < ?') })),
    ...spanKeepMs(settings).flatMap((keepMs, index) =>
      rollupTables.map(({ table, keys }) => ({
        keepMs,
        remove: removal(table, keys, `span = ${spans[index]} AND bucket < ?`),
      })),
    ),
    { keepMs: lakeKeepMs + MARGIN_MS, remove: removal('estate_unnumbered', 'at, resource', 'at < ?') },
    { keepMs: lakeKeepMs + MARGIN_MS, remove: removal('estate_restarts', 'resource, at', oldChange) },
    { keepMs: hourKeepMs, remove: removal('estate_resource_hours', 'hour, resource', 'hour < ?') },
    { keepMs: hourKeepMs, remove: before => daysBefore(bucketAt(before, DAY_MS)) },
    { keepMs: longest, remove: before => receivedBefore(bucketAt(before, DAY_MS)) },
    { keepMs: hourKeepMs, remove: removal('estate_anomalies', 'id', endedBefore) },
    { keepMs: hourKeepMs, remove: removal('estate_injected_faults', 'id', endedBefore) },
  ]

  return {
    /** Removes a piece, in the order of what is kept shortest. @param now Unix ms */
    prune: (now: number) =>
      removePiece(
        kept.map(
          ({ keepMs, remove }) =>
            () =>
              remove(now - keepMs),
        ),
      ),
  }
}
export type PruneStore = ReturnType<typeof createPruneStore>
