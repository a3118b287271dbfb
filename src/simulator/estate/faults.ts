/** What is broken at a time: by the schedule, and by hand. */
import type { FaultKind } from '../../machine/notices.ts'
import type { ResourceKind } from '../../machine/topics.ts'
import type { Deploys } from './deploys.ts'
import { breakable, type Fault, restartsDuring } from './fault.ts'
import { createFaultSchedule, FAULT_MS_MAX } from './fault-schedule.ts'
import type { AnyResource, Container, Plan } from './plan.ts'
import { createRestarts } from './restarts.ts'
import { DAY_MS } from './rhythm.ts'

export const INJECTED_SECONDS_MAX = 3600
const INJECTED_SECONDS_MIN = 10
/** The oldest that is over makes room. */
const INJECTED_MAX = 200
const DAYS_KEPT = 4

export interface Faults {
  /** Those that are under way at some time from `from` to before `to`, in order of their beginning. Unix ms. */
  between(from: number, to: number): Fault[]
  /** What is wrong with it: its own fault before its service's. */
  of(resource: AnyResource, version: string | null, at: number): Fault | null
  /** How often faults have made it restart since the estate began. */
  restarts(container: Container, at: number): number
  /**
   * Breaks something now, by hand.
   * @param resource the name of a server, a container or a service
   * @param at Unix ms, in the time of the estate
   * @param seconds 10 to INJECTED_SECONDS_MAX; what is beyond is cut
   * @returns null: there is no such resource, or this cannot happen to it
   */
  inject(kind: FaultKind, resource: string, at: number, seconds: number): Fault | null
}

interface Day {
  faults: Fault[]
  byTarget: Map<number, Fault[]>
}

/** Services are told apart from ordinals by their sign. */
const placeOf = (kind: ResourceKind, target: number) => (kind === 'service' ? -1 - target : target)

export function createFaults(plan: Plan, deploys: Deploys, perDay: number): Faults {
  const schedule = createFaultSchedule(plan, deploys, perDay)
  const restarts = createRestarts(plan.startsAt, schedule)
  const injected: Fault[] = []
  /** Restarts by what made room: they have happened all the same. */
  const past = new Map<number, number>()
  const days = new Map<number, Day>()
  let newest = Number.NaN
  let today: Day = { faults: [], byTarget: new Map() }

  function dayOf(at: number): Day {
    const number = Math.floor(at / DAY_MS)
    if (number === newest) return today
    let day = days.get(number)
    if (!day) {
      day = makeDay(number * DAY_MS)
      if (days.size >= DAYS_KEPT) days.delete(days.keys().next().value as number)
      days.set(number, day)
    }
    newest = number
    today = day
    return day
  }

  function makeDay(from: number): Day {
    const faults = schedule
      .beginning(from - FAULT_MS_MAX, from + DAY_MS)
      .filter(fault => fault.endedAt > from)
    const byTarget = new Map<number, Fault[]>()
    for (const fault of faults) {
      const place = placeOf(fault.resourceKind, fault.target)
      const known = byTarget.get(place)
      if (known) known.push(fault)
      else byTarget.set(place, [fault])
    }
    return { faults, byTarget }
  }

  function find(list: readonly Fault[] | undefined, place: number, version: string | null, at: number) {
    if (!list) return null
    for (const fault of list)
      if (
        fault.startedAt <= at &&
        at < fault.endedAt &&
        placeOf(fault.resourceKind, fault.target) === place &&
        (fault.version === null || fault.version === version)
      )
        return fault
    return null
  }

  function at(place: number, version: string | null, time: number): Fault | null {
    const byHand = injected.length > 0 ? find(injected, place, version, time) : null
    return byHand ?? find(dayOf(time).byTarget.get(place), place, version, time)
  }

  return {
    between(from, to) {
      const scheduled = schedule.beginning(from - FAULT_MS_MAX, to)
      return [...scheduled, ...injected]
        .filter(({ startedAt, endedAt }) => startedAt < to && endedAt > from)
        .sort((a, b) => a.startedAt - b.startedAt)
    },
    of(resource, version, time) {
      const own = resource.kind === 'service' ? null : at(resource.ordinal, version, time)
      if (own || resource.kind === 'server') return own
      return at(-1 - resource.service.index, version, time)
    },
    restarts(container, time) {
      let count = restarts.of(container.ordinal, time) + (past.get(container.ordinal) ?? 0)
      for (const fault of injected)
        if (fault.resourceKind === 'container' && fault.target === container.ordinal)
          count += restartsDuring(fault, time)
      return count
    },
    inject(kind, resource, time, seconds) {
      const target = targetOf(plan, resource)
      if (!target || !breakable[kind].includes(target.resourceKind)) return null
      if (injected.length >= INJECTED_MAX) {
        const over = injected.findIndex(({ endedAt }) => endedAt <= time)
        const [gone] = over === -1 ? [] : injected.splice(over, 1)
        if (!gone) return null
        if (gone.resourceKind === 'container')
          past.set(gone.target, (past.get(gone.target) ?? 0) + restartsDuring(gone, gone.endedAt))
      }
      const lasts = Math.min(INJECTED_SECONDS_MAX, Math.max(INJECTED_SECONDS_MIN, seconds)) * 1000
      const fault: Fault = {
        id: `by-hand-${resource}-${time.toString(36)}`,
        kind,
        resource,
        ...target,
        version: null,
        startedAt: time,
        endedAt: time + Math.floor(lasts),
        strength: 0.6,
      }
      injected.push(fault)
      return fault
    },
  }
}

function targetOf(plan: Plan, name: string): Pick<Fault, 'resourceKind' | 'target'> | null {
  const service = plan.services.find(other => other.name === name)
  if (service) return { resourceKind: 'service', target: service.index }
  const resource = plan.resources.find(other => other.name === name && other.kind !== 'service')
  return resource ? { resourceKind: resource.kind, target: resource.ordinal } : null
}
