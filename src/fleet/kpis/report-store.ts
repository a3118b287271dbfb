/** Every query that reads events, snapshots and heartbeats. A window is read in SQL and never loaded. */
import {
  and,
  avg,
  count,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  lte,
  max,
  min,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { Db } from '../../db/open.ts'
import { MINUTE_MS } from '../../shared/clock.ts'
import { type Between, EVENTS_MAX, firstMinuteOf, rankOf, type Window, type WindowCounts } from './kpi.ts'
import { type ApiEvent, apiEvents, heartbeats, kpiSnapshots } from './schema.ts'
import { listSuspicions, type SuspicionReason, thresholds } from './suspicion.ts'

export interface SnapshotRow {
  timestamp: number
  value: number | null
}

export interface KpiReports {
  counts(window: Window): WindowCounts
  /** Newest first. */
  events(page: { limit: number; skip: number }): ApiEvent[]
  /** The newest `limit` after `from`, oldest first. */
  history(of: { kpi: string; from: number; limit: number }): SnapshotRow[]
}

/** @param eventsMax how many events are kept */
export function createKpiReports(db: Db, eventsMax = EVENTS_MAX): KpiReports {
  const { timestamp, statusCode, responseTimeMs, clientId, vehicle, id } = apiEvents
  const within = ({ from, to }: Window) => and(gt(timestamp, from), lte(timestamp, to))
  const isFailedAuthentication = inArray(statusCode, [401, 403])
  const countIf = (condition: SQL) => sql<number>`coalesce(sum(${condition}), 0)`

  function percentile(window: Window, total: number, quantile: number): Between | null {
    if (total === 0) return null
    const { low, high, fraction } = rankOf(total, quantile)
    // From the top: the rows that are sorted and kept are the slowest few.
    const rows = db
      .select({ ms: responseTimeMs })
      .from(apiEvents)
      .where(within(window))
      .orderBy(desc(responseTimeMs))
      .limit(high - low + 1)
      .offset(total - 1 - high)
      .all()
    return { low: rows.at(-1)?.ms ?? 0, high: rows[0]?.ms ?? 0, fraction }
  }

  /** Clients with `most` events within some minute. Not the minutes of the clock: any 60 seconds. */
  function bursts(most: number, where: SQL | undefined): string[] {
    // 60 seconds lie in two minutes of the clock, so one of the two has half of them: few clients have.
    const clients = db
      .select({ client: clientId })
      .from(apiEvents)
      .where(where)
      .groupBy(clientId, sql`cast(${timestamp} / ${MINUTE_MS} as integer)`)
      .having(gte(count(), most / 2))
    const span = sql<number>`${timestamp} - lag(${timestamp}, ${most - 1}) over (partition by ${clientId} order by ${timestamp})`
    const spans = db
      .select({ client: clientId, span: span.as('span') })
      .from(apiEvents)
      .where(and(where, inArray(clientId, clients)))
      .as('spans')
    const quick = sql`${spans.span} < ${MINUTE_MS}`
    return db
      .selectDistinct({ client: spans.client })
      .from(spans)
      .where(quick)
      .all()
      .map(({ client }) => client)
  }

  function suspicions(window: Window) {
    const inWindow = within(window)
    const clientsOf = (having: SQL | undefined, where = inWindow) =>
      db
        .select({ client: clientId })
        .from(apiEvents)
        .where(where)
        .groupBy(clientId)
        .having(having)
        .all()
        .map(({ client }) => client)
    const failed = and(inWindow, isFailedAuthentication)
    const spike = sql`${countIf(gte(statusCode, 400))} * 100 >= ${thresholds.errorSpikePercent} * count(*)`
    const vehicles = sql`count(distinct ${vehicle}) >= ${thresholds.manyVehicles}`
    const found: Record<SuspicionReason, string[]> = {
      brute_force: bursts(thresholds.bruteForce, failed),
      repeated_failures: clientsOf(gte(count(), thresholds.repeatedFailures), failed),
      many_vehicles: clientsOf(vehicles, and(inWindow, isNotNull(vehicle))),
      error_spike: clientsOf(and(gte(count(), thresholds.errorSpikeRequests), spike)),
      over_rate_limit: bursts(thresholds.overRateLimit, inWindow),
    }
    return listSuspicions(found)
  }

  function beats({ from, to }: Window) {
    const current = Math.floor(to / MINUTE_MS)
    const inSpan = and(gte(heartbeats.minute, firstMinuteOf(from)), lte(heartbeats.minute, current))
    const beating = db.select().from(heartbeats).where(eq(heartbeats.minute, current)).get()
    return {
      firstBeat:
        db
          .select({ minute: min(heartbeats.minute) })
          .from(heartbeats)
          .get()?.minute ?? null,
      beats: db.select({ beats: count() }).from(heartbeats).where(inSpan).get()?.beats ?? 0,
      isBeatingNow: beating !== undefined,
    }
  }

  /** Ids are given in order and never twice: the table is full when they span as many as are kept. */
  function keptSince(): number | null {
    const oldest =
      db
        .select({ id: min(id) })
        .from(apiEvents)
        .get()?.id ?? 0
    const newest =
      db
        .select({ id: max(id) })
        .from(apiEvents)
        .get()?.id ?? 0
    if (newest - oldest + 1 < eventsMax) return null
    return db.select({ at: timestamp }).from(apiEvents).where(eq(id, oldest)).get()?.at ?? null
  }

  function countsOf(window: Window): WindowCounts {
    const counted = db
      .select({
        total: count(),
        errors: countIf(gte(statusCode, 400)),
        serverErrors: countIf(gte(statusCode, 500)),
        failedAuthentications: countIf(isFailedAuthentication),
        rateLimited: countIf(eq(statusCode, 429)),
        meanMs: avg(responseTimeMs).mapWith(Number),
        firstEventAt: min(timestamp),
      })
      .from(apiEvents)
      .where(within(window))
      .get()
    if (!counted) throw new Error('a count has no row')
    return {
      ...window,
      ...counted,
      p95: percentile(window, counted.total, 0.95),
      p99: percentile(window, counted.total, 0.99),
      keptSince: keptSince(),
      ...beats(window),
      ...suspicions(window),
    }
  }

  return {
    // In one transaction: all figures are of the same events.
    counts: window => db.$client.transaction(() => countsOf(window)).deferred(),
    events: ({ limit, skip }) =>
      db.select().from(apiEvents).orderBy(desc(timestamp), desc(id)).limit(limit).offset(skip).all(),
    history: ({ kpi, from, limit }) =>
      db
        .select({ timestamp: kpiSnapshots.timestamp, value: kpiSnapshots.value })
        .from(kpiSnapshots)
        .where(and(eq(kpiSnapshots.name, kpi), gt(kpiSnapshots.timestamp, from)))
        .orderBy(desc(kpiSnapshots.timestamp))
        .limit(limit)
        .all()
        .reverse(),
  }
}
