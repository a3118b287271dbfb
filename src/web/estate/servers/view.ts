import type { EstateFrame } from '../../../estate/api/pipeline.ts'
import { byId } from '../../dom.ts'
import { ranges } from '../address.ts'
import { bars } from '../bars.ts'
import { levelOf, levelWords, statusLevel, thresholds } from '../levels.ts'
import { panel } from '../panel.ts'
import { ask } from '../requests.ts'
import { serverTrend } from '../server-trend.ts'
import { type Tile, tiles } from '../tiles.ts'
import type { ViewPart } from '../view.ts'
import { counted, daysWords, gigabytes, nameWords, percent, whole } from '../words.ts'
import { serversTable } from './table.ts'

type Servers = EstateFrame['summary']['servers']
const LISTED = 8

const of = ({ total }: Servers) => (total === 0 ? 'none reported yet' : `of ${whole(total)}`)
const measured = (name: 'cpu' | 'memory' | 'disk', label: string): Tile<Servers> => {
  const level = (now: Servers) => levelOf(now[`avg_${name}`], thresholds[name])
  return { label, number: now => percent(now[`avg_${name}`]), note: now => levelWords[level(now)], level }
}

const wanted: Tile<Servers>[] = [
  { label: 'Healthy', number: now => whole(now.healthy), note: of },
  {
    label: 'Warning',
    number: now => whole(now.warning),
    note: of,
    level: now => (now.warning > 0 ? 'fair' : 'good'),
  },
  {
    label: 'Critical',
    number: now => whole(now.critical),
    note: of,
    level: now => (now.critical > 0 ? 'poor' : 'good'),
  },
  measured('cpu', 'Mean CPU'),
  measured('memory', 'Mean memory'),
  measured('disk', 'Mean disk'),
]

/** What the servers do. */
export function serversView(): ViewPart {
  const shown = tiles('servers-tiles', wanted)
  const trend = serverTrend('servers-trend', byId('servers-trend'))
  const table = serversTable()

  const byRegion = bars(byId('servers-regions'), 'No server has reported yet.')
  const regions = panel(
    'servers-regions',
    async () => (await ask('/api/servers/by-region')).data,
    found => {
      byRegion(
        found.map(({ region, server_count, avg_cpu, avg_memory, avg_disk }) => ({
          name: region,
          note: `${counted(server_count, 'server')}, memory ${percent(avg_memory)}, disk ${percent(avg_disk)}`,
          words: percent(avg_cpu),
          share: avg_cpu === null ? null : avg_cpu / 100,
          level: levelOf(avg_cpu, thresholds.cpu),
        })),
      )
      table.offer('region', found.map(({ region }) => region).sort())
    },
  )
  const topBars = bars(byId('servers-top'), 'No server has reported yet.')
  const top = panel(
    'servers-top',
    async () => (await ask('/api/servers/top-cpu', { limit: LISTED })).data,
    found =>
      topBars(
        found.map(({ server_id, region, cpu_percent, status }) => ({
          name: server_id,
          note: `${region ?? 'no region'}, ${nameWords(status).toLowerCase()}`,
          words: percent(cpu_percent),
          share: cpu_percent === null ? null : cpu_percent / 100,
          level: statusLevel(status),
        })),
      ),
  )
  const diskBars = bars(byId('servers-disks'), 'No disk is fuller than 50 %.')
  const disks = panel(
    'servers-disks',
    async () => (await ask('/api/servers/disk-usage', { limit: LISTED })).data,
    found =>
      diskBars(
        found.map(disk => ({
          name: disk.server_id,
          note:
            disk.days_until_full === null
              ? `${gigabytes(disk.disk_used_gb)} of ${gigabytes(disk.disk_total_gb)}, no growth known`
              : `full in ${daysWords(disk.days_until_full)}`,
          words: percent(disk.disk_utilization),
          share: disk.disk_utilization === null ? null : disk.disk_utilization / 100,
          level: levelOf(disk.disk_utilization, thresholds.disk),
        })),
      ),
  )
  const uptimeBars = bars(byId('servers-uptime'), 'No server has reported in this time.')
  const uptime = panel(
    'servers-uptime',
    async (hours: number) =>
      (await ask('/api/servers/uptime-summary', { hours, order: 'asc', limit: LISTED })).data,
    found =>
      uptimeBars(
        found.map(({ server_id, region, uptime_percent, is_up }) => ({
          name: server_id,
          note: `${region ?? 'no region'}, ${is_up ? 'up' : 'silent now'}`,
          words: percent(uptime_percent),
          share: uptime_percent === null ? null : uptime_percent / 100,
          level: is_up ? 'good' : 'poor',
        })),
      ),
  )
  return {
    refresh(range) {
      trend(range)
      void uptime(ranges[range])
      for (const refresh of [regions, top, disks]) void refresh(undefined)
      void table.refresh()
    },
    frame: ({ summary }) => shown(summary.servers),
  }
}
