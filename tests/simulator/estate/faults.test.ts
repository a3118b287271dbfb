import { expect, test } from 'vitest'
import { faultKinds, faultNotice } from '../../../src/machine/notices.ts'
import type {
  ContainerMessage,
  SampleMessage,
  ServerMessage,
  ServiceMessage,
} from '../../../src/machine/samples.ts'
import { createEstate } from '../../../src/simulator/estate/estate.ts'
import { breakable, CRASH_EVERY_MS, noticeOf } from '../../../src/simulator/estate/fault.ts'
import type { AnyResource, Container, Instance, Server } from '../../../src/simulator/estate/plan.ts'
import { ORIGIN } from '../../../src/simulator/estate/plan.ts'
import { DAY_MS } from '../../../src/simulator/estate/rhythm.ts'

const MINUTE_MS = 60_000
const DAY = ORIGIN + 40 * DAY_MS
const thousand = createEstate({ servers: 1000, seed: 1 })
const week = thousand.faults.between(DAY, DAY + 7 * DAY_MS)

test('in an estate of a thousand servers about one begins every ten minutes', () => {
  expect(week.length / 7).toBeGreaterThan(140)
  expect(week.length / 7).toBeLessThan(156)
  const longest = week.map(({ startedAt }, index) => startedAt - (week[index - 1]?.startedAt ?? startedAt))
  expect(Math.max(...longest)).toBeLessThanOrEqual(20 * MINUTE_MS)
})

test('each lasts five to twenty minutes, all kinds occur, each breaks only what it can break', () => {
  for (const { kind, resourceKind, startedAt, endedAt } of week) {
    expect(endedAt - startedAt).toBeGreaterThanOrEqual(5 * MINUTE_MS)
    expect(endedAt - startedAt).toBeLessThanOrEqual(20 * MINUTE_MS)
    expect(breakable[kind]).toContain(resourceKind)
  }
  expect(new Set(week.map(({ kind }) => kind))).toEqual(new Set(faultKinds))
})

test('ids are unique, and what is said of a fault is what the schema takes', () => {
  expect(new Set(week.map(({ id }) => id)).size).toBe(week.length)
  for (const fault of week) {
    expect(faultNotice.parse(noticeOf(fault, false)).ended_at).toBeNull()
    expect(faultNotice.parse(noticeOf(fault, true)).ended_at).toBe(fault.endedAt)
  }
})

test('the same seed has the same faults, whatever was asked before; another has others', () => {
  const of = (seed: number) => createEstate({ servers: 1000, seed }).faults
  const again = of(1)
  again.between(DAY + 100 * DAY_MS, DAY + 101 * DAY_MS)
  expect(again.between(DAY, DAY + 7 * DAY_MS)).toEqual(week)
  expect(of(2).between(DAY, DAY + 7 * DAY_MS)).not.toEqual(week)
})

test('a span has all that is under way in it: also what began before', () => {
  for (const fault of week.slice(0, 50)) {
    const middle = Math.floor((fault.startedAt + fault.endedAt) / 2)
    expect(thousand.faults.between(middle, middle + 1)).toContainEqual(fault)
    expect(thousand.faults.between(fault.endedAt, fault.endedAt + 1)).not.toContainEqual(fault)
    expect(thousand.faults.between(fault.startedAt - 1, fault.startedAt)).not.toContainEqual(fault)
  }
})

test('most resources are well: half of the machines never break', () => {
  const { plan } = thousand
  const broken = new Set(
    createEstate({ servers: 1000, seed: 1, faultsPerDay: 2000 })
      .faults.between(DAY, DAY + 14 * DAY_MS)
      .map(({ resource }) => resource),
  )
  const share = (list: readonly AnyResource[]) =>
    list.filter(({ name }) => broken.has(name)).length / list.length
  expect(share(plan.servers)).toBeGreaterThan(0.4)
  expect(share(plan.servers)).toBeLessThan(0.6)
  const now = plan.resources.filter(
    resource => thousand.faults.of(resource, thousand.deploys.versionOf(resource, DAY), DAY) !== null,
  )
  expect(now.length).toBeLessThan(plan.resources.length / 5)
})

