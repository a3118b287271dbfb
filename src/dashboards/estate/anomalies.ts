/** What the detectors find. */
import { series } from '../../telemetry.ts'
import type { Row } from '../board.ts'
import { colour } from '../colours.ts'
import { events, known, perMinute } from '../expressions.ts'
import { graph, table } from '../panels.ts'
import { lines, over } from '../targets.ts'
import { logFields } from '../transformations.ts'

export const anomaliesRow: Row = {
  title: 'Anomalies',
  panels: [
    graph({
      title: 'Anomalies that last, by severity',
      description:
        'One for each cause, however many machines it shows on. A flat 0 is good. Empty while nobody looks.',
      size: [12, 7],
      queries: [over(known(series('estate_anomalies_open')), '{{severity}}')],
      isStacked: true,
      colours: { high: colour.overage, critical: colour.bad },
    }),
    graph({
      title: 'Anomalies found per minute, by type',
      description:
        'How often the detectors find something new, by what it is. No line until the first is found; a flat 0 is good.',
      size: [12, 7],
      queries: [over(perMinute(series('estate_anomalies_total'), 'type'), '{{type}}')],
      unit: 'suffix:/min',
      isStacked: true,
    }),
    table({
      title: 'What was found',
      description:
        'Each anomaly when it was found, newest first: what, where, how much and how much was expected. Empty without Loki, or when all was in order in this time.',
      size: [24, 9],
      queries: [lines(events('anomaly_opened'))],
      transformations: logFields('Found at', {
        severity: 'Severity',
        type: 'Type',
        resource: 'Resource',
        region: 'Region',
        estate_service: 'Service',
        value: 'Value',
        expected: 'Expected',
        sentence: 'What it is',
      }),
      empty: 'all was in order in this time',
      runbook: 'EstateServersCritical',
    }),
  ],
}
