/** Of servers and containers. */
import * as containers from '../../src/estate/api/containers.ts'
import * as servers from '../../src/estate/api/servers.ts'
import { allContainers, allServers, countOf, mean, means } from './estate-machines.ts'
import { buckets, hoursOf, regions, rhythm, secondsAgo, serviceNames, two } from './estate-numbers.ts'
import type { Reply } from './estate-replies.ts'

export const machineReplies: Record<string, Reply> = {
  '/api/servers/current': { shape: servers.serversCurrent, data: () => allServers.slice(0, 25) },
  '/api/servers/trends/cpu': {
    shape: servers.serversTrend,
    data: query =>
      buckets(hoursOf(query, 24)).map((time, index, all) => {
        // A while in which nothing was heard.
        const isGap = index > all.length * 0.3 && index < all.length * 0.36
        return {
          time,
          avg_cpu: isGap ? null : rhythm(time, 46, 12, 1),
          avg_memory: isGap ? null : rhythm(time, 56, 4, 2),
          avg_disk: isGap ? null : rhythm(time, 58, 0.6, 3),
        }
      }),
  },
  '/api/servers/by-region': {
    shape: servers.serversByRegion,
    data: () =>
      regions.map(region => {
        const there = allServers.filter(server => server.region === region)
        return { region, server_count: there.length, ...means(there) }
      }),
  },
  '/api/servers/top-cpu': {
    shape: servers.topCpu,
    data: () =>
      [...allServers]
        .sort((a, b) => (b.cpu_percent ?? 0) - (a.cpu_percent ?? 0))
        .slice(0, 8)
        .map(({ server_id, region, cpu_percent, status, timestamp }) => ({
          server_id,
          region,
          cpu_percent,
          status,
          timestamp,
        })),
  },
  '/api/servers/disk-usage': {
    shape: servers.diskUsage,
    data: () =>
      [...allServers]
        .sort((a, b) => (b.disk_utilization ?? 0) - (a.disk_utilization ?? 0))
        .slice(0, 8)
        .map(({ server_id, region, disk_utilization, timestamp }, index) => ({
          server_id,
          region,
          disk_used_gb: two((disk_utilization ?? 0) * 20),
          disk_total_gb: 2000,
          disk_utilization,
          timestamp,
          days_until_full: index % 3 === 2 ? null : two(3 + index * 8.3),
        })),
  },
  '/api/servers/uptime-summary': {
    shape: servers.uptimeSummary,
    data: () =>
      allServers.slice(40, 48).map(({ server_id, region }, index) => ({
        server_id,
        region,
        uptime_percent: two(86 + index * 1.7),
        heartbeats: 2400 + index,
        last_seen: secondsAgo(index === 0 ? 4000 : 12),
        is_up: index !== 0,
        since: secondsAgo(86_400 * 7),
      })),
  },
  '/api/containers/health': {
    shape: containers.containersHealth,
    data: () => ({
      total_containers: allContainers.length,
      healthy_containers: countOf(allContainers, ({ health }) => health === 'healthy'),
      degraded_containers: countOf(allContainers, ({ health }) => health === 'degraded'),
      unhealthy_containers: countOf(allContainers, ({ health }) => health === 'unhealthy'),
      avg_memory_utilization: mean(allContainers.map(({ memory_utilization }) => memory_utilization)),
      total_restarts: 14,
    }),
  },
  '/api/containers/throughput-trend': {
    shape: containers.throughput,
    data: query =>
      buckets(hoursOf(query, 24)).map(time => ({
        time,
        avg_rps: rhythm(time, 29, 8, 4),
        max_rps: two(rhythm(time, 52, 12, 5)),
        min_rps: two(rhythm(time, 9, 3, 6)),
      })),
  },
  '/api/containers/by-service': {
    shape: containers.containersByService,
    data: () =>
      serviceNames.map(service_name => {
        const there = allContainers.filter(container => container.service_name === service_name)
        return {
          service_name,
          container_count: there.length,
          avg_memory: mean(there.map(({ memory_utilization }) => memory_utilization)),
          avg_rps: mean(there.map(({ requests_per_sec }) => requests_per_sec)),
          total_restarts: there.reduce((sum, { restart_count }) => sum + (restart_count ?? 0), 0),
          healthy_count: countOf(there, ({ health }) => health === 'healthy'),
        }
      }),
  },
  '/api/containers/restarts': {
    shape: containers.restarts,
    data: () =>
      allContainers
        .filter(({ restart_count }) => (restart_count ?? 0) > 2)
        .slice(0, 8)
        .map(({ container_id, service_name, restart_count, health, timestamp }) => ({
          container_id,
          service_name,
          restart_count: restart_count ?? 0,
          restart_count_total: (restart_count ?? 0) + 2,
          health,
          last_seen: timestamp,
        })),
  },
  '/api/containers/current': { shape: containers.containersCurrent, data: () => allContainers.slice(0, 25) },
}
