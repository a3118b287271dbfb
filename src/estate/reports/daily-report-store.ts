/** The last days in a few figures. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import type * as api from '../api/analytics.ts'
import { mean, shareWithout } from './figures.ts'
import { inPieces } from './pieces-store.ts'
import { createServiceSums } from './service-sums-store.ts'
import { beginningOf, DAY_MS, piecesOf } from './window.ts'

interface Totals {
  samples: number | null
  cpu: number | null
  memory: number | null
  disk: number | null
  diskSamples: number | null
}

export function createDailyReports(db: Db) {
  const services = createServiceSums(db)
  const totals = db.$client.prepare<[object], Totals>(
    `SELECT sum(r.samples) AS samples, sum(r.cpu_sum) AS cpu, sum(r.memory_sum) AS memory, sum(r.disk_sum) AS disk,
       sum(r.disk_samples) AS diskSamples FROM ${inPieces('estate_server_rollups')}`,
  )
  const restarts = db.$client
    .prepare<[object], number>(
      `SELECT coalesce(sum(r.restarts), 0) FROM ${inPieces('estate_container_rollups')}`,
    )
    .pluck()
  const heard = db.$client
    .prepare<[object], number>(
      'SELECT count(*) FROM estate_resources WHERE kind = @kind AND last_at >= @from',
    )
    .pluck()

  return {
    dailyStats({ days }: z.output<typeof api.daysQuery>, now: number): z.output<typeof api.dailyStats> {
      const pieces = piecesOf(days * DAY_MS, now)
      const from = beginningOf(pieces)
      const bound = { pieces: JSON.stringify(pieces) }
      const found = totals.get(bound)
      if (!found) throw new Error('a sum has no row')
      const sums = services.ofPieces(pieces)
      const requests = sums.reduce((sum, row) => sum + row.requests, 0)
      const failed = sums.reduce((sum, row) => sum + row.failed, 0)
      return {
        avg_cpu: mean(found.cpu, found.samples),
        avg_memory: mean(found.memory, found.samples),
        avg_disk: mean(found.disk, found.diskSamples),
        total_servers: heard.get({ kind: 'server', from }) ?? 0,
        total_requests: requests,
        failed_requests: failed,
        avg_success_rate: shareWithout(failed, requests),
        total_restarts: restarts.get(bound) ?? 0,
        active_containers: heard.get({ kind: 'container', from }) ?? 0,
      }
    },
  }
}
