/** What the tables must hold after samples, computed from all of them at once in the simplest way. */
import { mergeInto, pairsOf, quantile, type Sketch } from '../../../src/machine/sketch.ts'
import type { ResourceKind } from '../../../src/machine/topics.ts'
import { DAY_MS, HOUR_MS } from './world.ts'

export type Sample = Record<string, unknown> & { timestamp: string }
export interface Sent {
  kind: ResourceKind
  sample: Sample
}
type Row = Record<string, unknown>

const names = { server: 'server_id', container: 'container_id', service: 'instance_id' } as const
export const nameOf = ({ kind, sample }: Sent) => String(sample[names[kind]])
export const atOf = ({ sample }: Sent) => Date.parse(sample.timestamp)
const spans = [60_000, 300_000, HOUR_MS]

const groupBy = (sent: readonly Sent[], key: (of: Sent) => string): [string, Sent[]][] => {
  const groups = new Map<string, Sent[]>()
  for (const one of sent) groups.set(key(one), [...(groups.get(key(one)) ?? []), one])
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
}
const values = (of: readonly Sent[], field: string): number[] =>
  of.map(({ sample }) => sample[field]).filter(value => value !== undefined) as number[]
const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0)
const percent = (part: number, whole: number) => Math.round((part / whole) * 10_000) / 100

/** Where the container restarted, seen from the time-ordered whole. */
function restartsOf(sent: readonly Sent[]): Map<Sent, number> {
  const found = new Map<Sent, number>()
  for (const [, of] of groupBy(sent, nameOf)) {
    const inOrder = of.toSorted((a, b) => atOf(a) - atOf(b))
    for (const [index, one] of inOrder.entries()) {
      const before = inOrder[index - 1]?.sample.restart_count as number | undefined
      const now = one.sample.restart_count as number
      found.set(one, before === undefined ? 0 : now < before ? now : now - before)
    }
  }
  return found
}

const bucketKey = (span: number, of: Sent, ...more: unknown[]) =>
  [String(Math.floor(atOf(of) / span) * span).padStart(15, '0'), ...more].join(' ')

