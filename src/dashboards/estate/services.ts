/** How the services answer. */
import { series } from '../../telemetry.ts'
import type { Row } from '../board.ts'
import { colour, steps } from '../colours.ts'
import { known } from '../expressions.ts'
import { graph, table } from '../panels.ts'
import { over, rows } from '../targets.ts'
import { columns } from '../transformations.ts'

/** Above it the source system's rule, and ours, is an anomaly. */
const ERRORS_MAX = 10
const chosen = { service: { matches: '$service' } }
const errors = known(series('estate_error_rate_percent', chosen))
const p95 = known(series('estate_latency_p95_seconds', chosen))
const worst = (expr: string) => `topk(10, ${expr})`

export const servicesRow: Row = {
  title: 'Services',
  panels: [
    graph({
      title: 'Error rate, the ten worst',
      description: `Of the requests of the last hour, the share that failed: the ten chosen services with the most. Above the dashed ${ERRORS_MAX} % it is an anomaly. Empty without services.`,
      size: [8, 9],
      queries: [over(worst(errors), '{{service}}')],
      unit: 'percent',
      limits: steps(colour.good, [ERRORS_MAX, colour.bad]),
    }),
    graph({
      title: 'p95 of the response times, the ten slowest',
      description:
        '95 % of the requests of the last hour were answered faster, over all instances: the ten slowest of the chosen services. Empty without services.',
      size: [8, 9],
      queries: [over(worst(p95), '{{service}}')],
      unit: 's',
    }),
    table({
      title: 'Services now',
      description:
        'Each chosen service: failed requests in percent and p95 in seconds, of the last hour. Empty without services.',
      size: [8, 9],
      queries: [rows(errors), rows(p95)],
      transformations: columns({
        service: 'Service',
        'Value #A': 'Errors (%)',
        'Value #B': 'p95 (s)',
      }),
      decimals: 2,
      empty: 'none',
    }),
  ],
}
