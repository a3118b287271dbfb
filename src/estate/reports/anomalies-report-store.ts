/** What was found out of order, what was broken on purpose, and what could not be used. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import { createDeadLetterStore } from '../../ingest/dead-letter-store.ts'
import type { FaultNotice } from '../../machine/notices.ts'
import { FAULT_LEAST_MS, scoreOf, TRUE_AFTER_END_MS } from '../analytics/score.ts'
import type * as api from '../api/analytics.ts'
import type * as pipeline from '../api/pipeline.ts'
import { partitionOf } from '../lake/object-key.ts'
import { deadLetters } from '../schema.ts'
import { timeOf, timeOrNull, two } from './figures.ts'
import { Page } from './found.ts'
import { floor, HOUR_MS } from './window.ts'

type Query<S extends z.ZodType> = z.output<S>
type Anomaly = Query<typeof api.anomaly>

interface Row {
  id: number
  cause: string
  type: string
  detector: string
  kind: Anomaly['resource_type']
  resource: string
  service: string | null
  region: string | null
  version: string | null
  resources: number
  value: number
  expected: number | null
  severity: Anomaly['severity']
  sentence: string
  startedAt: number
  detectedAt: number
  endedAt: number | null
}

const EVER = Number.MAX_SAFE_INTEGER
const HOURS_MAX = 24

const COLUMNS = `id, cause, type, detector, resource_kind AS kind, resource, service, region, version, resources, value,
  expected, severity, sentence, started_at AS startedAt, detected_at AS detectedAt, ended_at AS endedAt`

/** Resources that nobody simulates, and services of which all resources are such. */
const REAL = `SELECT kind, name FROM estate_resources WHERE is_real = 1
  UNION SELECT kind, service FROM estate_resources WHERE service IS NOT NULL GROUP BY 1, 2 HAVING min(is_real) = 1`

