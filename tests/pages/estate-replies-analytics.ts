/** Of what is made of it all, and of the pipeline. */
import type { z } from 'zod'
import * as analytics from '../../src/estate/api/analytics.ts'
import * as pipeline from '../../src/estate/api/pipeline.ts'
import { faultKinds } from '../../src/machine/notices.ts'
import { anomaly, frameExample, openAnomalies } from './estate-example.ts'
import { allContainers, allServers, countOf, means } from './estate-machines.ts'
import { buckets, hoursOf, regions, rhythm, secondsAgo, two } from './estate-numbers.ts'
import type { Reply } from './estate-replies.ts'

export const analyticsReplies: Record<string, Reply> = {
  '/api/analytics/trend': {
    shape: analytics.healthTrend,
    data: query =>
      buckets(hoursOf(query, 24)).map((time, index, all) => ({
        time,
        score: index > all.length * 0.95 ? two(rhythm(time, 62, 2, 8)) : rhythm(time, 73, 3, 8),
        critical_servers: index > all.length * 0.95 ? 2 : 0,
      })),
  },
  '/api/analytics/daily-stats': {
    shape: analytics.dailyStats,
    data: () => ({
      ...means(allServers),
      total_servers: allServers.length,
      total_requests: 48_213_770,
      failed_requests: 219_040,
      avg_success_rate: 99.55,
      total_restarts: 212,
      active_containers: allContainers.length,
    }),
  },
  '/api/analytics/regional-summary': {
    shape: analytics.regionalSummary,
    data: () =>
      regions.map(region => {
        const there = allServers.filter(server => server.region === region)
        return {
          region,
          server_count: there.length,
          ...means(there),
          critical_count: countOf(there, ({ status }) => status === 'critical'),
        }
      }),
  },
  '/api/analytics/anomalies': {
    shape: analytics.anomalies,
    data: () => [
      ...openAnomalies,
      anomaly(20, {
        ended_at: secondsAgo(20_000),
        since: secondsAgo(24_000),
        resource_name: 'search',
        service_name: 'search',
        description: 'search took 840 ms at p95; usually it takes 320 ms.',
        anomaly_type: 'latency_drift',
        metric_name: 'p95_response_time_ms',
        value: 840,
        expected: 320,
        detector: 'ewma',
        severity: 'high',
        version: null,
      }),
    ],
  },
  '/estate/pipeline': {
    shape: pipeline.pipelineReply,
    data: () => ({
      status: 'healthy',
      stages: frameExample().stages,
      lake: { where: 'data/lake' },
      history: null,
    }),
  },
  '/estate/faults': {
    shape: pipeline.faults,
    data: () => [
      {
        id: 'fault-2',
        kind: 'error_burst',
        resource_kind: 'service',
        resource: 'checkout',
        version: 'v2.4.2',
        started_at: secondsAgo(330),
        ended_at: null,
      },
      {
        id: 'fault-1',
        kind: 'cpu_saturation',
        resource_kind: 'server',
        resource: 'server-0417',
        version: null,
        started_at: secondsAgo(9000),
        ended_at: secondsAgo(8400),
      },
    ],
  },
  '/estate/forecast': { shape: analytics.forecastDetail, data: () => forecastExample() },
  '/estate/detector-score': {
    shape: analytics.detectorScore,
    data: () => ({
      hours: 24,
      faults: 18,
      found: 17,
      false_alarms: 2,
      precision: 0.895,
      recall: 0.944,
      delay_seconds: { median: 94, p90: 260 },
      by_kind: faultKinds.map((kind, index) => ({
        kind,
        faults: index === 6 ? 0 : 3,
        found: index === 6 ? 0 : index === 2 ? 2 : 3,
        recall: index === 6 ? null : index === 2 ? 0.667 : 1,
        median_delay_seconds: index === 6 ? null : 60 + index * 25,
      })),
    }),
  },
}

type Forecast = z.output<typeof analytics.forecastDetail>

/** CPU by the season, memory fallen back, disk without a forecast. */
export function forecastExample(changes: Partial<Forecast> = {}): Forecast {
  const past = buckets(168)
  const last = Date.parse(past.at(-1) ?? '')
  const coming = Array.from({ length: 168 }, (_, hour) =>
    new Date(last + (hour + 1) * 3_600_000).toISOString(),
  )
  const metric = (name: 'cpu' | 'memory' | 'disk', middle: number, swing: number) => ({
    metric: name,
    measured: past.map(time => ({ time, value: rhythm(time, middle, swing, 1) })),
    forecast: coming.map((time, hour) => {
      const value = two(rhythm(time, middle, swing, 400))
      const wide = swing * 0.3 + hour * 0.015
      return { time, value, low: two(value - wide), high: two(value + wide) }
    }),
  })
  return {
    made_at: secondsAgo(600),
    metrics: [
      {
        ...metric('cpu', 46, 12),
        method: 'seasonal',
        reason: 'It repeats by the hour of the week, and was closer than repeating the past.',
        backtest: { hours: 168, seasonal_mae: 1.62, naive_mae: 2.31, coverage_percent: 82.4 },
      },
      {
        ...metric('memory', 56, 4),
        method: 'seasonal_naive',
        reason: 'The seasonal method was not better than repeating the past.',
        backtest: { hours: 168, seasonal_mae: 1.2, naive_mae: 0.9, coverage_percent: 78.9 },
      },
      {
        metric: 'disk',
        method: 'none',
        reason: 'Less than two days are known.',
        backtest: null,
        measured: [],
        forecast: [],
      },
    ],
    filling_disks: [
      { server_id: 'server-0144', region: 'west', disk_utilization: 88.2, days_until_full: 3.4 },
      { server_id: 'server-0632', region: 'north', disk_utilization: 81, days_until_full: 11.6 },
    ],
    ...changes,
  }
}
