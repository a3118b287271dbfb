/** Which faults begin when: one in each span of time, and with some deploys. All of it follows from the seed. */
import type { FaultKind } from '../../machine/notices.ts'
import type { Deploys } from './deploys.ts'
import type { Fault } from './fault.ts'
import { keyOf, unit } from './noise.ts'
import type { AnyResource, Plan, Service } from './plan.ts'
import { DAY_MS } from './rhythm.ts'

export const FAULTS_PER_DAY_MAX = 5000
/** No fault lasts longer, but what a presenter injects. */
export const FAULT_MS_MAX = 20 * 60_000

const MINUTE_MS = 60_000
/** Of the faults that no deploy brings. */
const shares: readonly (readonly [FaultKind, number])[] = [
  ['cpu_saturation', 0.24],
  ['memory_leak', 0.16],
  ['disk_filling', 0.12],
  ['crash_loop', 0.16],
  ['error_burst', 0.11],
  ['latency_regression', 0.11],
  ['silence', 0.1],
]
/** Half of the machines never break. */
const QUIET_SHARE = 0.5
/** Deploys that bring a fault, where as many faults a day are wanted as BAD_AT says. */
const BAD_DEPLOYS = 0.4
const BAD_AT = 144

/** About one in ten minutes in an estate of a thousand servers. */
export const faultsPerDayOf = (servers: number): number => Math.max(48, Math.round(0.144 * servers))

export interface FaultSchedule {
  /** Those that begin from `from` to before `to`, in order. Unix ms. */
  beginning(from: number, to: number): Fault[]
}

/** @param perDay 0 to FAULTS_PER_DAY_MAX, for the whole estate @throws RangeError */
export function createFaultSchedule(plan: Plan, deploys: Deploys, perDay: number): FaultSchedule {
  if (!(perDay >= 0 && perDay <= FAULTS_PER_DAY_MAX))
    throw new RangeError(`faults a day must be 0 to ${FAULTS_PER_DAY_MAX}, not ${perDay}`)
  const key = keyOf(plan.seed, 'faults')
  const servers = breaking(plan.servers)
  const containers = breaking(plan.containers)
  const spanMs = DAY_MS / perDay
  const badShare = Math.min(BAD_DEPLOYS, (BAD_DEPLOYS * perDay) / BAD_AT)

  function inSpan(span: number): Fault {
    const chance = (which: number) => unit(key + which * 0x9e37, span)
    const startedAt = Math.floor((span + chance(1)) * spanMs)
    const kind = kindOf(chance(2))
    const endedAt = startedAt + lengthOf(kind, chance(3))
    const strength = chance(4)
    if (kind === 'error_burst' || kind === 'latency_regression') {
      const instance = plan.instances[Math.floor(chance(5) * plan.instances.length)] as AnyResource
      const service = 'service' in instance ? instance.service : (plan.services[0] as Service)
      // What is slow is a version; errors come to all of them alike.
      const version = kind === 'error_burst' ? null : deploys.versionOf(instance, startedAt)
      return ofService(kind, service, version, startedAt, endedAt, strength)
    }
    const leaks = kind === 'memory_leak' && chance(6) < 0.5
    const from = kind === 'crash_loop' || leaks ? containers : servers
    const { kind: resourceKind, ordinal, name } = from[Math.floor(chance(5) * from.length)] as AnyResource
    const id = idOf(name, startedAt)
    return {
      id,
      kind,
      resourceKind,
      target: ordinal,
      resource: name,
      version: null,
      startedAt,
      endedAt,
      strength,
    }
  }

  const ofService = (
    kind: FaultKind,
    { name, index }: Service,
    version: string | null,
    startedAt: number,
    endedAt: number,
    strength: number,
  ): Fault => ({
    id: idOf(name, startedAt),
    kind,
    resourceKind: 'service',
    target: index,
    resource: name,
    version,
    startedAt,
    endedAt,
    strength,
  })

  const idOf = (name: string, at: number) => `sim-${plan.seed}-${name}-${at.toString(36)}`

  /** As its instances get the version, they break. */
  function ofDeploys(from: number, to: number): Fault[] {
    return deploys.between(from, to).flatMap(({ service, version, at }) => {
      const chance = (which: number) => unit(service.key + which * 0x85eb, Math.floor(at / MINUTE_MS))
      if (chance(1) >= badShare || !runs(service)) return []
      const kind = chance(2) < 0.5 ? 'error_burst' : 'latency_regression'
      const endedAt = at + Math.floor((12 + 8 * chance(3)) * MINUTE_MS)
      return [ofService(kind, service, version, at, endedAt, chance(4))]
    })
  }

  /** A small estate has not all services. */
  const runs = (service: Service) => plan.instances.some(instance => instance.service === service)

  return {
    beginning(from, to) {
      if (perDay === 0) return []
      const found = ofDeploys(from, to)
      for (let span = Math.floor(from / spanMs); span * spanMs < to; span++) {
        const fault = inSpan(span)
        if (fault.startedAt >= from && fault.startedAt < to) found.push(fault)
      }
      return found.sort((a, b) => a.startedAt - b.startedAt)
    },
  }
}

function breaking<R extends AnyResource>(resources: R[]): R[] {
  const found = resources.filter(({ key }) => unit(key, 40) >= QUIET_SHARE)
  return found.length > 0 ? found : resources
}

function kindOf(chance: number): FaultKind {
  let upTo = 0
  for (const [kind, share] of shares) {
    upTo += share
    if (chance < upTo) return kind
  }
  return 'cpu_saturation'
}

/** A disk takes longer to fill than a processor. */
const lengthOf = (kind: FaultKind, chance: number) =>
  Math.floor((kind === 'disk_filling' ? within01(14, 20, chance) : within01(5, 20, chance)) * MINUTE_MS)
const within01 = (low: number, high: number, chance: number) => low + (high - low) * chance
