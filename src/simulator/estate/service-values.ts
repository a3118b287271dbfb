/** What an instance of a service says of itself. */
import type { ServiceMessage } from '../../machine/samples.ts'
import { rfc3339 } from '../../shared/clock.ts'
import type { Fault } from './fault.ts'
import { cpuOf, demandOf, memoryOf, strainOf } from './load.ts'
import { round2, unit } from './noise.ts'
import { numberAt, type Pace } from './pace.ts'
import type { Instance } from './plan.ts'
import { REQUESTS_MIN, responseTimes } from './response-times.ts'
import { rhythm } from './rhythm.ts'
import { errorShareOf, slowdownOf } from './service-faults.ts'

/** No good day has more errors than this, also where few requests are. */
const ERRORS_MOST = 0.05

/** @param version that it runs @param at Unix ms */
export function instanceSample(
  instance: Instance,
  pace: Pace,
  at: number,
  fault: Fault | null,
  version: string,
): ServiceMessage {
  const { key, service } = instance
  const busy = rhythm(instance.region, at)
  const strain = strainOf(instance, busy, at)
  const second = Math.floor(at / 1000)
  const requestsPerSecond = service.requestsPerSecond * demandOf(instance, busy, at)
  const total = Math.max(REQUESTS_MIN, Math.round((requestsPerSecond * pace.intervalMs) / 1000))
  const broken = errorShareOf(fault, key, at)
  const drawn = Math.floor(total * (broken ?? service.errorShare * strain) + unit(key ^ 0x91, second))
  const failed = Math.min(drawn, Math.floor(total * (broken === null ? ERRORS_MOST : 1)))
  const { sketch, mean, p95 } = responseTimes(
    total,
    service.medianMs * instance.slowness * strain * slowdownOf(fault),
    service.sigma,
    unit(key ^ 0x92, second),
  )
  return {
    timestamp: rfc3339(at),
    boot: pace.boot,
    seq: numberAt(pace, at),
    interval_seconds: pace.intervalMs / 1000,
    region: instance.region,
    environment: instance.environment,
    version,
    service_name: service.name,
    instance_id: instance.name,
    total_requests: total,
    failed_requests: failed,
    error_rate_percent: round2((failed / total) * 100),
    avg_response_time_ms: mean,
    p95_response_time_ms: p95,
    response_time_sketch: sketch,
    instances_running: 1,
    cpu_avg_percent: round2(cpuOf(instance, busy, at)),
    memory_avg_percent: round2(memoryOf(instance, busy, at)),
  }
}
