/** What a container says of itself. */
import type { ContainerMessage } from '../../machine/samples.ts'
import { containerHealthOf } from '../../machine/status.ts'
import { rfc3339 } from '../../shared/clock.ts'
import { CRASH_EVERY_MS, type Fault, progressOf } from './fault.ts'
import { cpuOf, demandOf, memoryOf, strainOf } from './load.ts'
import { round2, unit } from './noise.ts'
import { numberAt, type Pace } from './pace.ts'
import type { Container } from './plan.ts'
import { rhythm } from './rhythm.ts'
import { errorShareOf, slowdownOf } from './service-faults.ts'

/** Containers of an instance share its requests. */
const CONTAINERS_AN_INSTANCE = 4
/** Of its limit, percent: more is taken from it by force. */
const MEMORY_FULL = 99.5
/** No good day has more errors than this, also where few requests are. */
const ERRORS_MOST = 0.04
/** While it starts again and again: of its usual requests. */
const CRASHING_SERVES = 0.3

/**
 * @param version that it runs @param restarts by faults, since it was made
 * @param at Unix ms
 */
export function containerSample(
  container: Container,
  pace: Pace,
  at: number,
  fault: Fault | null,
  version: string,
  restarts: number,
): ContainerMessage {
  const { key, service } = container
  const busy = rhythm(container.region, at)
  const strain = strainOf(container, busy, at)
  const crashing = fault?.kind === 'crash_loop'
  let cpu = cpuOf(container, busy, at)
  let memory = memoryOf(container, busy, at)
  let requestsPerSecond = (service.requestsPerSecond / CONTAINERS_AN_INSTANCE) * demandOf(container, busy, at)
  if (fault?.kind === 'memory_leak') memory += (MEMORY_FULL - memory) * progressOf(fault, at)
  if (crashing) {
    const alive = ((at - fault.startedAt) % CRASH_EVERY_MS) / CRASH_EVERY_MS
    memory *= 0.3 + 0.7 * alive
    cpu = 80 - 40 * alive
    requestsPerSecond *= CRASHING_SERVES
  }
  const limit = service.memoryLimitMb
  const memoryMb = round2((memory / 100) * limit)
  const requests = (requestsPerSecond * pace.intervalMs) / 1000
  const broken = errorShareOf(fault, key, at)
  const share = crashing ? 0.3 : (broken ?? service.errorShare * strain)
  const drawn = Math.floor(requests * share + unit(key ^ 0x71, Math.floor(at / 1000)))
  const calm = broken === null && !crashing
  const errors = calm ? Math.min(drawn, Math.floor(requests * ERRORS_MOST)) : drawn
  return {
    timestamp: rfc3339(at),
    boot: pace.boot,
    seq: numberAt(pace, at),
    interval_seconds: pace.intervalMs / 1000,
    region: container.region,
    environment: container.environment,
    version,
    container_id: container.name,
    service_name: service.name,
    cpu_percent: round2(cpu),
    memory_mb: memoryMb,
    memory_limit_mb: limit,
    requests_per_sec: round2(requestsPerSecond),
    response_time_ms: round2(service.medianMs * strain * slowdownOf(fault)),
    error_count: errors,
    restart_count: restarts + evictionsOf(container, at),
    health: containerHealthOf({
      memoryPercent: (memoryMb / limit) * 100,
      errorShare: requests > 0 ? errors / requests : 0,
      crashing,
    }),
  }
}

/** Now and then a container is moved, for no fault: once in some weeks. */
function evictionsOf({ key, madeAt, restartEveryMs }: Container, at: number): number {
  const place = (at - madeAt) / restartEveryMs
  const span = Math.floor(place)
  return Math.max(0, span + (place - span >= unit(key ^ 0x72, span) ? 1 : 0))
}