export function createAnomaliesReports(db: Db) {
  const sql = <R>(text: string) => db.$client.prepare<[object], R>(text)
  const recent = sql<Row>(
    `SELECT ${COLUMNS} FROM estate_anomalies WHERE detected_at >= @from AND (@ended = 0 OR ended_at IS NOT NULL)
     ORDER BY detected_at DESC, id DESC LIMIT @limit`,
  )
  // Few are open: the index of those is read, and not that of all times.
  const open = sql<Row>(
    `SELECT ${COLUMNS} FROM estate_anomalies INDEXED BY estate_anomalies_open
     WHERE ended_at IS NULL AND detected_at < @before ORDER BY detected_at DESC, id DESC LIMIT @limit`,
  )
  const countOpen = db.$client
    .prepare<[], number>('SELECT count(*) FROM estate_anomalies WHERE ended_at IS NULL')
    .pluck()
  const detected = sql<{
    cause: string
    resource: string
    service: string | null
    version: string | null
    detectedAt: number
  }>(
    `SELECT cause, resource, service, version, detected_at AS detectedAt FROM estate_anomalies
     WHERE detected_at >= @from AND (resource_kind, resource) NOT IN (${REAL}) ORDER BY detected_at`,
  )
  const FAULT = 'id, kind, resource_kind, resource, version, started_at, ended_at'
  const faults = sql<FaultNotice>(
    `SELECT ${FAULT} FROM estate_injected_faults ORDER BY started_at DESC, id LIMIT @limit OFFSET @offset`,
  )
  const countFaults = db.$client.prepare<[], number>('SELECT count(*) FROM estate_injected_faults').pluck()
  const faultsSince = sql<FaultNotice>(
    `SELECT ${FAULT} FROM estate_injected_faults WHERE ended_at IS NULL OR ended_at >= @from`,
  )
  const place = sql<{ service: string | null }>(
    `SELECT service FROM estate_resources WHERE kind IN ('container', 'server', 'service') AND name = @name
     ORDER BY kind LIMIT 1`,
  )
  const sampled = (of: string) =>
    sql<{ found: 1 }>(
      `SELECT 1 AS found FROM estate_resources AS r CROSS JOIN json_each(@hours) AS at
         CROSS JOIN estate_resource_hours AS h ON h.hour = at.value AND h.resource = r.id
       WHERE r.kind = @kind AND ${of} LIMIT 1`,
    )
  const resourceSampled = sampled('r.name = @name')
  const serviceSampled = sampled('(r.name = @name OR r.service = @name)')
  // In a partition names begin with when the object was written, so that few are looked at.
  const taken = sql<{ found: 1 }>(
    'SELECT 1 AS found FROM estate_lake_objects WHERE key >= @first AND key < @last AND taken_at <= @to LIMIT 1',
  )
  const letters = createDeadLetterStore(db, deadLetters)

  function isWatched(kind: FaultNotice['resource_kind'], from: number): boolean {
    const to = from + FAULT_LEAST_MS
    const partitions = [...new Set([from, to].map(at => partitionOf(kind, at)))]
    return partitions.some(
      partition => taken.get({ first: `${partition}${from}`, last: `${partition}${to}`, to }) !== undefined,
    )
  }

  return {
    /** Those of the hours asked for, and those that last still. */
    anomalies(query: Query<typeof api.anomaliesQuery>, now: number): Anomaly[] {
      const { hours, limit } = query
      if (query.open === 'true') return open.all({ limit, before: EVER }).map(shapeOf)
      const from = now - hours * HOUR_MS
      const isEnded = query.open === 'false'
      const found = recent.all({ limit, ended: isEnded ? 1 : 0, from })
      const older = isEnded ? [] : open.all({ limit: limit - found.length, before: from })
      return [...found, ...older].map(shapeOf)
    },
    anomaliesOpen: (limit: number) => ({
      rows: open.all({ limit, before: EVER }).map(shapeOf),
      total: countOpen.get() ?? 0,
    }),
    /**
     * A fault counts only where somebody watched it begin: an object of its kind's samples of that time was written and
     * taken within the first 3 minutes of it. What is told later (the history of a generator that starts, samples that
     * waited while the program was stopped) was over before a detector saw it. Objects keep when they were taken
     * through a restart; a replay takes them anew, and the faults before it no longer count. Anomalies of real
     * resources do not count either: nobody breaks these on purpose.
     */
    detectorScore({ hours }: Query<typeof api.scoreQuery>, now: number): Query<typeof api.detectorScore> {
      const from = now - hours * HOUR_MS
      // An anomaly at the beginning may be of a fault that had just ended.
      const told = faultsSince.all({ from: from - TRUE_AFTER_END_MS })
      const score = scoreOf({
        faults: told,
        detected: detected.all({ from }),
        isSampled: ({ resource, resource_kind, started_at, ended_at }) =>
          isWatched(resource_kind, started_at) &&
          (resource_kind === 'service' ? serviceSampled : resourceSampled).get({
            name: resource,
            kind: resource_kind,
            hours: JSON.stringify(hoursBetween(started_at, ended_at ?? now)),
          }) !== undefined,
        placeOf: remembered(name => place.get({ name })),
        from,
        now,
      })
      return { hours, ...score }
    },
    faults: ({ limit, offset }: Query<typeof pipeline.faultsQuery>) =>
      new Page<Query<typeof pipeline.faults>[number]>(
        faults.all({ limit, offset }).map(({ started_at, ended_at, ...fault }) => ({
          ...fault,
          started_at: timeOf(started_at),
          ended_at: timeOrNull(ended_at),
        })),
        countFaults.get() ?? 0,
      ),
    deadLetters(query: Query<typeof pipeline.deadLettersQuery>): Query<typeof pipeline.deadLettersReply> {
      const { rows, next } = letters.list(query)
      return {
        dead_letters: rows.map(({ receivedAt, ...letter }) => ({
          ...letter,
          received_at: timeOf(receivedAt),
        })),
        next,
      }
    },
  }
}

/** The hours that lie in a time, of a long one the first. */
function hoursBetween(from: number, to: number): number[] {
  const first = floor(from, HOUR_MS)
  const count = Math.min(HOURS_MAX, Math.floor((to - first) / HOUR_MS) + 1)
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * HOUR_MS)
}

/** Asks once for each name. */
function remembered<T>(ask: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>()
  return name => {
    const found = known.has(name) ? (known.get(name) as T) : ask(name)
    known.set(name, found)
    return found
  }
}

const shapeOf = (row: Row): Anomaly => ({
  id: row.id,
  resource_name: row.resource,
  resource_type: row.kind,
  anomaly_type: row.type,
  detector: row.detector,
  value: two(row.value) ?? 0,
  expected: two(row.expected),
  severity: row.severity,
  timestamp: timeOf(row.detectedAt),
  detected_at: timeOf(row.detectedAt),
  since: timeOf(row.startedAt),
  ended_at: timeOrNull(row.endedAt),
  description: row.sentence,
  // A cause ends with what it is about.
  metric_name: row.cause.slice(row.cause.lastIndexOf(':') + 1),
  service_name: row.service,
  version: row.version,
  region: row.region,
  resources: row.resources,
})