test('no faults are wanted: there are none', () => {
  const calm = createEstate({ servers: 10, seed: 1, faultsPerDay: 0 })
  expect(calm.faults.between(ORIGIN, ORIGIN + 100 * DAY_MS)).toEqual([])
})

test.each([-1, 5001, Number.NaN])('%s faults a day are refused', faultsPerDay => {
  expect(() => createEstate({ servers: 1, seed: 1, faultsPerDay })).toThrow(RangeError)
})

test('some deploys bring a fault: it breaks who has the new version, and nobody else', () => {
  const { plan, deploys, faults } = thousand
  const bad = deploys.between(DAY, DAY + 7 * DAY_MS).flatMap(deploy => {
    const fault = week.find(
      ({ startedAt, resource, version }) =>
        startedAt === deploy.at && resource === deploy.service.name && version === deploy.version,
    )
    return fault ? [{ deploy, fault }] : []
  })
  expect(bad.length).toBeGreaterThan(10)
  for (const { deploy, fault } of bad) {
    const at = deploy.at + 5 * MINUTE_MS
    const serving = plan.instances.filter(({ service }) => service === deploy.service)
    for (const instance of serving) {
      const version = deploys.versionOf(instance, at)
      expect(faults.of(instance, version, at)?.id === fault.id).toBe(version === deploy.version)
    }
  }
})

/** What it says once a minute, from a minute before the fault to a minute behind it. */
function said<S extends SampleMessage>(
  kind: (typeof faultKinds)[number],
  of: 'server' | 'container' | 'service',
) {
  const estate = createEstate({ servers: 40, seed: 9, faultsPerDay: 0 })
  const { plan, faults } = estate
  const lists: AnyResource[][] = [plan.servers, plan.containers, plan.instances]
  const list = lists[['server', 'container', 'service'].indexOf(of)] as (Server | Container | Instance)[]
  const resource = list[3] as AnyResource
  const fault = faults.inject(
    kind,
    resource.kind === 'service' ? resource.service.name : resource.name,
    DAY,
    600,
  )
  if (!fault) throw new Error('not injected')
  const at = (minute: number) => estate.sample(resource, DAY + minute * MINUTE_MS, estate.pace(30)) as S
  const during = Array.from({ length: 9 }, (_, minute) => at(minute + 1))
  return { before: at(-1), during, after: at(10), last: during.at(-1) as S, estate, resource, at }
}

test('a saturated processor is above 95 percent after a minute, and well again at the end', () => {
  const { before, during, after } = said<ServerMessage>('cpu_saturation', 'server')
  for (const { cpu_percent, status } of during) {
    expect(cpu_percent).toBeGreaterThan(95)
    expect(status).toBe('critical')
  }
  expect([before.status, after.status]).toEqual(['healthy', 'healthy'])
})

test('a leak climbs to the limit; then the container starts anew', () => {
  const { before, during, last, after } = said<ContainerMessage>('memory_leak', 'container')
  const memory = during.map(({ memory_mb }) => memory_mb)
  expect(memory).toEqual([...memory].sort((a, b) => a - b))
  expect(last.memory_mb / (last.memory_limit_mb as number)).toBeGreaterThan(0.93)
  expect(last.health).not.toBe('healthy')
  expect(after.restart_count).toBe((before.restart_count as number) + 1)
  expect(after.memory_mb).toBeLessThan(last.memory_mb)
})

test('a server’s memory leaks too', () => {
  const { last, after } = said<ServerMessage>('memory_leak', 'server')
  expect(last.memory_percent).toBeGreaterThan(90)
  expect(after.status).toBe('healthy')
})

