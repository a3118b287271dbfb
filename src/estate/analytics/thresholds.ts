/** The source system's rules: what is above these is an anomaly, whatever is usual there. */
import type { AnomalyFound } from '../commands.ts'

export interface Threshold {
  /** In percent: more than this. */
  above: number
  type: 'cpu_spike' | 'memory_pressure' | 'error_spike'
  severity: AnomalyFound['severity']
}

export const thresholds = {
  cpu: { above: 90, type: 'cpu_spike', severity: 'high' },
  memory: { above: 85, type: 'memory_pressure', severity: 'high' },
  errors: { above: 10, type: 'error_spike', severity: 'critical' },
} as const satisfies Record<string, Threshold>

/** Exactly on the threshold is in order; what was not measured (NaN) is too. */
export const isAbove = (value: number, threshold: Threshold): boolean => value > threshold.above
