import * as api from '../api/analytics.ts'
import * as pipeline from '../api/pipeline.ts'
import { endpoint } from './endpoint.ts'

const GAPS = 'A bucket without samples is a row of nulls.'

export const analyticsEndpoints = [
  endpoint({
    kind: 'systemHealth',
    paths: ['/api/analytics/system-health', '/api/analytics/health-score'],
    summary: 'Health of the whole estate, 0 to 100',
    description:
      'A quarter each of free CPU, free memory, free disk and successful requests, less 5 for each critical server but 20 at most. Unknown (null) while one of the four is.',
    query: api.healthQuery,
    reply: api.systemHealth,
  }),
  endpoint({
    kind: 'healthTrend',
    paths: ['/api/analytics/trend'],
    summary: 'Health of the whole estate over time',
    description: GAPS,
    query: api.healthTrendQuery,
    reply: api.healthTrend,
  }),
  endpoint({
    kind: 'topCpuResources',
    paths: ['/api/analytics/top-cpu-resources'],
    summary: 'The servers whose CPU is busiest',
    query: api.topResourcesQuery,
    reply: api.topResources,
  }),
  endpoint({
    kind: 'topMemoryResources',
    paths: ['/api/analytics/top-memory-resources'],
    summary: 'The servers and containers whose memory is fullest',
    query: api.topResourcesQuery,
    reply: api.topResources,
  }),
  endpoint({
    kind: 'anomalies',
    paths: ['/api/analytics/anomalies'],
    summary: 'What is or was out of order, newest first',
    description: 'Detected in the hours asked for, or lasting still; one for each cause.',
    query: api.anomaliesQuery,
    reply: api.anomalies,
  }),
  endpoint({
    kind: 'dailyStats',
    paths: ['/api/analytics/daily-stats'],
    summary: 'The last days in a few figures',
    query: api.daysQuery,
    reply: api.dailyStats,
  }),
  endpoint({
    kind: 'capacityForecast',
    paths: ['/api/analytics/capacity-forecast', '/api/analytics/forecast'],
    summary: 'CPU, memory and disk of the last days, and of the next',
    description:
      'As many days as asked for that were measured, today the last, then as many that are predicted, with a band in which 80 % of outcomes are expected. `/estate/forecast` tells how it was made.',
    query: api.forecastQuery,
    reply: api.capacityForecast,
  }),
  endpoint({
    kind: 'forecastDetail',
    paths: ['/estate/forecast'],
    summary: 'The forecast hour by hour, how it was made, and how good it was on the last days',
    query: api.forecastQuery,
    reply: api.forecastDetail,
  }),
  endpoint({
    kind: 'regionalSummary',
    paths: ['/api/analytics/regional-summary'],
    summary: 'The regions, with their critical servers',
    query: api.healthQuery,
    reply: api.regionalSummary,
  }),
  endpoint({
    kind: 'cpuTrend',
    paths: ['/api/analytics/cpu-trends', '/api/cpu-trends'],
    summary: 'CPU of all servers over time',
    description: GAPS,
    query: api.shortTrendQuery,
    reply: api.cpuTrend,
  }),
  endpoint({
    kind: 'memoryTrend',
    paths: ['/api/analytics/memory-trends', '/api/memory-trends'],
    summary: 'Memory of all servers over time',
    description: GAPS,
    query: api.shortTrendQuery,
    reply: api.memoryTrend,
  }),
  endpoint({
    kind: 'diskTrend',
    paths: ['/api/analytics/disk-trends', '/api/disk-trends'],
    summary: 'Disks of all servers over time',
    description: GAPS,
    query: api.shortTrendQuery,
    reply: api.diskTrend,
  }),
  endpoint({
    kind: 'serviceTrend',
    paths: ['/api/analytics/service-trends', '/api/service-trends'],
    summary: 'Requests of all services over time, and their success',
    query: api.shortTrendQuery,
    reply: api.serviceTrend,
  }),
  endpoint({
    kind: 'detectorScore',
    paths: ['/estate/detector-score'],
    summary: 'How good the detectors are',
    description: 'Against the faults that the generator began in the hours asked for, and told.',
    query: api.scoreQuery,
    reply: api.detectorScore,
  }),
  endpoint({
    kind: 'faults',
    paths: ['/estate/faults'],
    summary: 'What the generator broke on purpose, newest first',
    query: pipeline.faultsQuery,
    reply: pipeline.faults,
    paged: true,
  }),
]
