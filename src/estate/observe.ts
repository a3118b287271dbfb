/** Gauges of the estate, from what is known just before each scrape. */
import { setTimeout as timer } from 'node:timers/promises'
import type { z } from 'zod'
import { containerHealths, serverStatuses } from '../machine/samples.ts'
import type { Instruments, Metrics } from '../observability/metrics.ts'
import type { Clock } from '../shared/clock.ts'
import type { regionalSummary } from './api/analytics.ts'
import type { containersHealth } from './api/containers.ts'
import type { EstateFrame } from './api/pipeline.ts'
import type { availability, performance } from './api/services.ts'
import { type Fresh, freshRead } from './fresh-reads.ts'
import { byLabel, merged } from './label-values.ts'
import type { estateMetrics } from './metrics.ts'

type Frame = Pick<EstateFrame, 'data_at' | 'summary' | 'health' | 'anomalies' | 'anomalies_open'>

/** What is read; each but the stages may be slow, and may fail. */
export interface EstateReads {
  /** As they are now: it is asked before every scrape. */
  stages: () => EstateFrame['stages']
  /** As it goes over the live topic; null: there is none yet. */
  frame: () => Frame | null | Promise<Frame | null>
  containers: () => Promise<z.output<typeof containersHealth>>
  byRegion: () => Promise<z.output<typeof regionalSummary>>
  /** Of the last hour. */
  byService: () => Promise<z.output<typeof performance>>
  instances: () => Promise<z.output<typeof availability>>
}

export interface ObservedEstate {
  metrics: Metrics
  instruments: Instruments<typeof estateMetrics>
  clock: Clock
  reads: EstateReads
  /** Those that are labels; what else a sample names is `_other`. */
  services: readonly string[]
  /** Resolves after so many ms. */
  wait?: (ms: number) => Promise<unknown>
}

export const regions = ['north', 'south', 'east', 'west', 'central', 'here'] as const

/** What nobody knows is no number: NaN, which Prometheus shows as a gap. */
const orNone = (value: number | null | undefined): number => value ?? Number.NaN
const seconds = (time: string | null | undefined): number => (time ? Date.parse(time) / 1000 : Number.NaN)

export function observeEstate({
  metrics,
  instruments: m,
  clock,
  reads,
  services,
  wait = ms => timer(ms, undefined, { ref: false }),
}: ObservedEstate): void {
  /** One read for the scrape; that it failed is counted, after what is known was shown. */
  function observe<T>(read: () => T | Promise<T>, show: (value: T | null) => void): void {
    const fresh = freshRead(read, clock, wait)
    metrics.beforeScrape(async () => {
      const { value, failure }: Fresh<T> = await fresh()
      show(value)
      if (failure) throw failure
    })
  }

  metrics.beforeScrape(async () => {
    for (const { stage, ...is } of reads.stages()) showStage(m, stage, is)
  })

  observe(reads.frame, frame => {
    const servers = frame?.summary.servers
    for (const status of serverStatuses)
      m.estate_resources.set({ kind: 'server', status }, orNone(servers?.[status]))
    m.estate_newest_sample_timestamp_seconds.set({}, seconds(frame?.data_at))
    m.estate_health_score.set({}, orNone(frame?.health.score))
    const critical = frame?.anomalies.filter(({ severity }) => severity === 'critical').length
    m.estate_anomalies_open.set({ severity: 'critical' }, orNone(critical))
    // The frame names fifty; where there are more, those that it does not name count as high.
    m.estate_anomalies_open.set(
      { severity: 'high' },
      frame ? frame.anomalies_open - (critical ?? 0) : Number.NaN,
    )
  })

  observe(reads.containers, containers => {
    for (const status of containerHealths)
      m.estate_resources.set({ kind: 'container', status }, orNone(containers?.[`${status}_containers`]))
    m.estate_container_memory_average_percent.set({}, orNone(containers?.avg_memory_utilization))
    m.estate_container_restarts.set({}, orNone(containers?.total_restarts))
  })

  const shownRegions = byLabel(regions)
  observe(reads.byRegion, rows => {
    for (const [region, of] of shownRegions(rows ?? [], row => row.region)) {
      const mean = (value: 'avg_cpu' | 'avg_memory' | 'avg_disk') =>
        merged(
          of,
          row => row[value],
          row => row.server_count,
        )
      m.estate_cpu_average_percent.set({ region }, mean('avg_cpu'))
      m.estate_memory_average_percent.set({ region }, mean('avg_memory'))
      m.estate_disk_average_percent.set({ region }, mean('avg_disk'))
      const critical = of.reduce((sum, row) => sum + row.critical_count, 0)
      m.estate_servers_critical.set({ region }, rows === null ? Number.NaN : critical)
    }
  })

  const shownServices = byLabel(services)
  observe(reads.byService, rows => {
    for (const [service, of] of shownServices(rows ?? [], row => row.service_name)) {
      m.estate_error_rate_percent.set(
        { service },
        merged(
          of,
          row => row.avg_error_rate,
          row => row.total_requests,
        ),
      )
      // Percentiles of several do not add up: the worst stands for them.
      const slowest = Math.max(...of.map(row => row.p95_response_time ?? -1))
      m.estate_latency_p95_seconds.set({ service }, slowest < 0 ? Number.NaN : slowest / 1000)
    }
  })

  observe(reads.instances, rows => {
    const sum = (count: (row: { instances: number; instances_up: number }) => number) =>
      rows === null ? Number.NaN : rows.reduce((total, row) => total + count(row), 0)
    m.estate_resources.set(
      { kind: 'service', status: 'up' },
      sum(row => row.instances_up),
    )
    m.estate_resources.set(
      { kind: 'service', status: 'silent' },
      sum(row => row.instances - row.instances_up),
    )
  })
}

type Stage = Omit<EstateFrame['stages'][number], 'stage'>

function showStage(m: Instruments<typeof estateMetrics>, stage: string, is: Stage): void {
  const hasSpoken = is.state !== 'unknown'
  m.estate_stage_up.set({ stage }, hasSpoken ? Number(is.state !== 'stopped') : Number.NaN)
  m.estate_stage_failing.set({ stage }, hasSpoken ? Number(is.state === 'failing') : Number.NaN)
  m.estate_stage_lag_seconds.set({ stage }, orNone(is.lag_seconds))
  m.estate_stage_waiting.set({ stage }, hasSpoken ? is.waiting : Number.NaN)
  m.estate_stage_last_success_timestamp_seconds.set({ stage }, seconds(is.last_success_at))
}
