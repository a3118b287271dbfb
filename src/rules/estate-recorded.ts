/** The names of what is recorded about the estate, in one place for rules and dashboards. These series have no labels. */
export const estateRecorded = {
  servers: 'estate:servers:sum',
  critical: 'estate:servers_critical:sum',
  criticalShare: 'estate:servers_critical:ratio',
  dead: 'estate:samples_dead:increase5m',
  deadShare: 'estate:samples_dead:ratio_increase5m',
  delay: 'estate:sample_delay_seconds:p95_rate5m',
} as const

/** Every name that is recorded. */
export const estateRecordedNames: readonly string[] = Object.values(estateRecorded)
