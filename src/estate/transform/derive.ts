/** What is computed from a sample beside what it says. */
import type { ContainerSample, ServerSample, ServiceSample } from '../../machine/samples.ts'

const rounded = (value: number): number => Math.round(value * 100) / 100

/** `part` of `whole` in percent, 2 decimals; null without a whole: nothing is known then. */
export function share(part: number | undefined, whole: number | undefined): number | null {
  if (part === undefined || whole === undefined || whole === 0) return null
  return rounded((part / whole) * 100)
}

/** `disk_utilization`, percent */
export const diskUtilization = (sample: ServerSample) => share(sample.disk_used_gb, sample.disk_total_gb)
/** `memory_utilization`, percent: of what the container may use */
export const memoryUtilization = (sample: ContainerSample) => share(sample.memory_mb, sample.memory_limit_mb)
/** `success_rate`, percent; null when there was no request, or nobody said how many failed */
export function successRate({
  total_requests: total,
  failed_requests: failed,
}: ServiceSample): number | null {
  if (total === undefined || failed === undefined) return null
  return share(Math.max(0, total - failed), total)
}
