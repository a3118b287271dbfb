/** How the estate is read: by pages and programs. */
import { series } from '../../telemetry.ts'
import type { Row } from '../board.ts'
import { colour } from '../colours.ts'
import { perMinute, perSecond, quantile, rate } from '../expressions.ts'
import { graph } from '../panels.ts'
import { over } from '../targets.ts'

const reads = rate(series('estate_query_seconds_bucket'))
const looks = rate(series('estate_analysis_seconds_bucket'))

export const readsRow: Row = {
  title: 'Reads and live connections',
  panels: [
    graph({
      title: 'Reads per second',
      description:
        'Reads for the API, the pages and the scrape: each in a thread of its own. A flat 0 when nobody asks; empty while the server is not scraped.',
      size: [8, 7],
      queries: [over(perSecond(series('estate_query_seconds_count')), 'reads')],
      unit: 'reqps',
      colours: { reads: colour.commit },
    }),
    graph({
      title: 'Time of a read',
      description:
        'With the wait for the thread that reads; 95 % are to take less than 0.1 s. Empty when nobody asks.',
      size: [8, 7],
      queries: [over(quantile(0.5, reads), 'p50'), over(quantile(0.95, reads), 'p95')],
      unit: 's',
      colours: { p50: colour.good, p95: colour.overage },
    }),
    graph({
      title: 'Time of one look of the detectors',
      description: 'All detectors, once over the whole estate. Empty while the analysis does not run.',
      size: [8, 7],
      queries: [over(quantile(0.5, looks), 'p50'), over(quantile(0.95, looks), 'p95')],
      unit: 's',
      colours: { p50: colour.good, p95: colour.overage },
      runbook: 'EstateStageLagging',
    }),
    graph({
      title: 'Open WebSockets',
      description: 'Who listens to /ws/metrics now. 0 when nobody does; pages use the event stream.',
      size: [8, 7],
      queries: [over(series('estate_ws_connections'), 'open')],
      colours: { open: colour.commit },
    }),
    graph({
      title: 'WebSocket messages per second',
      description:
        'Messages sent to all of them: on change, and each 30 seconds. A flat 0 when nobody listens.',
      size: [8, 7],
      queries: [over(perSecond(series('estate_ws_messages_total')), 'sent')],
      unit: 'suffix: messages/s',
      colours: { sent: colour.good },
    }),
    graph({
      title: 'WebSockets closed per minute, by reason',
      description:
        'Who left, was too slow, did not answer, said too much or was refused, and the end of the server. A flat 0 when nobody listens.',
      size: [8, 7],
      queries: [over(perMinute(series('estate_ws_closed_total'), 'reason'), '{{reason}}')],
      unit: 'suffix:/min',
      isStacked: true,
    }),
  ],
}
