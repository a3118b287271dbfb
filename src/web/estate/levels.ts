/** From which value on something is high, and from which critical: one table of the source system's thresholds. */

export type Level = 'good' | 'fair' | 'poor' | 'unknown'

export interface Threshold {
  high: number
  critical: number
}

/** In percent. */
export const thresholds = {
  cpu: { high: 70, critical: 85 },
  memory: { high: 80, critical: 90 },
  disk: { high: 70, critical: 85 },
} as const satisfies Record<string, Threshold>

export const levelWords: Record<Level, string> = {
  good: 'normal',
  fair: 'high',
  poor: 'critical',
  unknown: 'no data',
}

/** What is over a threshold has passed it. */
export function levelOf(value: number | null, { high, critical }: Threshold): Level {
  if (value === null) return 'unknown'
  if (value > critical) return 'poor'
  return value > high ? 'fair' : 'good'
}

/** Over 99 % is good, under 95 % is poor. */
export function successLevel(value: number | null): Level {
  if (value === null) return 'unknown'
  if (value < 95) return 'poor'
  return value > 99 ? 'good' : 'fair'
}

/** Up to 500 ms is good, over 1000 ms is poor. */
export const responseLevel = (value: number | null): Level => levelOf(value, { high: 500, critical: 1000 })

const levels: Record<string, Level> = {
  healthy: 'good',
  warning: 'fair',
  degraded: 'fair',
  critical: 'poor',
  unhealthy: 'poor',
}

/** Of what a server, a container or a service says of itself. */
export const statusLevel = (status: string): Level => levels[status] ?? 'unknown'
