/**
 * What a sample adds to sums. They are of values rounded to 2⁻¹⁶: such numbers add up without a rounding error (up to
 * 2³⁷), so sums come out the same in whatever order the samples come. Pure.
 */
import type { ContainerSample, ServerSample, ServiceSample } from '../../machine/samples.ts'
import type { Judged } from './judge.ts'

const UNIT = 65_536
export const exact = (value: number): number => Math.round(value * UNIT) / UNIT
/** For how long a sample speaks. */
export const intervalMs = ({ interval_seconds: seconds }: { interval_seconds: number }): number =>
  Math.round(seconds * 1000)

export interface ServerSums {
  samples: number
  coveredMs: number
  cpuSum: number
  cpuMax: number
  memorySum: number
  diskSum: number
  diskSamples: number
  criticalMs: number
}
export interface ContainerSums {
  samples: number
  coveredMs: number
  cpuSum: number
  memorySum: number
  memorySamples: number
  rpsSum: number
  rpsSamples: number
  rpsMax: number | null
  rpsMin: number | null
  errors: number
  restarts: number
}
export interface ServiceSums {
  samples: number
  coveredMs: number
  requests: number
  failed: number
  latencySum: number
  latencyRequests: number
}

export const noServers = (): ServerSums => ({
  samples: 0,
  coveredMs: 0,
  cpuSum: 0,
  cpuMax: 0,
  memorySum: 0,
  diskSum: 0,
  diskSamples: 0,
  criticalMs: 0,
})
export const noContainers = (): ContainerSums => ({
  samples: 0,
  coveredMs: 0,
  cpuSum: 0,
  memorySum: 0,
  memorySamples: 0,
  rpsSum: 0,
  rpsSamples: 0,
  rpsMax: null,
  rpsMin: null,
  errors: 0,
  restarts: 0,
})
export const noServices = (): ServiceSums => ({
  samples: 0,
  coveredMs: 0,
  requests: 0,
  failed: 0,
  latencySum: 0,
  latencyRequests: 0,
})

/** @param disk percent; null: it tells of none */
export function addServer(sums: ServerSums, sample: ServerSample, disk: number | null): void {
  const coveredMs = intervalMs(sample)
  sums.samples++
  sums.coveredMs += coveredMs
  sums.cpuSum += exact(sample.cpu_percent)
  sums.cpuMax = Math.max(sums.cpuMax, sample.cpu_percent)
  sums.memorySum += exact(sample.memory_percent)
  if (disk !== null) {
    sums.diskSum += exact(disk)
    sums.diskSamples++
  }
  if (sample.status === 'critical') sums.criticalMs += coveredMs
}

/** @param memory percent of its limit; null: it has none */
export function addContainer(sums: ContainerSums, sample: ContainerSample, memory: number | null): void {
  sums.samples++
  sums.coveredMs += intervalMs(sample)
  sums.cpuSum += exact(sample.cpu_percent)
  if (memory !== null) {
    sums.memorySum += exact(memory)
    sums.memorySamples++
  }
  const { requests_per_sec: rps, error_count: errors } = sample
  if (rps !== undefined) {
    sums.rpsSum += exact(rps)
    sums.rpsSamples++
    sums.rpsMax = Math.max(sums.rpsMax ?? rps, rps)
    sums.rpsMin = Math.min(sums.rpsMin ?? rps, rps)
  }
  if (errors !== undefined) sums.errors += errors
}

export function addService(sums: ServiceSums, sample: ServiceSample): void {
  sums.samples++
  sums.coveredMs += intervalMs(sample)
  addRequests(sums, sample)
}

/** Requests, and the time that they took: mean × requests. */
export function addRequests(
  sums: Omit<ServiceSums, 'samples' | 'coveredMs'>,
  { total_requests: total, failed_requests: failed, avg_response_time_ms: mean }: ServiceSample,
): void {
  if (total === undefined) return
  sums.requests += total
  if (failed !== undefined) sums.failed += failed
  if (mean === undefined) return
  sums.latencySum += exact(mean * total)
  sums.latencyRequests += total
}

/** Of one resource in one hour. */
export interface HourSums {
  samples: number
  coveredMs: number
  cpuSum: number
  cpuSamples: number
  cpuMax: number | null
  memorySum: number
  memorySamples: number
  diskSum: number
  diskSamples: number
  requests: number
  failed: number
  latencySum: number
  latencyRequests: number
  restarts: number
}
export const noHour = (): HourSums => ({
  samples: 0,
  coveredMs: 0,
  cpuSum: 0,
  cpuSamples: 0,
  cpuMax: null,
  memorySum: 0,
  memorySamples: 0,
  diskSum: 0,
  diskSamples: 0,
  requests: 0,
  failed: 0,
  latencySum: 0,
  latencyRequests: 0,
  restarts: 0,
})

export function addHour(sums: HourSums, judged: Judged): void {
  const { kind, sample, derived } = judged
  sums.samples++
  sums.coveredMs += intervalMs(sample)
  if (kind === 'service') {
    addUse(sums, sample.cpu_avg_percent, sample.memory_avg_percent)
    addRequests(sums, sample)
  } else if (kind === 'container') addUse(sums, sample.cpu_percent, derived)
  else {
    addUse(sums, sample.cpu_percent, sample.memory_percent)
    if (derived === null) return
    sums.diskSum += exact(derived)
    sums.diskSamples++
  }
}

function addUse(sums: HourSums, cpu: number | undefined, memory: number | null | undefined) {
  if (cpu !== undefined) {
    sums.cpuSum += exact(cpu)
    sums.cpuSamples++
    sums.cpuMax = Math.max(sums.cpuMax ?? cpu, cpu)
  }
  if (memory === undefined || memory === null) return
  sums.memorySum += exact(memory)
  sums.memorySamples++
}
