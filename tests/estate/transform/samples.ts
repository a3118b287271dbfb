/** Samples by chance, as fast-check makes them, and ways in which they may come. */
import fc from 'fast-check'
import type { ObjectToTake } from '../../../src/estate/commands.ts'
import { partitionOf } from '../../../src/estate/lake/object-key.ts'
import { addTo, pairsOf, type Sketch } from '../../../src/machine/sketch.ts'
import { atOf, type Sample, type Sent } from './model.ts'
import { HOUR_MS, line, objectOf, time } from './world.ts'

const percent = fc.integer({ min: 0, max: 10_000 }).map(value => value / 100)
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
const region = maybe(fc.constantFrom('north', 'south'))
const environment = maybe(fc.constantFrom('production', 'staging'))
const version = maybe(fc.constantFrom('v1.0.0', 'v1.1.0'))

const server = fc.record({
  cpu_percent: percent,
  memory_percent: percent,
  disk_used_gb: maybe(fc.integer({ min: 0, max: 500 })),
  disk_total_gb: fc.constantFrom(0, 400, 500),
  status: fc.constantFrom('healthy', 'warning', 'critical'),
})
const container = fc.record({
  service_name: maybe(fc.constantFrom('checkout', 'search')),
  cpu_percent: percent,
  memory_mb: fc.integer({ min: 0, max: 1024 }),
  memory_limit_mb: maybe(fc.constantFrom(512, 1024)),
  requests_per_sec: maybe(percent),
  error_count: maybe(fc.nat(5)),
  health: fc.constantFrom('healthy', 'degraded'),
})
const sketch = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 }).map(times => {
  const of: Sketch = new Map()
  for (const ms of times) addTo(of, ms, 2)
  return pairsOf(of)
})
const service = fc.record({
  service_name: fc.constantFrom('checkout', 'search'),
  total_requests: maybe(fc.nat(1000)),
  failed_requests: maybe(fc.nat(100)),
  error_rate_percent: percent,
  avg_response_time_ms: maybe(fc.integer({ min: 0, max: 400 }).map(value => value / 4)),
  p95_response_time_ms: percent,
  response_time_sketch: maybe(sketch),
  cpu_avg_percent: maybe(percent),
})
const kinds = fc.oneof(
  fc.record({ kind: fc.constant('server' as const), sample: server }),
  fc.record({ kind: fc.constant('container' as const), sample: container }),
  fc.record({ kind: fc.constant('service' as const), sample: service }),
)

/** Different samples of a few resources, at most 12 a minute each, within four hours from `from` on. */
export const someSamples = (from: number, areNumbered = true): fc.Arbitrary<Sent[]> =>
  fc
    .array(
      fc.record({
        of: kinds,
        who: fc.integer({ min: 1, max: 3 }),
        /** Of five seconds; near to one another, so that they meet in buckets. */
        step: fc.oneof(fc.nat(4 * 720 - 1), fc.nat(30)),
        isNumbered: fc.boolean(),
        region,
        environment,
        version,
      }),
      { minLength: 1, maxLength: 60 },
    )
    .map(list => {
      const bySample = new Map<string, Sent>()
      for (const { of, who, step, isNumbered, ...where } of list) {
        const at = from + step * 5000
        const number = areNumbered || isNumbered ? { boot: step % 7 === 0 ? 'old' : 'new', seq: step } : {}
        const name =
          of.kind === 'server'
            ? { server_id: `server-${who}` }
            : of.kind === 'container'
              ? {
                  container_id: `container-${who}`,
                  restart_count: Math.floor(step / 200) + Math.floor(step / 77),
                }
              : { instance_id: `instance-${who}` }
        const sample = { timestamp: time(at), ...number, ...where, ...of.sample, ...name } as Sample
        bySample.set(`${of.kind} ${who} ${step}`, {
          kind: of.kind,
          sample: JSON.parse(JSON.stringify(sample)),
        })
      }
      return [...bySample.values()]
    })

/** How they come: which come twice, in which order, in which objects, these in which order and groups. */
export const someWay = (sent: readonly Sent[]): fc.Arbitrary<ObjectToTake[][]> =>
  fc
    .record({
      again: fc.subarray([...sent]),
      size: fc.integer({ min: 1, max: 12 }),
      groups: fc.integer({ min: 1, max: 5 }),
      seed: fc.infiniteStream(fc.nat(1_000_000)),
    })
    .map(({ again, size, groups, seed }) => {
      const shuffled = <T>(list: readonly T[]): T[] =>
        list
          .map(item => ({ item, order: seed.next().value as number }))
          .sort((a, b) => a.order - b.order)
          .map(({ item }) => item)
      const byPartition = new Map<string, Sent[]>()
      for (const one of shuffled([...sent, ...again])) {
        const partition = partitionOf(one.kind, atOf(one))
        byPartition.set(partition, [...(byPartition.get(partition) ?? []), one])
      }
      const objects: ObjectToTake[] = []
      for (const of of byPartition.values())
        for (let from = 0; from < of.length; from += size) {
          const part = of.slice(from, from + size)
          const [{ kind }, hour] = [part[0] as Sent, Math.floor(atOf(part[0] as Sent) / HOUR_MS) * HOUR_MS]
          objects.push(
            objectOf(
              kind,
              part.map(({ sample }) => line(sample)),
              hour,
            ),
          )
        }
      const inOrder = shuffled(objects)
      const grouped: ObjectToTake[][] = []
      for (let from = 0; from < inOrder.length; from += groups)
        grouped.push(inOrder.slice(from, from + groups))
      return grouped
    })
