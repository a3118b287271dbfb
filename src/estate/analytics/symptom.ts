/** What a detector saw, before it is told. */
import type { ResourceKind } from '../../machine/topics.ts'
import type { AnomalyFound } from '../commands.ts'
import type { Resource } from './window.ts'

/** What anomalies are called. A closed set: it is a label of a metric. */
export const anomalyTypes = [
  'cpu_spike',
  'memory_pressure',
  'error_spike',
  'cpu_unusual',
  'memory_unusual',
  'memory_drift',
  'disk_filling',
  'latency_shift',
  'error_rise',
  'heartbeat_missing',
  'restart_loop',
] as const
export type AnomalyType = (typeof anomalyTypes)[number]

export const detectorNames = ['threshold', 'hour_of_week', 'ewma', 'peers', 'heartbeat', 'restarts'] as const
export type DetectorName = (typeof detectorNames)[number]

/** What the cause is of: cpu, memory, disk, errors, latency, silence or restarts. */
export type Aspect = 'cpu' | 'memory' | 'disk' | 'errors' | 'latency' | 'silence' | 'restarts'

export interface Symptom {
  type: AnomalyType
  detector: DetectorName
  severity: AnomalyFound['severity']
  /** Whom it is told of: a resource, or a service (`version` null: all versions of it). */
  subject: { kind: ResourceKind; name: string; version?: string | null }
  resource: Pick<Resource, 'region' | 'service' | 'version'>
  metric: Aspect
  value: number
  expected: number | null
  /** How many resources it shows on. */
  resources: number
  /** Of the first sample out of order within the window, Unix ms; null: none is. */
  since: number | null
}

export const causeOf = ({ kind, name, version }: Symptom['subject'], metric: Aspect): string =>
  version ? `${kind}:${name}@${version}:${metric}` : `${kind}:${name}:${metric}`
