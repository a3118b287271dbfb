import * as api from '../api/servers.ts'
import { endpoint } from './endpoint.ts'

export const serverEndpoints = [
  endpoint({
    kind: 'serversHealth',
    paths: ['/api/servers/health'],
    summary: 'How the servers are',
    description: 'Of those heard of in the last minutes, by the newest sample of each: a server counts once.',
    query: api.serversHealthQuery,
    reply: api.serversHealth,
  }),
  endpoint({
    kind: 'serversCurrent',
    paths: ['/api/servers/current'],
    summary: 'The newest sample of each server',
    query: api.serversCurrentQuery,
    reply: api.serversCurrent,
    paged: true,
  }),
  endpoint({
    kind: 'serversTrend',
    paths: ['/api/servers/trends/cpu'],
    summary: 'CPU, memory and disk of the servers over time',
    description: 'A bucket without samples is a row of nulls.',
    query: api.serversTrendQuery,
    reply: api.serversTrend,
  }),
  endpoint({
    kind: 'serversByRegion',
    paths: ['/api/servers/by-region'],
    summary: 'The servers by region, most first',
    query: api.windowQuery,
    reply: api.serversByRegion,
  }),
  endpoint({
    kind: 'topCpu',
    paths: ['/api/servers/top-cpu'],
    summary: 'The servers whose CPU is busiest',
    query: api.topCpuQuery,
    reply: api.topCpu,
  }),
  endpoint({
    kind: 'diskUsage',
    paths: ['/api/servers/disk-usage'],
    summary: 'The servers whose disks are above the threshold, fullest first',
    query: api.diskUsageQuery,
    reply: api.diskUsage,
    paged: true,
  }),
  endpoint({
    kind: 'uptimeSummary',
    paths: ['/api/servers/uptime-summary'],
    summary: 'How much of the time each server was there, least first',
    description: 'Of whole hours: the first is the one that was so many hours ago.',
    query: api.uptimeQuery,
    reply: api.uptimeSummary,
    paged: true,
  }),
]