test('a disk fills by one to three percent a minute, until it is cleaned', () => {
  const { during, before, after } = said<ServerMessage>('disk_filling', 'server')
  const percent = ({ disk_used_gb, disk_total_gb }: ServerMessage) =>
    ((disk_used_gb as number) / (disk_total_gb as number)) * 100
  during.forEach((sample, index) => {
    const risen = percent(sample) - percent(before)
    expect(risen / (index + 1)).toBeGreaterThan(1)
    expect(risen / (index + 1)).toBeLessThan(3.5)
  })
  expect(percent(after)).toBeCloseTo(percent(before), 0)
})

test('a burst of errors is 12 to 40 percent of requests, in the service’s containers too', () => {
  const { before, during, after, estate, resource } = said<ServiceMessage>('error_burst', 'service')
  for (const { error_rate_percent } of during) {
    expect(error_rate_percent).toBeGreaterThan(10)
    expect(error_rate_percent).toBeLessThan(41)
  }
  for (const calm of [before, after]) expect(calm.error_rate_percent).toBeLessThan(10)
  const container = estate.plan.containers.find(({ service }) => service === (resource as Instance).service)
  const sample = estate.sample(container as Container, DAY + MINUTE_MS, estate.pace(300)) as ContainerMessage
  expect(sample.health).toBe('degraded')
  expect(sample.error_count).toBeGreaterThan(0)
})

test('a regression makes the 95th percentile three to six times what it was', () => {
  const { before, during, after } = said<ServiceMessage>('latency_regression', 'service')
  for (const { p95_response_time_ms } of during) {
    expect(p95_response_time_ms / before.p95_response_time_ms).toBeGreaterThan(2.3)
    expect(p95_response_time_ms / before.p95_response_time_ms).toBeLessThan(7)
  }
  expect(after.p95_response_time_ms).toBeLessThan(1.5 * before.p95_response_time_ms)
})

test('a container that crashes again and again is unhealthy and counts its restarts', () => {
  const { before, during, last, after } = said<ContainerMessage>('crash_loop', 'container')
  for (const { health } of during) expect(health).toBe('unhealthy')
  expect((last.restart_count as number) - (before.restart_count as number)).toBe(
    1 + Math.floor((9 * MINUTE_MS) / CRASH_EVERY_MS),
  )
  expect(after.restart_count).toBeGreaterThanOrEqual(last.restart_count as number)
  expect(after.health).toBe('healthy')
})

test('a silent server says nothing, and then goes on', () => {
  const { before, during, after } = said<ServerMessage | never>('silence', 'server')
  expect(during.every(sample => sample === null)).toBe(true)
  expect(before).not.toBeNull()
  expect(after).not.toBeNull()
})

test.each([
  ['silence', 'container-00001'],
  ['crash_loop', 'server-0001'],
  ['error_burst', 'server-0001'],
  ['cpu_saturation', 'checkout'],
  ['error_burst', 'checkout-01'],
  ['silence', 'server-9999'],
  ['silence', ''],
] as const)('%s cannot be injected into "%s"', (kind, resource) => {
  const { faults } = createEstate({ servers: 40, seed: 1, faultsPerDay: 0 })
  expect(faults.inject(kind, resource, DAY, 60)).toBeNull()
})

test('what is injected is bounded in time and number; the restarts that it made stay', () => {
  const estate = createEstate({ servers: 40, seed: 1, faultsPerDay: 0 })
  const [container] = estate.plan.containers
  if (!container) throw new Error('no container')
  const endless = estate.faults.inject('crash_loop', container.name, DAY, 1e9)
  expect(endless && endless.endedAt - endless.startedAt).toBe(3_600_000)
  const restarts = estate.faults.restarts(container, DAY + DAY_MS)
  expect(restarts).toBeGreaterThan(1)
  for (let index = 1; index < 200; index++) estate.faults.inject('silence', 'server-0001', DAY + index, 600)
  expect(estate.faults.inject('silence', 'server-0002', DAY + 1000, 60)).toBeNull()
  expect(estate.faults.inject('silence', 'server-0002', DAY + DAY_MS, 60)).not.toBeNull()
  expect(estate.faults.restarts(container, DAY + DAY_MS)).toBe(restarts)
})
