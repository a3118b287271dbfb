import * as api from '../api/services.ts'
import { endpoint } from './endpoint.ts'

const ROWS = 'At most 20,160 rows: for more, name one service or choose a longer interval.'

export const serviceEndpoints = [
  endpoint({
    kind: 'servicePerformance',
    paths: ['/api/services/performance'],
    summary: 'How the services do, least successful first',
    query: api.performanceQuery,
    reply: api.performance,
  }),
  endpoint({
    kind: 'latencyTrend',
    paths: ['/api/services/latency-trend', '/api/services/latency'],
    summary: 'Response times of the services over time',
    description: `A row for each bucket and service, of nulls where nothing is known. ${ROWS}`,
    query: api.serviceTrendQuery,
    reply: api.latencyTrend,
  }),
  endpoint({
    kind: 'errorRateTrend',
    paths: ['/api/services/error-rate-trend', '/api/services/error-rate'],
    summary: 'Errors of the services over time',
    description: `A row for each bucket and service, of nulls where nothing is known. ${ROWS}`,
    query: api.serviceTrendQuery,
    reply: api.errorRateTrend,
  }),
  endpoint({
    kind: 'successRateGauge',
    paths: ['/api/services/success-rate-gauge'],
    summary: 'Success of the services now, least first',
    query: api.serviceWindowQuery,
    reply: api.successRateGauge,
  }),
  endpoint({
    kind: 'failedRequests',
    paths: ['/api/services/failed-requests'],
    summary: 'Failed requests of the services, most first',
    query: api.failedRequestsQuery,
    reply: api.failedRequests,
  }),
  endpoint({
    kind: 'instances',
    paths: ['/api/services/instances'],
    summary: 'What runs of each service, and in which versions',
    query: api.serviceWindowQuery,
    reply: api.instances,
  }),
  endpoint({
    kind: 'servicesByRegion',
    paths: ['/api/services/by-region'],
    summary: 'The services in each region',
    query: api.serviceHoursQuery,
    reply: api.servicesByRegion,
  }),
  endpoint({
    kind: 'slowest',
    paths: ['/api/services/slowest'],
    summary: 'The services that take longest',
    query: api.slowestQuery,
    reply: api.slowest,
  }),
  endpoint({
    kind: 'servicesHealth',
    paths: ['/api/services/health'],
    summary: 'How the services are',
    description:
      'Healthy: more than 99 % succeed, in less than 500 ms on average. Critical: less than 95 %, or more than 1,000 ms.',
    query: api.serviceWindowQuery,
    reply: api.servicesHealth,
  }),
  endpoint({
    kind: 'topErrors',
    paths: ['/api/services/top-errors'],
    summary: 'The services with the most errors of their requests',
    query: api.topErrorsQuery,
    reply: api.topErrors,
  }),
  endpoint({
    kind: 'availability',
    paths: ['/api/services/availability'],
    summary: 'How much of the time the instances of each service were there',
    description: 'Of the time since each instance was first heard of, within the hours asked for.',
    query: api.availabilityQuery,
    reply: api.availability,
  }),
  endpoint({
    kind: 'latencyPercentiles',
    paths: ['/api/services/latency-percentiles'],
    summary: 'Percentiles of the response times of each service',
    description: 'Of all requests of all instances together, off by at most 2 % of their value.',
    query: api.percentilesQuery,
    reply: api.latencyPercentiles,
  }),
]
