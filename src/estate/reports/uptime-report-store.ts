/** How much of the time each server was there, from its samples: each speaks for its own interval. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import type * as api from '../api/servers.ts'
import { shareOf, timeOf } from './figures.ts'
import { Page } from './found.ts'
import { type Heard, isUp, upSpanOf } from './uptime.ts'
import { ceil, DAY_MS, floor, HOUR_MS } from './window.ts'

interface Server extends Heard {
  id: number
  name: string
  region: string | null
}

export function createUptimeReports(db: Db) {
  const servers = db.$client.prepare<[object], Server>(
    `SELECT id, name, region, first_at AS firstAt, last_at AS lastAt, interval_ms AS intervalMs
     FROM estate_resources WHERE kind = 'server' AND last_at >= @from ORDER BY id`,
  )
  // Whole days where there are some, hours before and after them.
  const sums = db.$client
    .prepare<[object], [number, number, number]>(
      `SELECT one.resource, sum(one.covered_ms), sum(one.samples) FROM (
         SELECT resource, covered_ms, samples FROM estate_resource_hours WHERE hour >= @from AND hour < @firstDay
         UNION ALL SELECT resource, covered_ms, samples FROM estate_resource_days WHERE day >= @firstDay AND day < @today
         UNION ALL SELECT resource, covered_ms, samples FROM estate_resource_hours WHERE hour >= @today
       ) AS one JOIN estate_resources AS r ON r.id = one.resource WHERE r.kind = 'server' GROUP BY one.resource`,
    )
    .raw()

  return {
    /** Of whole hours: the first begins with the hour that was so many hours ago. */
    uptimeSummary({ hours, limit, offset, order }: z.output<typeof api.uptimeQuery>, now: number) {
      const from = floor(now - hours * HOUR_MS, HOUR_MS)
      const firstDay = ceil(from, DAY_MS)
      const today = Math.max(firstDay, floor(now, DAY_MS))
      const found = new Map(
        sums.all({ from, firstDay, today }).map(([id, covered, samples]) => [id, { covered, samples }]),
      )
      const rows = servers.all({ from }).map((server): z.output<typeof api.uptimeSummary>[number] => {
        const { covered, samples } = found.get(server.id) ?? { covered: 0, samples: 0 }
        return {
          server_id: server.name,
          region: server.region,
          uptime_percent: shareOf(covered, upSpanOf(server, from, now)),
          heartbeats: samples,
          last_seen: timeOf(server.lastAt),
          is_up: isUp(server, now),
          since: timeOf(server.firstAt),
        }
      })
      const direction = order === 'asc' ? 1 : -1
      rows.sort(
        (a, b) =>
          direction * ((a.uptime_percent ?? 101) - (b.uptime_percent ?? 101)) ||
          (a.server_id < b.server_id ? -1 : 1),
      )
      return new Page(rows.slice(offset, offset + limit), rows.length)
    },
  }
}
