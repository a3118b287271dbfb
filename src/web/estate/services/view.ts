import type { EstateFrame } from '../../../estate/api/pipeline.ts'
import { byId } from '../../dom.ts'
import { type Range, ranges } from '../address.ts'
import { bars } from '../bars.ts'
import { responseLevel, successLevel } from '../levels.ts'
import { panel } from '../panel.ts'
import { ask, type ServicesHealth } from '../requests.ts'
import { type Tile, tiles } from '../tiles.ts'
import type { ViewPart } from '../view.ts'
import { milliseconds, percent, short, whole } from '../words.ts'
import { serviceChooser } from './chooser.ts'
import { joined, tellingFirst } from './joined.ts'
import { servicesTable } from './table.ts'
import { serviceTrends } from './trends.ts'
import { showVersions } from './versions.ts'

interface Now {
  health: ServicesHealth | null
  summary: EstateFrame['summary']['services'] | null
}

const some = (level: 'fair' | 'poor', count: number | undefined) => (count ? level : 'good')
const wanted: Tile<Now>[] = [
  {
    label: 'Healthy',
    number: ({ health }) => whole(health?.healthy_services),
    note: ({ health }) => (health ? `of ${whole(health.total_services)}` : 'not known yet'),
  },
  {
    label: 'Warning',
    number: ({ health }) => whole(health?.warning_services),
    note: () => 'success under 99 %, or over 500 ms',
    level: ({ health }) => some('fair', health?.warning_services),
  },
  {
    label: 'Critical',
    number: ({ health }) => whole(health?.critical_services),
    note: () => 'success under 95 %, or over 1 s',
    level: ({ health }) => some('poor', health?.critical_services),
  },
  {
    label: 'Success',
    number: ({ summary }) => percent(summary?.avg_success_rate),
    note: ({ summary }) => `errors ${percent(summary?.avg_error_rate)}`,
    level: ({ summary }) => successLevel(summary?.avg_success_rate ?? null),
  },
  {
    label: 'Mean response',
    number: ({ summary }) => milliseconds(summary?.avg_latency),
    note: () => 'of all services',
    level: ({ summary }) => responseLevel(summary?.avg_latency ?? null),
  },
  {
    label: 'Requests',
    number: ({ summary }) => short(summary?.total_requests),
    note: () => 'in the newest samples',
  },
]

/** What the services answer, how fast, and in which versions they run. */
export function servicesView(): ViewPart {
  const now: Now = { health: null, summary: null }
  let range: Range = '24h'
  const shown = tiles('services-tiles', wanted)
  const trends = serviceTrends()
  const chooser = serviceChooser(() => draw())
  const draw = () => trends({ range, chosen: chooser.chosen() })
  const versions = showVersions()
  const rows = servicesTable(byId('services-table'))

  const table = panel(
    'services-table',
    async (hours: number) => {
      const [performance, percentiles, availability, health] = await Promise.all([
        ask('/api/services/performance', { hours }),
        ask('/api/services/latency-percentiles', { hours }),
        ask('/api/services/availability', { hours }),
        ask('/api/services/health'),
      ])
      now.health = health.data
      return joined(performance.data, percentiles.data, availability.data, health.data)
    },
    services => {
      shown(now)
      rows(services)
      chooser.offer(tellingFirst(services))
    },
  )
  const failedBars = bars(byId('services-failed'), 'No request has failed.')
  const failed = panel(
    'services-failed',
    async (hours: number) => (await ask('/api/services/failed-requests', { hours, limit: 10 })).data,
    found => {
      const most = Math.max(1, ...found.map(({ total_failures }) => total_failures))
      failedBars(
        found
          .filter(({ total_failures }) => total_failures > 0)
          .map(({ service_name, total_failures, total_requests, avg_error_rate }) => ({
            name: service_name,
            note: `${percent(avg_error_rate)} of ${short(total_requests)}`,
            words: short(total_failures),
            share: total_failures / most,
            level: successLevel(avg_error_rate === null ? null : 100 - avg_error_rate),
          })),
      )
    },
  )
  return {
    refresh(wish) {
      range = wish
      if (chooser.chosen().length > 0) draw()
      void table(ranges[range])
      void failed(ranges[range])
      versions()
    },
    frame({ summary }) {
      now.summary = summary.services
      shown(now)
    },
  }
}
