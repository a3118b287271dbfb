import * as api from '../api/containers.ts'
import { windowQuery } from '../api/servers.ts'
import { endpoint } from './endpoint.ts'

export const containerEndpoints = [
  endpoint({
    kind: 'containersHealth',
    paths: ['/api/containers/health'],
    summary: 'How the containers are',
    description: 'Of those heard of in the last minutes, by the newest sample of each.',
    query: api.containersHealthQuery,
    reply: api.containersHealth,
  }),
  endpoint({
    kind: 'containersCurrent',
    paths: ['/api/containers/current'],
    summary: 'The newest sample of each container',
    query: api.containersCurrentQuery,
    reply: api.containersCurrent,
    paged: true,
  }),
  endpoint({
    kind: 'containersByService',
    paths: ['/api/containers/by-service'],
    summary: 'The containers of each service',
    query: windowQuery,
    reply: api.containersByService,
  }),
  endpoint({
    kind: 'highMemory',
    paths: ['/api/containers/high-memory'],
    summary: 'The containers above a share of their memory, fullest first',
    query: api.highMemoryQuery,
    reply: api.highMemory,
  }),
  endpoint({
    kind: 'restarts',
    paths: ['/api/containers/restarts'],
    summary: 'The containers that restarted, most often first',
    query: api.restartsQuery,
    reply: api.restarts,
  }),
  endpoint({
    kind: 'throughput',
    paths: ['/api/containers/throughput-trend', '/api/containers/throughput'],
    summary: 'Requests a second of a container over time',
    description: 'A bucket without samples is a row of nulls.',
    query: api.throughputQuery,
    reply: api.throughput,
  }),
]
