/** Resources as the detectors see them, made by hand. */
import type { Findings, Reading } from '../../../src/estate/analytics/find-anomalies.ts'
import { findAnomalies } from '../../../src/estate/analytics/find-anomalies.ts'
import {
  type Baseline,
  emptySeries,
  type Metric,
  type Resource,
  type Series,
  type Watched,
} from '../../../src/estate/analytics/window.ts'
import type { ResourceKind } from '../../../src/machine/topics.ts'

export const INTERVAL_MS = 30_000
export const SAMPLES = 24
export const WINDOW_MS = SAMPLES * INTERVAL_MS
/** 10:42 UTC. */
export const NOW = Date.UTC(2026, 5, 3, 10, 42)

type Columns = Metric | 'restarts'
/** Of each sample by its number, the newest is SAMPLES - 1. */
export type Making = Partial<Record<Columns, number | ((i: number) => number)>> & {
  /** Usual values; left out: never measured before. */
  usual?: Partial<Record<Metric, { center: number; spread?: number }>>
  version?: string | ((i: number) => string)
  service?: string
  /** Samples before the newest that never came. */
  silentFor?: number
  lastAt?: number
}

let ids = 0

export function watch(kind: ResourceKind, name: string, making: Making = {}): Watched {
  const silentFor = making.silentFor ?? 0
  const series: Series = emptySeries()
  for (let i = 0; i < SAMPLES - silentFor; i++) {
    series.at.push(NOW - (SAMPLES - 1 - i) * INTERVAL_MS - 5000)
    for (const column of ['cpu', 'memory', 'disk', 'errors', 'latency', 'restarts'] as const) {
      const value = making[column]
      series[column].push(typeof value === 'function' ? value(i) : (value ?? Number.NaN))
    }
    const { version } = making
    series.version.push(
      kind !== 'service' ? null : typeof version === 'function' ? version(i) : (version ?? null),
    )
  }
  const resource: Resource = {
    id: ++ids,
    kind,
    name,
    region: 'north',
    service: making.service ?? null,
    version: typeof making.version === 'string' ? making.version : null,
    intervalMs: INTERVAL_MS,
    lastAt: making.lastAt ?? series.at.at(-1) ?? NOW - 3_600_000,
  }
  return { resource, series, baseline: making.usual ? baselineOf(making.usual) : null }
}

const baselineOf = (usual: NonNullable<Making['usual']>): Baseline => ({
  usual: metric => {
    const of = usual[metric]
    return of ? { center: of.center, spread: of.spread ?? 0 } : null
  },
  lastHours: metric => (usual[metric] ? Array(6).fill(usual[metric]?.center) : []),
})

export const find = (watched: Watched[], of: Partial<Reading> = {}): Findings =>
  findAnomalies({ watched, open: [], now: NOW, windowMs: WINDOW_MS, ...of })

export const causes = (findings: Findings): string[] => findings.found.map(({ cause }) => cause).sort()

/** From `low` to `high` and back, wobbling a little: nothing is wrong. */
export const wobble =
  (center: number, by = 1) =>
  (i: number) =>
    center + by * Math.sin(i * 2.1) + by * 0.5 * Math.cos(i * 0.7)
/** `before` up to the sample `from`, then `after`. */
export const step =
  (before: number, after: number, from = SAMPLES - 4) =>
  (i: number) =>
    i < from ? before : after
