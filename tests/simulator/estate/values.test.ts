import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ContainerMessage,
  type SampleMessage,
  type ServerMessage,
  type ServiceMessage,
  sampleSchemas,
} from '../../../src/machine/samples.ts'
import { quantile } from '../../../src/machine/sketch.ts'
import { serverStatusOf } from '../../../src/machine/status.ts'
import { createEstate, type Estate } from '../../../src/simulator/estate/estate.ts'
import { type AnyResource, ORIGIN } from '../../../src/simulator/estate/plan.ts'
import { DAY_MS } from '../../../src/simulator/estate/rhythm.ts'

const SECONDS = 30
/** Many faults, so that broken resources are among those that are drawn. */
const estates = [1, 2, 3].map(seed => createEstate({ servers: 60, seed, faultsPerDay: 1000 }))

/** Of a few days, a year between them: faults are made by the day. */
const at = fc
  .record({ day: fc.constantFrom(0, 123, 400), ms: fc.nat(DAY_MS - 1) })
  .map(({ day, ms }) => ORIGIN + day * DAY_MS + ms)
const place = fc.record({
  estate: fc.constantFrom(...estates),
  share: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  at,
})
const pickFrom = <R extends AnyResource>(list: R[], share: number) =>
  list[Math.floor(share * list.length)] as R

/** Checks samples of one kind at random places; most of them are not silent. */
function always<R extends AnyResource, S>(
  of: (estate: Estate) => R[],
  check: (sample: S, resource: R, estate: Estate) => void,
) {
  fc.assert(
    fc.property(place, ({ estate, share, at }) => {
      const resource = pickFrom(of(estate), share)
      const sample = estate.sample(resource, at, estate.pace(SECONDS))
      if (sample) check(sample as S, resource, estate)
    }),
    { numRuns: 3000 },
  )
}

test('every sample is one that the schema takes', () => {
  always<AnyResource, SampleMessage>(
    ({ plan }) => plan.resources,
    (sample, resource) => {
      const judged = sampleSchemas[resource.kind].safeParse(sample)
      expect(judged.error).toBeUndefined()
    },
  )
})

test('a server’s percent is that of its bytes, and its status follows from its load', () => {
  always(
    ({ plan }) => plan.servers,
    (sample: ServerMessage) => {
      const share = (used: number | undefined, total: number | undefined) =>
        ((used as number) / (total as number)) * 100
      expect(sample.memory_percent).toBeCloseTo(share(sample.memory_used_gb, sample.memory_total_gb), 1)
      const disk = share(sample.disk_used_gb, sample.disk_total_gb)
      expect(disk).toBeLessThanOrEqual(100)
      expect(sample.status).toBe(serverStatusOf(sample.cpu_percent, sample.memory_percent, disk))
    },
  )
})

test('a container’s memory is within its limit, and its health follows from it', () => {
  always(
    ({ plan }) => plan.containers,
    (sample: ContainerMessage) => {
      const share = (sample.memory_mb / (sample.memory_limit_mb as number)) * 100
      expect(share).toBeLessThanOrEqual(100)
      if (share > 97) expect(sample.health).toBe('unhealthy')
      else if (share > 90) expect(sample.health).not.toBe('healthy')
    },
  )
})

test('a service’s error rate is failed over total, and its percentile no less than its mean', () => {
  always(
    ({ plan }) => plan.instances,
    (sample: ServiceMessage) => {
      const [total, failed] = [sample.total_requests as number, sample.failed_requests as number]
      expect(failed).toBeLessThanOrEqual(total)
      expect(sample.error_rate_percent).toBeCloseTo((failed / total) * 100, 1)
      expect(sample.p95_response_time_ms).toBeGreaterThanOrEqual(sample.avg_response_time_ms as number)
      const sketch = new Map(sample.response_time_sketch)
      expect(sample.p95_response_time_ms).toBeCloseTo(quantile(sketch, 0.95) as number, 1)
      expect([...sketch.values()].reduce((sum, count) => sum + count)).toBe(total)
      expect(sample.instances_running).toBe(1)
    },
  )
})

test('restarts only grow', () => {
  for (const estate of estates)
    fc.assert(
      fc.property(place, fc.array(at, { minLength: 2, maxLength: 20 }), ({ share }, times) => {
        const container = pickFrom(estate.plan.containers, share)
        const counts = times
          .sort((a, b) => a - b)
          .map(time => estate.sample(container, time, estate.pace(SECONDS)) as ContainerMessage)
          .map(sample => sample.restart_count as number)
        expect(counts).toEqual([...counts].sort((a, b) => a - b))
      }),
    )
})

