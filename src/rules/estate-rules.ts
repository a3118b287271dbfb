/** What is recorded about the estate. */
import { series } from '../telemetry.ts'
import { estateRecorded } from './estate-recorded.ts'
import type { RuleGroup } from './rule.ts'

const sum = (expr: string) => `sum(${expr})`
const grown = (counter: string) => sum(`increase(${counter}[5m])`)
/** A part of a whole. No whole, no sample. */
const share = (part: string, whole: string) => `${part} / (${whole} > 0)`

const servers = sum(series('estate_resources', { kind: 'server' }))
const critical = sum(series('estate_resources', { kind: 'server', status: 'critical' }))
const taken = grown(series('estate_samples_total'))
const dead = grown(series('estate_samples_total', { outcome: 'dead' }))
const delays = `rate(${series('estate_sample_delay_seconds_bucket')}[5m])`

export const estateRecordings = (): RuleGroup => ({
  name: 'estate-recordings',
  rules: [
    // "Not a number", while nobody knows, is no sample.
    { record: estateRecorded.servers, expr: `${servers} >= 0` },
    { record: estateRecorded.critical, expr: `${critical} >= 0` },
    { record: estateRecorded.criticalShare, expr: share(critical, servers) },
    { record: estateRecorded.dead, expr: dead },
    { record: estateRecorded.deadShare, expr: share(dead, taken) },
    { record: estateRecorded.delay, expr: `histogram_quantile(0.95, sum by (le) (${delays})) >= 0` },
  ],
})
