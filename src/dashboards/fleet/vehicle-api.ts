/** The API that the apps of the vehicles' owners call. */
import { series } from '../../telemetry.ts'
import type { Row } from '../board.ts'
import { colour } from '../colours.ts'
import { perSecond, quantile, rate, some } from '../expressions.ts'
import { graph } from '../panels.ts'
import { over } from '../targets.ts'

const requests = series('vehicle_api_requests_total')
const durations = rate(series('vehicle_api_request_duration_seconds_bucket'))
const answered = (status: string) =>
  some(perSecond(series('vehicle_api_requests_total', { status: { matches: status } })), perSecond(requests))
const part = { p50: 'Half', p95: '95 %', p99: '99 %' }

export const vehicleApiRow: Row = {
  title: 'Vehicle API',
  panels: [
    graph({
      title: 'Vehicle API requests per second',
      description:
        'How often apps ask each address of the vehicle API. Empty until two scrapes have seen a request.',
      size: [12, 8],
      queries: [over(perSecond(requests, 'endpoint'), '{{endpoint}}')],
      unit: 'reqps',
      isStacked: true,
    }),
    graph({
      title: 'Vehicle API answers, by status',
      description:
        'What apps are answered: done, refused (not signed in, unknown, too many), or failed through our fault. Empty until two scrapes have seen a request.',
      size: [12, 8],
      queries: [
        over(answered('2..|3..'), 'done (2xx)'),
        over(answered('4..'), 'refused (4xx)'),
        over(answered('5..'), 'failed (5xx)'),
      ],
      unit: 'reqps',
      isStacked: true,
      colours: {
        'done (2xx)': colour.good,
        'refused (4xx)': colour.overage,
        'failed (5xx)': colour.bad,
      },
    }),
    ...([0.5, 0.95, 0.99] as const).map(q => {
      const name = `p${q * 100}` as keyof typeof part
      return graph({
        title: `Vehicle API duration (${name})`,
        description: `${part[name]} of the requests to an address are answered faster than this. Commands wait for the vehicle, up to some seconds. Empty when nobody asks.`,
        size: [8, 8],
        queries: [over(quantile(q, durations, 'endpoint'), '{{endpoint}}')],
        unit: 's',
      })
    }),
  ],
}
