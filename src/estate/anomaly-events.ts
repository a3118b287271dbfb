/** What the detectors find: its log lines and its metrics together. */
import type { LimitedLog } from '../observability/limited-log.ts'
import type { Instruments } from '../observability/metrics.ts'
import { rfc3339 } from '../shared/clock.ts'
import { anomalyTypes } from './analytics/symptom.ts'
import type { AnomalyFound, EstateCommands } from './commands.ts'
import { type estateMetrics, OTHER } from './metrics.ts'

type Recorded = EstateCommands['record_anomalies']['out']

const SENTENCE_MAX = 200
const typeOf = (type: string): string => anomalyTypes.find(known => known === type) ?? OTHER

export function createAnomalyEvents(limited: LimitedLog, m: Instruments<typeof estateMetrics>) {
  for (const type of anomalyTypes) m.estate_anomalies_total.inc({ type }, 0)
  return {
    /** Of a round of the detectors, once what it found is written down. */
    told({ tookMs }: { tookMs: number }, { opened, ended }: Recorded) {
      m.estate_analysis_seconds.observe({}, tookMs / 1000)
      for (const found of opened) {
        const type = typeOf(found.type)
        m.estate_anomalies_total.inc({ type })
        limited('warn', `opened ${type}`, ['anomaly_opened', 'something is out of order', fieldsOf(found)])
      }
      for (const { type, resource } of ended)
        limited('info', `ended ${typeOf(type)}`, ['anomaly_ended', 'in order again', { type, resource }])
    },
  }
}

const fieldsOf = (found: AnomalyFound) => ({
  type: found.type,
  severity: found.severity,
  detector: found.detector,
  resource_kind: found.resourceKind,
  resource: found.resource,
  resources: found.resources,
  // `service` and `version` of a line are the server's own.
  estate_service: found.service,
  release: found.version,
  region: found.region,
  value: found.value,
  expected: found.expected,
  since: rfc3339(found.startedAt),
  sentence: found.sentence.slice(0, SENTENCE_MAX),
})
