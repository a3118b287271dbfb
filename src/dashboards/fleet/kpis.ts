/** The figures of the vehicle API, as they were in the last snapshot, against what they should be. */
import { series } from '../../telemetry.ts'
import type { Row } from '../board.ts'
import { type Colour, colour, type Step, steps } from '../colours.ts'
import { known, perMinute } from '../expressions.ts'
import { figure, graph } from '../panels.ts'
import { now, over } from '../targets.ts'

interface Kpi {
  name: string
  title: string
  about: string
  unit?: string
  decimals?: number
  levels?: Step[]
}

const below = (target: number, miss: Colour = colour.bad) =>
  steps(colour.good, [target / 2, colour.overage], [target, miss])
const atLeast = (target: number, miss: Colour = colour.bad) => steps(miss, [target, colour.good])

const anHour = 'Of the last hour, at the last snapshot (each minute).'
const aWeek = 'Of the last week, at the last snapshot (each minute).'

const operational: Kpi[] = [
  {
    name: 'avg_latency_ms',
    title: 'Latency, mean',
    about: `Mean time to answer; below 200 ms is aimed at. ${anHour}`,
    unit: 'ms',
    decimals: 1,
    levels: below(200),
  },
  {
    name: 'p95_latency_ms',
    title: 'Latency, p95',
    about: `95 % were answered faster; below 500 ms is aimed at. ${anHour}`,
    unit: 'ms',
    decimals: 1,
    levels: below(500),
  },
  {
    name: 'p99_latency_ms',
    title: 'Latency, p99',
    about: `99 % were answered faster. ${anHour}`,
    unit: 'ms',
    decimals: 1,
  },
  {
    name: 'error_rate_percent',
    title: 'Errors',
    about: `Answers of 400 and above; below 1 % is aimed at. ${anHour}`,
    unit: 'percent',
    decimals: 2,
    levels: below(1),
  },
  {
    name: 'server_error_rate_percent',
    title: 'Server errors',
    about: `Answers of 500 and above, our own failures. ${anHour}`,
    unit: 'percent',
    decimals: 2,
    levels: below(1),
  },
  {
    name: 'availability_percent',
    title: 'Availability',
    about: `Minutes in which the server was there; 99.5 % is aimed at. ${anHour}`,
    unit: 'percent',
    decimals: 2,
    levels: atLeast(99.5),
  },
  {
    name: 'total_requests',
    title: 'Requests',
    about: `Requests to the vehicle API, measured or reported. ${anHour}`,
    decimals: 0,
  },
  {
    name: 'requests_per_minute',
    title: 'Requests a minute',
    about: `The same by the minute. ${anHour}`,
    decimals: 1,
    unit: 'suffix:/min',
  },
  {
    name: 'throughput_per_second',
    title: 'Throughput',
    about: `The same by the second; 100 is aimed at, which a demo does not reach. ${anHour}`,
    decimals: 2,
    unit: 'reqps',
    levels: atLeast(100, colour.neutral),
  },
]

const security: Kpi[] = [
  {
    name: 'failed_authentications',
    title: 'Sign-ins that failed',
    about: `Answers of 401 and 403. ${anHour}`,
    decimals: 0,
    levels: steps(colour.good, [1, colour.overage]),
  },
  {
    name: 'failed_authentications_per_hour',
    title: 'Failed sign-ins an hour',
    about: `Answers of 401 and 403 by the hour; below 10 is aimed at. ${anHour}`,
    decimals: 1,
    levels: below(10),
  },
  {
    name: 'rate_limit_violations',
    title: 'Too many requests',
    about: `Answers of 429. ${anHour}`,
    decimals: 0,
    levels: steps(colour.good, [1, colour.overage]),
  },
  {
    name: 'rate_limit_violations_per_hour',
    title: 'Too many requests an hour',
    about: `Answers of 429 by the hour; below 5 is aimed at. ${anHour}`,
    decimals: 1,
    levels: below(5),
  },
  {
    name: 'suspicious_client_count',
    title: 'Suspicious clients',
    about: `Clients that guess passwords, ask for very many vehicles, fail or flood. ${anHour}`,
    decimals: 0,
    levels: steps(colour.good, [1, colour.bad]),
  },
]

const delivery: Kpi[] = [
  {
    name: 'deployments_per_week',
    title: 'Deployments a week',
    about: `Versions of the server that were started; 5 a week are aimed at. ${aWeek}`,
    decimals: 0,
    levels: atLeast(5, colour.overage),
  },
  {
    name: 'deployments_per_day',
    title: 'Deployments a day',
    about: `The same by the day. ${aWeek}`,
    decimals: 2,
  },
  {
    name: 'mttr_minutes',
    title: 'Mean time to recover',
    about: `From the start of an incident to its end; below 30 minutes is aimed at. ${aWeek}`,
    unit: 'm',
    decimals: 1,
    levels: below(30),
  },
  {
    name: 'change_failure_rate_percent',
    title: 'Change failure rate',
    about: `Deployments during which an incident opened; below 15 % is aimed at. ${aWeek}`,
    unit: 'percent',
    decimals: 0,
    levels: below(15),
  },
]

const kpiFigure = ({ name, title, about, unit, decimals, levels }: Kpi) =>
  figure({
    title,
    description: `${about} Empty while it is unknown: what did not happen is neither 0 nor 100 %.`,
    size: [4, 4],
    queries: [now(known(series('kpi_value', { kpi: name })))],
    empty: 'unknown',
    ...(unit && { unit }),
    ...(decimals !== undefined && { decimals }),
    ...(levels && { levels }),
  })

export const kpiRow: Row = {
  title: 'Figures of the vehicle API: operation, security, delivery',
  panels: [
    ...[...operational, ...security, ...delivery].map(kpiFigure),
    graph({
      title: 'Events kept per minute, by source',
      description:
        'What the figures are made from: requests that were measured, and events that were reported by POST /api/events. A flat 0 when nobody asks.',
      size: [12, 7],
      queries: [over(perMinute(series('api_events_recorded_total'), 'source'), '{{source}}')],
      unit: 'suffix:/min',
      isStacked: true,
      colours: { measured: colour.commit, reported: colour.special },
    }),
    graph({
      title: 'Events without room per minute',
      description:
        'Measured events for which there was no room: the figures lack them. It should be a flat 0. Empty while the server is not scraped.',
      size: [12, 7],
      queries: [over(perMinute(series('api_events_dropped_total')), 'lost')],
      unit: 'suffix:/min',
      colours: { lost: colour.bad },
    }),
  ],
}
