/** When a server or a container is not well: by these bounds, whoever measures it. */
import type { ContainerHealth, ServerStatus } from './samples.ts'

/** Percent, of CPU, memory and disk alike. */
export const WARNING_ABOVE = 85
export const CRITICAL_ABOVE = 95

/** Of a container's limit, percent. */
export const MEMORY_DEGRADED_ABOVE = 90
export const MEMORY_UNHEALTHY_ABOVE = 97
/** Of a container's requests, 0 to 1. */
export const ERRORS_DEGRADED_ABOVE = 0.05

/** By the worst of its shares in percent; what nobody knows is left out. */
export function serverStatusOf(...percents: (number | undefined)[]): ServerStatus {
  let status: ServerStatus = 'healthy'
  for (const percent of percents) {
    if (percent === undefined) continue
    if (percent > CRITICAL_ABOVE) return 'critical'
    if (percent > WARNING_ABOVE) status = 'warning'
  }
  return status
}

export interface ContainerCondition {
  /** Of the limit. */
  memoryPercent: number
  /** Of its requests, 0 to 1. */
  errorShare?: number
  crashing?: boolean
}

export function containerHealthOf({
  memoryPercent,
  errorShare = 0,
  crashing = false,
}: ContainerCondition): ContainerHealth {
  if (crashing || memoryPercent > MEMORY_UNHEALTHY_ABOVE) return 'unhealthy'
  if (memoryPercent > MEMORY_DEGRADED_ABOVE || errorShare > ERRORS_DEGRADED_ABOVE) return 'degraded'
  return 'healthy'
}
