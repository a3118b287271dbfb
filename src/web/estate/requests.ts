/** What the page asks the server, by the shapes that the server declares. */
import type * as analytics from '../../estate/api/analytics.ts'
import type * as containers from '../../estate/api/containers.ts'
import type * as pipeline from '../../estate/api/pipeline.ts'
import type * as servers from '../../estate/api/servers.ts'
import type * as services from '../../estate/api/services.ts'
import { type Answer, call } from '../api.ts'

type Query = Record<string, string | number>
type Of<Shape extends { _output: unknown }> = Shape['_output']

export type SystemHealth = Of<typeof analytics.systemHealth>
export type Contributor = Of<typeof analytics.contributor>
export type Anomaly = Of<typeof analytics.anomaly>
export type DailyStats = Of<typeof analytics.dailyStats>
export type ForecastDetail = Of<typeof analytics.forecastDetail>
export type ForecastMetric = Of<typeof analytics.forecastMetric>
export type Region = Of<typeof analytics.regionalSummary>[number]
export type DetectorScore = Of<typeof analytics.detectorScore>
export type Server = Of<typeof servers.serversCurrent>[number]
export type Disk = Of<typeof servers.diskUsage>[number]
export type Uptime = Of<typeof servers.uptimeSummary>[number]
export type Container = Of<typeof containers.containersCurrent>[number]
export type ContainersHealth = Of<typeof containers.containersHealth>
export type Restart = Of<typeof containers.restarts>[number]
export type ServicesHealth = Of<typeof services.servicesHealth>
export type Instances = Of<typeof services.instances>[number]
export type Performance = Of<typeof services.performance>[number]
export type Percentiles = Of<typeof services.latencyPercentiles>[number]
export type Availability = Of<typeof services.availability>[number]
export type Pipeline = Of<typeof pipeline.pipelineReply>
export type StageShape = Of<typeof pipeline.stageShape>
export type Fault = Of<typeof pipeline.faults>[number]
export type Injected = Of<typeof pipeline.injectReply>

/** Everything the page reads, by what it is. */
interface Replies {
  '/api/servers/trends/cpu': Of<typeof servers.serversTrend>
  '/api/servers/by-region': Of<typeof servers.serversByRegion>
  '/api/servers/top-cpu': Of<typeof servers.topCpu>
  '/api/servers/disk-usage': Disk[]
  '/api/servers/uptime-summary': Uptime[]
  '/api/servers/current': Server[]
  '/api/services/health': ServicesHealth
  '/api/services/latency-trend': Of<typeof services.latencyTrend>
  '/api/services/error-rate-trend': Of<typeof services.errorRateTrend>
  '/api/services/performance': Performance[]
  '/api/services/latency-percentiles': Percentiles[]
  '/api/services/availability': Availability[]
  '/api/services/failed-requests': Of<typeof services.failedRequests>
  '/api/services/instances': Instances[]
  '/api/services/top-errors': Of<typeof services.topErrors>
  '/api/containers/health': ContainersHealth
  '/api/containers/throughput-trend': Of<typeof containers.throughput>
  '/api/containers/by-service': Of<typeof containers.containersByService>
  '/api/containers/restarts': Restart[]
  '/api/containers/current': Container[]
  '/api/analytics/trend': Of<typeof analytics.healthTrend>
  '/api/analytics/daily-stats': DailyStats
  '/api/analytics/regional-summary': Region[]
  '/api/analytics/anomalies': Anomaly[]
  '/estate/pipeline': Pipeline
  '/estate/faults': Fault[]
  '/estate/forecast': ForecastDetail
  '/estate/detector-score': DetectorScore
}

/** Asks for one of them. @throws Problem */
export function ask<Path extends keyof Replies>(
  path: Path,
  query: Query = {},
): Promise<Answer<Replies[Path]>> {
  const given = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  return call(given.size === 0 ? path : `${path}?${given}`)
}

/** Breaks something on purpose in the simulated estate; the presenter only. @throws Problem */
export const inject = (body: { kind: string; resource?: string; seconds: number }) =>
  call<Injected>('/estate/faults', { method: 'POST', body })
