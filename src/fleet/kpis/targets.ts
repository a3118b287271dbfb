/** What the figures should be, and whether they are. Pure. */
import type { Kpis } from './kpi.ts'

export const targets = {
  avg_latency_ms: { target: 200, must_be: 'below' },
  p95_latency_ms: { target: 500, must_be: 'below' },
  error_rate_percent: { target: 1, must_be: 'below' },
  availability_percent: { target: 99.5, must_be: 'at_least' },
  throughput_per_second: { target: 100, must_be: 'at_least' },
  failed_authentications_per_hour: { target: 10, must_be: 'below' },
  rate_limit_violations_per_hour: { target: 5, must_be: 'below' },
  deployments_per_week: { target: 5, must_be: 'at_least' },
  mttr_minutes: { target: 30, must_be: 'below' },
  change_failure_rate_percent: { target: 15, must_be: 'below' },
} as const
export type TargetName = keyof typeof targets

export interface Judged {
  target: number
  must_be: 'below' | 'at_least'
  met: boolean | null
}

/** @returns each target, with `met` null where the figure is unknown */
export function judge({ operational, security, delivery }: Kpis): Record<TargetName, Judged> {
  const values: Record<TargetName, number | null> = { ...operational, ...security, ...delivery }
  const judged = Object.entries(targets).map(([name, { target, must_be }]) => {
    const value = values[name as TargetName]
    const met = value === null ? null : must_be === 'below' ? value < target : value >= target
    return [name, { target, must_be, met }]
  })
  return Object.fromEntries(judged)
}