test('the same seed, resource and time give the same bytes, whatever was asked before', () => {
  const others = [1, 2, 3].map(seed => createEstate({ servers: 60, seed, faultsPerDay: 1000 }))
  fc.assert(
    fc.property(
      fc.nat(2),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      at,
      (which, share, time) => {
        const said = [estates, others].map(list => {
          const estate = list[which] as Estate
          return JSON.stringify(
            estate.sample(pickFrom(estate.plan.resources, share), time, estate.pace(SECONDS)),
          )
        })
        expect(said[0]).toBe(said[1])
      },
    ),
    { numRuns: 1000 },
  )
})

test('a resource’s numbers follow one another, one for each interval, and the boot names the interval', () => {
  const [estate] = estates as [Estate]
  const [server] = estate.plan.servers
  const calm = createEstate({ servers: 1, seed: 1, faultsPerDay: 0 })
  if (!server) throw new Error('no server')
  for (const seconds of [30, 300]) {
    const pace = calm.pace(seconds)
    const samples = Array.from({ length: 5 }, (_, index) =>
      calm.sample(server, ORIGIN + Math.floor(server.phase * seconds * 1000) + index * seconds * 1000, pace),
    )
    const first = samples[0]?.seq as number
    expect(samples.map(sample => sample?.seq)).toEqual([0, 1, 2, 3, 4].map(index => first + index))
    expect(samples[0]).toMatchObject({ boot: `sim-1-${seconds}s`, interval_seconds: seconds })
  }
})

/** Without faults: every 5 minutes of some days of a week, whole estates. */
function* calmSamples(days: number) {
  const estate = createEstate({ servers: 150, seed: 11, faultsPerDay: 0 })
  const pace = estate.pace(SECONDS)
  for (let time = ORIGIN; time < ORIGIN + days * DAY_MS; time += 300_000)
    for (const resource of estate.plan.resources) yield estate.sample(resource, time, pace) as SampleMessage
}

test('where nothing is broken, hardly anything crosses a threshold', () => {
  let samples = 0
  let crossed = 0
  let unwell = 0
  for (const sample of calmSamples(3)) {
    samples++
    if ('server_id' in sample && (sample.cpu_percent > 90 || sample.memory_percent > 85)) crossed++
    if ('container_id' in sample && sample.health !== 'healthy') unwell++
    if (!('error_rate_percent' in sample)) continue
    if (sample.error_rate_percent > 10) crossed++
  }
  expect(samples).toBeGreaterThan(400_000)
  expect(crossed).toBeLessThan(samples / 100_000)
  expect(unwell).toBeLessThan(samples / 100_000)
})

test('where nothing is broken, values that are near in time are near to each other', () => {
  const estate = createEstate({ servers: 60, seed: 12, faultsPerDay: 0 })
  const pace = estate.pace(SECONDS)
  fc.assert(
    fc.property(place, ({ share, at }) => {
      const resource = pickFrom(estate.plan.servers, share)
      const [before, after] = [at, at + SECONDS * 1000].map(
        time => estate.sample(resource, time, pace) as ServerMessage,
      )
      if (!before || !after) throw new Error('silent')
      expect(Math.abs(before.cpu_percent - after.cpu_percent)).toBeLessThan(8)
      expect(Math.abs(before.memory_percent - after.memory_percent)).toBeLessThan(1)
    }),
    { numRuns: 2000 },
  )
})

test('a disk fills for days and is cleaned at once', () => {
  const estate = createEstate({ servers: 40, seed: 13, faultsPerDay: 0 })
  for (const server of estate.plan.servers) {
    const used = Array.from(
      { length: 24 * 30 },
      (_, hour) => estate.sample(server, ORIGIN + hour * 3_600_000, estate.pace(SECONDS)) as ServerMessage,
    ).map(sample => ((sample.disk_used_gb as number) / server.diskGb) * 100)
    const falls = used.filter((value, index) => index > 0 && value < (used[index - 1] as number) - 3)
    expect(falls.length).toBeGreaterThanOrEqual(1)
    expect(falls.length).toBeLessThanOrEqual(8)
  }
})

test('some servers come near to full, most do not', () => {
  const { plan } = createEstate({ servers: 1000, seed: 14 })
  const filling = plan.servers.filter(({ diskHigh }) => diskHigh > 85)
  expect(filling.length).toBeGreaterThan(5)
  expect(filling.length).toBeLessThan(80)
})
