/** The last days and the next ones, of CPU, memory and disk of all servers. */
import type { z } from 'zod'
import type { Db } from '../../db/open.ts'
import { DAYS_MAX, type Forecast, forecast } from '../analytics/forecast.ts'
import type * as api from '../api/analytics.ts'
import { sinceOf } from './current.ts'
import { mean, timeOf } from './figures.ts'
import { isKept } from './kept.ts'
import { DAY_MS, floor, HOUR_MS } from './window.ts'

type Query<S extends z.ZodType> = z.output<S>
type ForecastQuery = Query<typeof api.forecastQuery>
type FillingDisks = Query<typeof api.forecastDetail>['filling_disks']

interface Sums {
  /** Beginning of the hour or the day. */
  at: number
  samples: number
  cpu: number
  memory: number
  disk: number
  diskSamples: number
}

interface Made {
  /** When, and up to which hour is known. Unix ms. */
  at: number
  to: number
  hours: Sums[]
  by: Record<Metric, Forecast>
}

const metrics = ['cpu', 'memory', 'disk'] as const
type Metric = (typeof metrics)[number]

/** A forecast does not learn from more. */
const LEARNED_DAYS = 60
const DAY_HOURS = DAY_MS / HOUR_MS
const DISKS_MAX = 20
const CURRENT_MINUTES = 30

const meanOf = (row: Sums, metric: Metric) =>
  mean(row[metric], metric === 'disk' ? row.diskSamples : row.samples)
const dateOf = (at: number) => timeOf(at).slice(0, 10)

/** @param fillingDisks those that are full first */
export function createForecastReports(
  db: Db,
  fillingDisks: (max: number, since: number, now: number) => FillingDisks,
) {
  const sums = db.$client.prepare<[object], Sums>(
    `SELECT bucket - bucket % @width AS at, sum(samples) AS samples, sum(cpu_sum) AS cpu, sum(memory_sum) AS memory,
       sum(disk_sum) AS disk, sum(disk_samples) AS diskSamples
     FROM estate_server_rollups WHERE span = ${HOUR_MS} AND bucket >= @from AND bucket < @to GROUP BY 1 ORDER BY 1`,
  )

  let made: Made | null = null

  /** Of all days that can be asked for. It changes with the hour, and while history arrives: kept for a minute of an hour. */
  function madeAt(now: number): Made {
    const to = floor(now, HOUR_MS)
    if (made !== null && made.to === to && isKept(made.at, now)) return made
    const hours = sums.all({ width: HOUR_MS, from: to - LEARNED_DAYS * DAY_MS, to })
    const of = (metric: Metric) =>
      forecast(
        hours.map(row => ({ at: row.at, value: meanOf(row, metric) })),
        now,
        DAYS_MAX,
      )
    made = { at: now, to, hours, by: { cpu: of('cpu'), memory: of('memory'), disk: of('disk') } }
    return made
  }

  return {
    /** As many whole days as asked for, today the last of those that were measured. */
    capacityForecast({ days }: ForecastQuery, now: number): Query<typeof api.capacityForecast> {
      const today = floor(now, DAY_MS)
      const from = today - (days - 1) * DAY_MS
      const known = new Map(sums.all({ width: DAY_MS, from, to: today + DAY_MS }).map(row => [row.at, row]))
      const measured = Array.from({ length: days }, (_, index) => {
        const at = from + index * DAY_MS
        const row = known.get(at)
        const value = (metric: Metric) => (row ? meanOf(row, metric) : null)
        return {
          ...nothing(at),
          kind: 'measured' as const,
          avg_cpu: value('cpu'),
          avg_memory: value('memory'),
          avg_disk: value('disk'),
        }
      })
      const { by } = madeAt(now)
      const predicted = Array.from({ length: days }, (_, index) => {
        const at = today + (index + 1) * DAY_MS
        const of = (metric: Metric) => by[metric].days.find(day => day.at === at)
        const band = (metric: Metric) => {
          const day = of(metric)
          return day ? { low: day.low, high: day.high } : null
        }
        return {
          ...nothing(at),
          kind: 'forecast' as const,
          predicted_cpu: of('cpu')?.value ?? null,
          predicted_memory: of('memory')?.value ?? null,
          predicted_disk: of('disk')?.value ?? null,
          cpu_band: band('cpu'),
          memory_band: band('memory'),
          disk_band: band('disk'),
        }
      })
      return [...measured, ...predicted]
    },
    /** Hour by hour, with how each forecast was made and how good it was. */
    forecastDetail({ days }: ForecastQuery, now: number): Query<typeof api.forecastDetail> {
      const { hours, by, to } = madeAt(now)
      const from = to - days * DAY_MS
      const shown = hours.filter(({ at }) => at >= from)
      return {
        made_at: timeOf(now),
        metrics: metrics.map(metric => {
          const { method, reason, backtest, hours: next } = by[metric]
          return {
            metric,
            method,
            reason,
            backtest,
            measured: shown.map(row => ({ time: timeOf(row.at), value: meanOf(row, metric) })),
            forecast: next
              .slice(0, days * DAY_HOURS)
              .map(({ at, ...hour }) => ({ time: timeOf(at), ...hour })),
          }
        }),
        filling_disks: fillingDisks(DISKS_MAX, sinceOf(CURRENT_MINUTES, now), now),
      }
    },
  }
}

const nothing = (at: number) => ({
  date: dateOf(at),
  avg_cpu: null,
  avg_memory: null,
  avg_disk: null,
  predicted_cpu: null,
  predicted_memory: null,
  predicted_disk: null,
  cpu_band: null,
  memory_band: null,
  disk_band: null,
})
