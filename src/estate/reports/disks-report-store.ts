/** How full disks are, and how soon they are full at their pace of the last seven days. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import { daysUntilFull } from '../analytics/days-until-full.ts'
import type * as api from '../api/servers.ts'
import { sinceOf } from './current.ts'
import { timeOf, two } from './figures.ts'
import { Page } from './found.ts'
import { isKept } from './kept.ts'
import { DAY_MS, floor, HOUR_MS } from './window.ts'

interface Disk {
  resource: number
  at: number
  name: string
  region: string | null
  used: number | null
  total: number | null
  disk: number
}

const PACE_DAYS = 7
/** A disk fills slowly: every so many hours are enough points for its pace. */
const POINT_EVERY_MS = 6 * HOUR_MS

/** As many resources as there may be. */
const KEPT_MAX = 20_000

export function createDisksReports(db: Db) {
  const FROM = `estate_server_now AS now JOIN estate_resources AS r ON r.id = now.resource
    WHERE now.at >= @since AND now.disk_utilization > @threshold`
  const disks = db.$client.prepare<[object], Disk>(
    `SELECT now.resource, now.at, r.name, r.region, now.disk_used_gb AS used, now.disk_total_gb AS total,
       now.disk_utilization AS disk FROM ${FROM} ORDER BY now.disk_utilization DESC, r.name LIMIT @limit OFFSET @offset`,
  )
  const count = db.$client.prepare<[object], number>(`SELECT count(*) FROM ${FROM}`).pluck()
  const points = db.$client
    .prepare<[object], [number, number, number]>(
      `SELECT h.resource, h.hour, h.disk_sum / h.disk_samples FROM json_each(@hours) AS at
         CROSS JOIN json_each(@resources) AS one CROSS JOIN estate_resource_hours AS h
         ON h.hour = at.value AND h.resource = one.value WHERE h.disk_samples > 0`,
    )
    .raw()

  const kept = new Map<number, { madeAt: number; days: number | null }>()

  /** Days until each is full; null: it does not grow, or too little is known. At most a minute old. */
  function pace(found: readonly Disk[], now: number): (number | null)[] {
    const isKnown = ({ resource }: Disk) => {
      const known = kept.get(resource)
      return known !== undefined && isKept(known.madeAt, now)
    }
    // Few are more than there may be: those that are gone.
    if (kept.size > KEPT_MAX) kept.clear()
    const asked = found.filter(disk => !isKnown(disk))
    for (const [resource, days] of paceOf(asked, now)) kept.set(resource, { madeAt: now, days })
    return found.map(({ resource }) => kept.get(resource)?.days ?? null)
  }

  function paceOf(found: readonly Disk[], now: number): [resource: number, days: number | null][] {
    if (found.length === 0) return []
    const last = floor(now - HOUR_MS, POINT_EVERY_MS)
    const hours = Array.from(
      { length: (PACE_DAYS * DAY_MS) / POINT_EVERY_MS },
      (_, index) => last - index * POINT_EVERY_MS,
    ).reverse()
    const known = new Map(found.map(({ resource }) => [resource, [] as { at: number; percent: number }[]]))
    const bound = { hours: JSON.stringify(hours), resources: JSON.stringify([...known.keys()]) }
    for (const [resource, hour, percent] of points.iterate(bound))
      known.get(resource)?.push({ at: hour + HOUR_MS / 2, percent })
    return found.map(({ resource, at, disk }) => [
      resource,
      daysUntilFull([...(known.get(resource) ?? []), { at, percent: disk }]),
    ])
  }

  return {
    diskUsage(query: z.output<typeof api.diskUsageQuery>, now: number) {
      const { threshold, limit, offset } = query
      const filter = { threshold, since: sinceOf(query.minutes, now) }
      const found = disks.all({ ...filter, limit, offset })
      const days = pace(found, now)
      return new Page<z.output<typeof api.diskUsage>[number]>(
        found.map((row, index) => ({
          server_id: row.name,
          region: row.region,
          disk_used_gb: two(row.used),
          disk_total_gb: two(row.total),
          disk_utilization: two(row.disk),
          timestamp: timeOf(row.at),
          days_until_full: two(days[index]),
        })),
        count.get(filter) ?? 0,
      )
    },
    /** Those that are full first. */
    fillingDisks(max: number, since: number, now: number) {
      const found = disks.all({ threshold: -1, since, limit: -1, offset: 0 })
      const days = pace(found, now)
      return found
        .map((row, index) => ({
          server_id: row.name,
          region: row.region,
          disk_utilization: two(row.disk),
          days: days[index] ?? null,
        }))
        .flatMap(({ days, ...row }) => (days === null ? [] : [{ ...row, days_until_full: two(days) ?? 0 }]))
        .sort((a, b) => a.days_until_full - b.days_until_full)
        .slice(0, max)
    },
  }
}
