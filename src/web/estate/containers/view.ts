import { byId } from '../../dom.ts'
import { serverNow } from '../../server-clock.ts'
import { type Range, ranges } from '../address.ts'
import { bars } from '../bars.ts'
import { trendChart } from '../charts/trend.ts'
import { levelOf, levelWords, statusLevel, thresholds } from '../levels.ts'
import { panel } from '../panel.ts'
import { ask, type ContainersHealth } from '../requests.ts'
import { spanOf, timesOf, valuesAt } from '../series.ts'
import { plainTable } from '../table/plain.ts'
import { type Tile, tiles } from '../tiles.ts'
import type { ViewPart } from '../view.ts'
import { counted, nameWords, percent, perSecond, whole } from '../words.ts'
import { containersTable } from './table.ts'

const LISTED = 8

const of = ({ total_containers }: ContainersHealth) =>
  total_containers === 0 ? 'none reported yet' : `of ${whole(total_containers)}`
const wanted: Tile<ContainersHealth>[] = [
  { label: 'Healthy', number: now => whole(now.healthy_containers), note: of },
  {
    label: 'Degraded',
    number: now => whole(now.degraded_containers),
    note: of,
    level: now => (now.degraded_containers > 0 ? 'fair' : 'good'),
  },
  {
    label: 'Unhealthy',
    number: now => whole(now.unhealthy_containers),
    note: of,
    level: now => (now.unhealthy_containers > 0 ? 'poor' : 'good'),
  },
  {
    label: 'Mean memory',
    number: now => percent(now.avg_memory_utilization),
    note: now => levelWords[levelOf(now.avg_memory_utilization, thresholds.memory)],
    level: now => levelOf(now.avg_memory_utilization, thresholds.memory),
  },
  { label: 'Restarts', number: now => whole(now.total_restarts), note: () => 'in the last half hour' },
]

/** What the containers do. */
export function containersView(): ViewPart {
  const shown = tiles('containers-tiles', wanted)
  const table = containersTable()
  const health = panel('containers-health', async () => (await ask('/api/containers/health')).data, shown)
  const draw = trendChart(byId('containers-throughput'), {
    write: perSecond,
    none: 'No container has reported in this time.',
  })
  const throughput = panel(
    'containers-throughput',
    async (range: Range) => (await ask('/api/containers/throughput-trend', { hours: ranges[range] })).data,
    (points, range) => {
      const times = timesOf(points)
      draw({
        ...spanOf(ranges[range], serverNow()),
        times,
        lines: [
          { name: 'Mean of all', colour: 1, values: valuesAt(times, points, ({ avg_rps }) => avg_rps) },
          {
            name: 'Highest',
            colour: 2,
            dashed: true,
            values: valuesAt(times, points, ({ max_rps }) => max_rps),
          },
        ],
      })
    },
  )
  const restartBars = bars(byId('containers-restarts'), 'No container has restarted.')
  const restarts = panel(
    'containers-restarts',
    async (hours: number) => (await ask('/api/containers/restarts', { hours, limit: LISTED })).data,
    found => {
      const most = Math.max(1, ...found.map(({ restart_count }) => restart_count))
      restartBars(
        found.map(({ container_id, service_name, restart_count, health }) => ({
          name: container_id,
          note: `${service_name ?? 'no service'}, ${nameWords(health).toLowerCase()}`,
          words: counted(restart_count, 'restart'),
          share: restart_count / most,
          level: statusLevel(health),
        })),
      )
    },
  )
  const rows = plainTable<Awaited<ReturnType<typeof services>>[number]>(
    byId('containers-services'),
    'Table of containers by service',
    ({ service_name }) => service_name,
    [
      { label: 'Service', sort: 'name', by: one => one.service_name, cell: one => one.service_name },
      {
        label: 'Containers',
        sort: 'count',
        isNumber: true,
        by: one => one.container_count,
        cell: one => whole(one.container_count),
      },
      {
        label: 'Healthy',
        sort: 'healthy',
        isNumber: true,
        by: one => (one.container_count === 0 ? null : one.healthy_count / one.container_count),
        cell: one =>
          `${whole(one.healthy_count)} · ${percent(one.container_count === 0 ? null : (100 * one.healthy_count) / one.container_count)}`,
      },
      {
        label: 'Memory',
        sort: 'memory',
        isNumber: true,
        by: one => one.avg_memory,
        cell: one => percent(one.avg_memory),
      },
      {
        label: 'Requests',
        sort: 'requests',
        isNumber: true,
        by: one => one.avg_rps,
        cell: one => perSecond(one.avg_rps),
      },
      {
        label: 'Restarts',
        sort: 'restarts',
        isNumber: true,
        by: one => one.total_restarts,
        cell: one => whole(one.total_restarts),
      },
    ],
    'No container has reported yet.',
    'name',
  )
  const byService = panel('containers-services', services, found => {
    rows(found)
    table.offer('service', found.map(({ service_name }) => service_name).sort())
  })
  return {
    refresh(range) {
      void throughput(range)
      void restarts(ranges[range])
      for (const refresh of [health, byService]) void refresh(undefined)
      void table.refresh()
    },
    frame() {
      // The summary has no degraded ones: the tiles come with the answers.
    },
  }
}

const services = async () => (await ask('/api/containers/by-service')).data
