/** How good the detectors are, against the faults that were injected on purpose. */
import type { FaultKind, FaultNotice } from '../../machine/notices.ts'
import { median, quantileOf } from './robust.ts'

/** What was detected, as it is kept. Times in Unix ms. */
export interface Detected {
  cause: string
  resource: string
  service: string | null
  version: string | null
  detectedAt: number
}

/** Where a resource belongs. */
export interface Placed {
  service: string | null
}

export interface Score {
  faults: number
  found: number
  false_alarms: number
  precision: number | null
  recall: number | null
  delay_seconds: { median: number | null; p90: number | null }
  by_kind: {
    kind: FaultKind
    faults: number
    found: number
    recall: number | null
    median_delay_seconds: number | null
  }[]
}

export interface Judging {
  faults: readonly FaultNotice[]
  /** Without those of real machines: nobody breaks these on purpose. */
  detected: readonly Detected[]
  /**
   * Whether samples of the resource came while the fault lasted. What arrives later (the history that a generator tells
   * at its start, a replay) nobody could detect in time: such faults do not count.
   */
  isSampled: (fault: FaultNotice) => boolean
  /** Where a server, container or instance belongs; undefined: not known. */
  placeOf: (resource: string) => Placed | undefined
  /** Faults that began before are not counted, but anomalies may be of them. Unix ms. */
  from: number
  /** A fault that goes on has lasted until now. */
  now: number
}

export const FOUND_AFTER_END_MS = 5 * 60_000
export const TRUE_AFTER_END_MS = 10 * 60_000
export const FAULT_LEAST_MS = 3 * 60_000
/** Of one that goes on: what begins slowly needs its time. */
export const LASTING_LEAST_MS = 10 * 60_000

const share = (part: number, of: number) => (of === 0 ? null : part / of)
const orNull = (value: number) => (Number.isNaN(value) ? null : value)

/**
 * - A fault counts when it lasted 3 minutes (k of n samples cannot see less), or 10 where it still goes on, and its
 *   resource was sampled.
 * - It is found when an anomaly of its resource is detected between its start and 5 minutes after its end. An anomaly
 *   is of its resource when it names the resource itself, the service of that resource, or (for a fault of a service)
 *   the service or an instance or container of it. Which type it was given does not matter; for a fault of one version
 *   an anomaly that names another version of the service is not of it.
 * - An anomaly is false when it is of no fault between that fault's start and 10 minutes after its end; here the faults
 *   that were too short to count are faults too: the anomaly was right.
 * - The delay is from the start of the fault until the first such anomaly was detected.
 * - precision: anomalies that were not false, of all; recall: faults found, of those that count. Both null of nothing.
 */
export function scoreOf({ faults, detected, isSampled, placeOf, from, now }: Judging): Score {
  const endOf = (fault: FaultNotice) => fault.ended_at ?? now
  const isOf = (anomaly: Detected, fault: FaultNotice) => isOfFault(anomaly, fault, placeOf)
  const within = ({ detectedAt }: Detected, fault: FaultNotice, marginMs: number) =>
    detectedAt >= fault.started_at && detectedAt <= endOf(fault) + marginMs
  const counted = faults.filter(
    fault =>
      fault.started_at >= from &&
      endOf(fault) - fault.started_at >= (fault.ended_at === null ? LASTING_LEAST_MS : FAULT_LEAST_MS) &&
      isSampled(fault),
  )
  const judged = counted.map(fault => {
    const times = detected
      .filter(anomaly => within(anomaly, fault, FOUND_AFTER_END_MS) && isOf(anomaly, fault))
      .map(({ detectedAt }) => detectedAt)
    const delay = times.length === 0 ? null : (Math.min(...times) - fault.started_at) / 1000
    return { kind: fault.kind, delay }
  })
  const isTrue = (anomaly: Detected) =>
    faults.some(fault => within(anomaly, fault, TRUE_AFTER_END_MS) && isOf(anomaly, fault))
  const falseAlarms = detected.filter(anomaly => !isTrue(anomaly)).length
  const delays = judged.flatMap(({ delay }) => (delay === null ? [] : [delay]))
  return {
    faults: counted.length,
    found: delays.length,
    false_alarms: falseAlarms,
    precision: share(detected.length - falseAlarms, detected.length),
    recall: share(delays.length, counted.length),
    delay_seconds: { median: orNull(median(delays)), p90: orNull(quantileOf(delays, 0.9)) },
    by_kind: [...new Set(judged.map(({ kind }) => kind))].sort().map(kind => {
      const those = judged.filter(one => one.kind === kind)
      const found = those.flatMap(({ delay }) => (delay === null ? [] : [delay]))
      return {
        kind,
        faults: those.length,
        found: found.length,
        recall: share(found.length, those.length),
        median_delay_seconds: orNull(median(found)),
      }
    }),
  }
}

function isOfFault(anomaly: Detected, fault: FaultNotice, placeOf: Judging['placeOf']): boolean {
  if (fault.version !== null && anomaly.version !== null && fault.version !== anomaly.version) return false
  if (anomaly.resource === fault.resource) return true
  if (fault.resource_kind === 'service') return anomaly.service === fault.resource
  // A cause that many resources share is told of the service.
  return anomaly.service === anomaly.resource && placeOf(fault.resource)?.service === anomaly.resource
}
