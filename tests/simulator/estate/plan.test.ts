import fc from 'fast-check'
import { expect, test } from 'vitest'
import { serverSample } from '../../../src/machine/samples.ts'
import { createDeploys, ROLL_MS } from '../../../src/simulator/estate/deploys.ts'
import {
  environments,
  type Instance,
  ORIGIN,
  planEstate,
  serviceNames,
} from '../../../src/simulator/estate/plan.ts'
import { DAY_MS, HOUR_MS, regions, rhythm } from '../../../src/simulator/estate/rhythm.ts'

const seeds = fc.integer({ min: 0, max: 2 ** 31 })

test('a server comes with two containers and half an instance of a service', () => {
  const { servers, containers, instances, resources } = planEstate({ servers: 1000, seed: 1 })
  expect([servers.length, containers.length, instances.length]).toEqual([1000, 2000, 500])
  expect(resources.map(({ ordinal }) => ordinal)).toEqual(resources.map((_, index) => index))
})

test('the same seed makes the same estate, another another', () => {
  fc.assert(
    fc.property(seeds, seed => {
      expect(planEstate({ servers: 5, seed })).toEqual(planEstate({ servers: 5, seed }))
      expect(planEstate({ servers: 5, seed: seed + 1 })).not.toEqual(planEstate({ servers: 5, seed }))
    }),
    { numRuns: 20 },
  )
})

test('every name is one that samples may have, and nobody else’s', () => {
  const { resources } = planEstate({ servers: 1000, seed: 3 })
  const name = serverSample.shape.server_id
  for (const resource of resources) expect(name.safeParse(resource.name).success).toBe(true)
  expect(new Set(resources.map(resource => resource.name)).size).toBe(resources.length)
})

test('a thousand servers are in every region and environment, and run every service in production', () => {
  const { servers, containers, instances } = planEstate({ servers: 1000, seed: 2 })
  for (const list of [servers, containers, instances]) {
    expect(new Set(list.map(({ region }) => region))).toEqual(new Set(regions))
    expect(new Set(list.map(({ environment }) => environment))).toEqual(new Set(environments))
  }
  const production = instances.filter(({ environment }) => environment === 'production')
  expect(new Set(production.map(({ service }) => service.name))).toEqual(new Set(serviceNames))
})

test('they send all through an interval, not together', () => {
  const { resources } = planEstate({ servers: 1000, seed: 4 })
  for (let tenth = 0; tenth < 10; tenth++) {
    const inIt = resources.filter(({ phase }) => Math.floor(phase * 10) === tenth)
    expect(inIt.length).toBeGreaterThan(resources.length / 20)
  }
})

test.each([0, -1, 5001, Number.NaN])('%s servers are refused', servers => {
  expect(() => planEstate({ servers, seed: 1 })).toThrow(RangeError)
})

test('a service is deployed about every two days', () => {
  const plan = planEstate({ servers: 40, seed: 5 })
  const deploys = createDeploys(plan).between(ORIGIN, ORIGIN + 60 * DAY_MS)
  for (const service of plan.services)
    expect(deploys.filter(deploy => deploy.service === service)).toHaveLength(30)
  expect(deploys).toEqual([...deploys].sort((a, b) => a.at - b.at))
})

test('a deploy reaches all instances and containers within ten minutes, one after the other', () => {
  const plan = planEstate({ servers: 1000, seed: 6 })
  const deploys = createDeploys(plan)
  const [deploy] = deploys.between(ORIGIN + 30 * DAY_MS, ORIGIN + 40 * DAY_MS)
  if (!deploy) throw new Error('no deploy')
  const serving = [...plan.instances, ...plan.containers].filter(({ service }) => service === deploy.service)
  const haveIt = (at: number) =>
    serving.filter(resource => deploys.versionOf(resource, at) === deploy.version).length
  expect(haveIt(deploy.at - 1)).toBe(0)
  expect(haveIt(deploy.at + ROLL_MS / 2)).toBeGreaterThan(0)
  expect(haveIt(deploy.at + ROLL_MS / 2)).toBeLessThan(serving.length)
  expect(haveIt(deploy.at + ROLL_MS)).toBe(serving.length)
})

test('a version never comes back', () => {
  const plan = planEstate({ servers: 2, seed: 7 })
  const { versionOf } = createDeploys(plan)
  const versions: string[] = []
  for (let at = ORIGIN; at < ORIGIN + 200 * DAY_MS; at += HOUR_MS) {
    const version = versionOf(plan.instances[0] as Instance, at) as string
    if (versions.at(-1) !== version) versions.push(version)
  }
  expect(versions.length).toBeGreaterThan(90)
  expect(new Set(versions).size).toBe(versions.length)
  for (const version of versions) expect(version).toMatch(/^v\d+\.\d+\.\d+$/)
})

test('regions are busy by their own day, and less at its end of the week', () => {
  const tuesday = Date.UTC(2026, 2, 3)
  for (const region of regions) {
    const hours = Array.from({ length: 24 }, (_, hour) => rhythm(region, tuesday + hour * HOUR_MS))
    expect(Math.max(...hours)).toBeGreaterThan(0.9)
    expect(Math.min(...hours)).toBeLessThan(0.1)
    const week = (at: number) =>
      Array.from({ length: 24 }, (_, hour) => rhythm(region, at + hour * HOUR_MS)).reduce((a, b) => a + b)
    expect(week(tuesday + 4 * DAY_MS + DAY_MS / 2)).toBeLessThan(0.85 * week(tuesday))
  }
  const noon = (region: (typeof regions)[number]) => rhythm(region, tuesday + 12 * HOUR_MS)
  expect(noon('central')).toBeGreaterThan(2 * noon('west'))
})

test('the rhythm has no steps', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(...regions), (at, region) => {
      expect(Math.abs(rhythm(region, at + 60_000) - rhythm(region, at))).toBeLessThan(0.01)
    }),
  )
})
