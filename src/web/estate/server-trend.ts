import { serverNow } from '../server-clock.ts'
import { type Range, ranges } from './address.ts'
import { trendChart } from './charts/trend.ts'
import { panel } from './panel.ts'
import { ask } from './requests.ts'
import { spanOf, timesOf, valuesAt } from './series.ts'
import { percent } from './words.ts'

/** CPU, memory and disk of all servers over time. @param id of its card @returns asks anew */
export function serverTrend(id: string, place: HTMLElement): (range: Range) => void {
  const draw = trendChart(place, {
    write: percent,
    none: 'No server has reported in this time.',
    most: 100,
  })
  const refresh = panel(
    id,
    async (range: Range) => (await ask('/api/servers/trends/cpu', { hours: ranges[range] })).data,
    (points, range) => {
      const times = timesOf(points)
      draw({
        ...spanOf(ranges[range], serverNow()),
        times,
        lines: [
          { name: 'CPU', colour: 1, values: valuesAt(times, points, ({ avg_cpu }) => avg_cpu) },
          { name: 'Memory', colour: 2, values: valuesAt(times, points, ({ avg_memory }) => avg_memory) },
          {
            name: 'Disk',
            colour: 3,
            dashed: true,
            values: valuesAt(times, points, ({ avg_disk }) => avg_disk),
          },
        ],
      })
    },
  )
  return range => void refresh(range)
}
