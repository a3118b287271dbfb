/** Reads what was usual: the hours of each resource. */
import type { Db } from '../../db/open.ts'
import { baselinesOf, type HoursAround, hoursAround, METRICS } from './baselines.ts'
import { HOUR_MS } from './usual.ts'
import type { Baseline } from './window.ts'

export interface HistoryStore {
  /** What is usual around `now`; of a resource that was not measured before: null. Kept for the hour, while no history arrives. */
  baselines(now: number): (resource: number) => Baseline | null
}

/** Where so much more of the hours before is known (history still arrives), baselines are made anew. */
const GROWN = 1.05
/** Of the 20,000 resources that an estate may have. */
const ROWS_MAX = 20_000

type Row = [
  resource: number,
  cpu: number | null,
  memory: number | null,
  disk: number | null,
  errors: number | null,
  latency: number | null,
]

export function createHistoryStore({ $client: client }: Db): HistoryStore {
  const hourRows = client
    .prepare(
      // A sum of nothing divided by 0 is NULL: nothing is known.
      `SELECT resource, cpu_sum / cpu_samples, memory_sum / memory_samples, disk_sum / disk_samples,
         100.0 * failed / requests, latency_sum / latency_requests
       FROM estate_resource_hours WHERE hour = ? LIMIT ${ROWS_MAX}`,
    )
    .raw()
  const known = client
    .prepare(
      'SELECT count(*) FROM json_each(?) AS at JOIN estate_resource_hours AS hours ON hours.hour = at.value',
    )
    .pluck()
  let made: { hour: number; rows: number; of: (resource: number) => Baseline | null } | null = null

  function read({ needed }: HoursAround): Map<number, Float64Array> {
    const means = new Map<number, Float64Array>()
    for (const [index, hour] of needed.entries())
      for (const row of hourRows.all(hour * HOUR_MS) as Row[]) {
        let of = means.get(row[0])
        if (!of) {
          of = new Float64Array(needed.length * METRICS).fill(Number.NaN)
          means.set(row[0], of)
        }
        for (let metric = 0; metric < METRICS; metric++)
          of[index * METRICS + metric] = (row[metric + 1] as number | null) ?? Number.NaN
      }
    return means
  }

  return {
    baselines(now) {
      const hour = Math.floor(now / HOUR_MS)
      const around = hoursAround(hour)
      const rows = known.get(JSON.stringify(around.needed.map(one => one * HOUR_MS))) as number
      if (made?.hour !== hour || rows > made.rows * GROWN)
        made = { hour, rows, of: baselinesOf(around, read(around)) }
      return made.of
    },
  }
}
