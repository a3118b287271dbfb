import { byId } from '../../dom.ts'
import { serverNow } from '../../server-clock.ts'
import { type Range, ranges } from '../address.ts'
import { trendChart } from '../charts/trend.ts'
import { panel } from '../panel.ts'
import { ask } from '../requests.ts'
import { spanOf, timesOf, valuesAt } from '../series.ts'
import { milliseconds, percent } from '../words.ts'
import type { Chosen } from './chooser.ts'

interface Wish {
  range: Range
  chosen: readonly Chosen[]
}

const none = 'No service is chosen, or none has reported in this time.'

/** Response times and errors of the chosen services. @returns asks anew */
export function serviceTrends(): (wish: Wish) => void {
  const drawLatency = trendChart(byId('services-latency'), { write: milliseconds, none })
  const drawErrors = trendChart(byId('services-errors'), { write: percent, none })
  const latency = panel(
    'services-latency',
    ({ range, chosen }: Wish) =>
      Promise.all(
        chosen.map(async one => ({
          ...one,
          points: (await ask('/api/services/latency-trend', { hours: ranges[range], service: one.service }))
            .data,
        })),
      ),
    (found, { range }) => {
      const times = timesOf(found.flatMap(({ points }) => points))
      drawLatency({
        ...spanOf(ranges[range], serverNow()),
        times,
        lines: found.flatMap(({ service, colour, points }) => [
          { name: `${service}, mean`, colour, values: valuesAt(times, points, point => point.avg_latency) },
          {
            name: `${service}, p95`,
            colour,
            dashed: true,
            values: valuesAt(times, points, point => point.p95_latency),
          },
        ]),
      })
    },
  )
  const errors = panel(
    'services-errors',
    ({ range, chosen }: Wish) =>
      Promise.all(
        chosen.map(async one => ({
          ...one,
          points: (
            await ask('/api/services/error-rate-trend', { hours: ranges[range], service: one.service })
          ).data,
        })),
      ),
    (found, { range }) => {
      const times = timesOf(found.flatMap(({ points }) => points))
      drawErrors({
        ...spanOf(ranges[range], serverNow()),
        times,
        lines: found.map(({ service, colour, points }) => ({
          name: service,
          colour,
          values: valuesAt(times, points, point => point.avg_error_rate),
        })),
      })
    },
  )
  return wish => {
    void latency(wish)
    void errors(wish)
  }
}
