/** The machines of the estate that the tests of its page show. */
import type { z } from 'zod'
import type * as containers from '../../src/estate/api/containers.ts'
import type * as servers from '../../src/estate/api/servers.ts'
import { environments, pick, regions, secondsAgo, serviceNames, share, two } from './estate-numbers.ts'

type Server = z.output<typeof servers.serversCurrent>[number]
type Container = z.output<typeof containers.containersCurrent>[number]

const four = (number: number) => String(number).padStart(4, '0')

/** 1,000 simulated servers, and the real one. */
export const allServers: Server[] = [
  ...Array.from({ length: 1000 }, (_, index) => {
    const cpu = two(18 + share(index) * 60 + (share(index + 7) > 0.985 ? 20 : 0))
    return {
      timestamp: secondsAgo(Math.floor(share(index + 3) * 30)),
      server_id: `server-${four(index + 1)}`,
      region: pick(regions, index + 1),
      environment: pick(environments, index + 2),
      version: pick(['2026.10', '2026.11'], index + 5),
      cpu_percent: cpu,
      memory_percent: two(30 + share(index + 11) * 52),
      disk_utilization: two(25 + share(index + 13) * 66),
      status: cpu > 85 ? ('critical' as const) : cpu > 72 ? ('warning' as const) : ('healthy' as const),
      real: false,
    }
  }),
  {
    timestamp: secondsAgo(4),
    server_id: 'host-stage',
    region: 'here',
    environment: 'real',
    version: null,
    cpu_percent: 23.4,
    memory_percent: 61.2,
    disk_utilization: null,
    status: 'healthy',
    real: true,
  },
]

export const allContainers: Container[] = Array.from({ length: 2000 }, (_, index) => {
  const memory = two(30 + share(index + 21) * 66)
  const health =
    memory > 95 ? ('unhealthy' as const) : memory > 91 ? ('degraded' as const) : ('healthy' as const)
  return {
    timestamp: secondsAgo(Math.floor(share(index + 23) * 30)),
    container_id: `container-${String(index + 1).padStart(5, '0')}`,
    service_name: pick(serviceNames, index + 4),
    version: pick(['v2.4.1', 'v2.4.2'], index + 9),
    environment: pick(environments, index + 6),
    cpu_percent: two(10 + share(index) * 60),
    memory_utilization: memory,
    requests_per_sec: two(10 + share(index + 2) * 40),
    response_time_ms: two(40 + share(index + 1) * 300),
    restart_count: share(index + 8) > 0.9 ? Math.floor(share(index) * 5) : 0,
    health,
    real: false,
  }
})

export const countOf = <T>(items: readonly T[], fits: (item: T) => boolean) => items.filter(fits).length
export const mean = (values: (number | null)[]) => {
  const known = values.filter(value => value !== null)
  return known.length === 0 ? null : two(known.reduce((sum, value) => sum + value, 0) / known.length)
}
export const means = (list: readonly Server[]) => ({
  avg_cpu: mean(list.map(({ cpu_percent }) => cpu_percent)),
  avg_memory: mean(list.map(({ memory_percent }) => memory_percent)),
  avg_disk: mean(list.map(({ disk_utilization }) => disk_utilization)),
})