export function rollups(sent: readonly Sent[]) {
  const rows: { server: Row[]; container: Row[]; service: Row[] } = { server: [], container: [], service: [] }
  const of = (kind: ResourceKind) => sent.filter(one => one.kind === kind)
  const restarts = restartsOf(of('container'))
  for (const span of spans) {
    const interval = (list: readonly Sent[]) => ({ samples: list.length, covered_ms: list.length * 30_000 })
    for (const [key, list] of groupBy(of('server'), one =>
      bucketKey(span, one, one.sample.region ?? '_unknown', one.sample.environment ?? '_unknown'),
    )) {
      const [bucket, region, environment] = key.split(' ')
      const disks = list.filter(({ sample }) => sample.disk_total_gb && sample.disk_used_gb !== undefined)
      rows.server.push({
        span,
        bucket: Number(bucket),
        region,
        environment,
        ...interval(list),
        cpu_sum: sum(values(list, 'cpu_percent')),
        cpu_max: Math.max(...values(list, 'cpu_percent')),
        memory_sum: sum(values(list, 'memory_percent')),
        disk_sum: sum(
          disks.map(({ sample }) => percent(Number(sample.disk_used_gb), Number(sample.disk_total_gb))),
        ),
        disk_samples: disks.length,
        critical_ms: list.filter(({ sample }) => sample.status === 'critical').length * 30_000,
      })
    }
    for (const [key, list] of groupBy(of('container'), one =>
      bucketKey(span, one, one.sample.service_name ?? '_unknown'),
    )) {
      const [bucket, service] = key.split(' ')
      const rps = values(list, 'requests_per_sec')
      const limited = list.filter(({ sample }) => sample.memory_limit_mb)
      rows.container.push({
        span,
        bucket: Number(bucket),
        service,
        ...interval(list),
        cpu_sum: sum(values(list, 'cpu_percent')),
        memory_sum: sum(
          limited.map(({ sample }) => percent(Number(sample.memory_mb), Number(sample.memory_limit_mb))),
        ),
        memory_samples: limited.length,
        rps_sum: sum(rps),
        rps_samples: rps.length,
        rps_max: rps.length > 0 ? Math.max(...rps) : null,
        rps_min: rps.length > 0 ? Math.min(...rps) : null,
        errors: sum(values(list, 'error_count')),
        restarts: sum(list.map(one => restarts.get(one) ?? 0)),
      })
    }
    for (const all of [false, true])
      for (const [key, list] of groupBy(of('service'), one =>
        bucketKey(span, one, one.sample.service_name, all ? '*' : (one.sample.region ?? '_unknown')),
      )) {
        const [bucket, service, region] = key.split(' ')
        const told = list.filter(({ sample }) => sample.total_requests !== undefined)
        const timed = told.filter(({ sample }) => sample.avg_response_time_ms !== undefined)
        const sketch: Sketch = new Map()
        for (const pairs of list.map(({ sample }) => sample.response_time_sketch))
          if (pairs) mergeInto(sketch, pairs as [number, number][])
        const hasSketch = all && list.some(({ sample }) => sample.response_time_sketch)
        rows.service.push({
          span,
          bucket: Number(bucket),
          service,
          region,
          ...interval(list),
          requests: sum(values(told, 'total_requests')),
          failed: sum(values(told, 'failed_requests')),
          latency_sum: sum(
            timed.map(({ sample }) => Number(sample.avg_response_time_ms) * Number(sample.total_requests)),
          ),
          latency_requests: sum(values(timed, 'total_requests')),
          p95_ms: hasSketch ? quantile(sketch, 0.95) : null,
          sketch: hasSketch ? JSON.stringify(pairsOf(sketch)) : null,
        })
      }
  }
  return rows
}

/** By resource: of what its newest sample says, and how much it sent. */
export function resources(sent: readonly Sent[]): Row[] {
  return groupBy(sent, one => `${one.kind} ${nameOf(one)}`).map(([, list]) => {
    const inOrder = list.toSorted((a, b) => atOf(a) - atOf(b))
    const [first, newest] = [inOrder[0], inOrder.at(-1)] as [Sent, Sent]
    const { region = null, environment = null, version = null, service_name: service = null } = newest.sample
    return {
      kind: newest.kind,
      name: nameOf(newest),
      region,
      environment,
      service,
      version,
      first_at: atOf(first),
      last_at: atOf(newest),
    }
  })
}

export function hours(sent: readonly Sent[]): Row[] {
  const restarts = restartsOf(sent.filter(({ kind }) => kind === 'container'))
  return groupBy(sent, one => `${one.kind} ${nameOf(one)} ${bucketKey(HOUR_MS, one)}`).map(([key, list]) => {
    const [kind, name, hour] = key.split(' ')
    const cpu = values(list, kind === 'service' ? 'cpu_avg_percent' : 'cpu_percent')
    return {
      kind,
      name,
      hour: Number(hour),
      samples: list.length,
      cpu_sum: sum(cpu),
      cpu_samples: cpu.length,
      cpu_max: cpu.length > 0 ? Math.max(...cpu) : null,
      restarts: sum(list.map(one => restarts.get(one) ?? 0)),
    }
  })
}

/** Their hours, by the day. */
export const resourceDays = (sent: readonly Sent[]): Row[] =>
  days(sent).map(({ numbers: samples, ...key }) => ({ ...key, samples }))

/** How many numbers of each day have come. */
export const days = (sent: readonly Sent[]): Row[] =>
  groupBy(sent, one => `${one.kind} ${nameOf(one)} ${Math.floor(atOf(one) / DAY_MS) * DAY_MS}`).map(
    ([key, list]) => {
      const [kind, name, day] = key.split(' ')
      return { kind, name, day: Number(day), numbers: list.length }
    },
  )
