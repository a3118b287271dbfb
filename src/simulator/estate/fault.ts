/** What is broken on purpose, from when to when. */
import type { FaultKind, FaultNotice } from '../../machine/notices.ts'
import type { ResourceKind } from '../../machine/topics.ts'

export interface Fault {
  id: string
  kind: FaultKind
  resourceKind: ResourceKind
  /** Ordinal of the server or container; index of the service. */
  target: number
  /** Its name. */
  resource: string
  /** Of a service: only instances of this one are broken; null: all. */
  version: string | null
  /** Unix ms; `endedAt` is known beforehand. */
  startedAt: number
  endedAt: number
  /** How bad it is, 0 to 1. */
  strength: number
}

/** What each kind can break. */
export const breakable: Record<FaultKind, readonly ResourceKind[]> = {
  cpu_saturation: ['server'],
  memory_leak: ['server', 'container'],
  disk_filling: ['server'],
  error_burst: ['service'],
  latency_regression: ['service'],
  crash_loop: ['container'],
  silence: ['server'],
}

/** Between two restarts of a container that crashes again and again. */
export const CRASH_EVERY_MS = 75_000

/** How often a container has restarted because of it. @param at Unix ms */
export function restartsDuring({ kind, startedAt, endedAt }: CrashTimes, at: number): number {
  if (at < startedAt) return 0
  if (kind === 'memory_leak') return at >= endedAt ? 1 : 0
  if (kind !== 'crash_loop') return 0
  return 1 + Math.floor((Math.min(at, endedAt) - startedAt) / CRASH_EVERY_MS)
}
export type CrashTimes = Pick<Fault, 'kind' | 'startedAt' | 'endedAt'>

/** How far on it is, 0 to 1. */
export const progressOf = ({ startedAt, endedAt }: Fault, at: number): number =>
  Math.min(1, Math.max(0, (at - startedAt) / (endedAt - startedAt)))

/** As it is said when it begins (`ended` false), and when it is over. */
export const noticeOf = (fault: Fault, ended: boolean): FaultNotice => ({
  id: fault.id,
  kind: fault.kind,
  resource_kind: fault.resourceKind,
  resource: fault.resource,
  version: fault.version,
  started_at: fault.startedAt,
  ended_at: ended ? fault.endedAt : null,
})
