import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MergedSketch } from '../../../src/estate/reports/sketch-text.ts'
import { addTo, mergeInto, pairsOf, quantile, type Sketch } from '../../../src/machine/sketch.ts'
import { START } from '../../support/fake-clock.ts'
import { anEstateWorld, anInstance, HOUR, MINUTE, serviceSums } from './estate-world.ts'

const AT = '2026-03-02T10:00:00.000Z'

function sketchOf(times: readonly number[]): Sketch {
  const sketch: Sketch = new Map()
  for (const ms of times) addTo(sketch, ms)
  return sketch
}
const two = (value: number | null) => (value === null ? null : Math.round(value * 100) / 100)

/** checkout: 400 requests in two regions, 4 failed; search: all failed; idle: no requests. */
function threeServices() {
  const world = anEstateWorld()
  const { db } = world
  const fast = pairsOf(sketchOf(Array.from({ length: 200 }, (_, ms) => ms + 1)))
  serviceSums(db, START - 50 * MINUTE, {}, {}, fast)
  serviceSums(db, START - 10 * MINUTE, { latency_sum: 60_000 }, { region: 'south' }, fast)
  serviceSums(
    db,
    START - 10 * MINUTE,
    { requests: 10, failed: 10, latency_requests: 10 },
    { service: 'search' },
  )
  serviceSums(
    db,
    START - 10 * MINUTE,
    { requests: 0, failed: 0, latency_sum: 0, latency_requests: 0 },
    { service: 'idle' },
  )
  return { ...world, p95: two(quantile(new Map(fast), 0.95)) }
}

test('performance: rates are failures by requests, the mean is weighted, least successful first, unknown last', async () => {
  const { get, p95 } = threeServices()
  expect(await get('/api/services/performance')).toEqual([
    {
      service_name: 'search',
      avg_success_rate: 0,
      avg_error_rate: 100,
      avg_response_time: 2000,
      p95_response_time: null,
      total_requests: 10,
      failed_requests: 10,
    },
    {
      service_name: 'checkout',
      avg_success_rate: 99,
      avg_error_rate: 1,
      avg_response_time: 200,
      p95_response_time: p95,
      total_requests: 400,
      failed_requests: 4,
    },
    {
      service_name: 'idle',
      avg_success_rate: null,
      avg_error_rate: null,
      avg_response_time: null,
      p95_response_time: null,
      total_requests: 0,
      failed_requests: 0,
    },
  ])
})

test('IN4: a success of 0 is 0 and not 100; without requests it is unknown', async () => {
  const { get } = threeServices()
  expect(await get('/api/services/success-rate-gauge')).toEqual([
    { service_name: 'search', success_rate: 0, error_rate: 100 },
    { service_name: 'checkout', success_rate: 99, error_rate: 1 },
    { service_name: 'idle', success_rate: null, error_rate: null },
  ])
  expect(await get('/api/services/success-rate-gauge?minutes=9')).toEqual([])
})

test('failed requests, top errors and the slowest, each in its order and up to its limit', async () => {
  const { get, p95 } = threeServices()
  expect(await get('/api/services/failed-requests?limit=2')).toEqual([
    { service_name: 'search', total_failures: 10, total_requests: 10, avg_error_rate: 100 },
    { service_name: 'checkout', total_failures: 4, total_requests: 400, avg_error_rate: 1 },
  ])
  expect(await get('/api/services/top-errors?limit=1')).toEqual([
    { service_name: 'search', error_rate: 100, failed_requests: 10, total_requests: 10 },
  ])
  expect(await get('/api/services/slowest')).toEqual([
    { service_name: 'search', avg_latency: 2000, p95_latency: null, success_rate: 0 },
    { service_name: 'checkout', avg_latency: 200, p95_latency: p95, success_rate: 99 },
    { service_name: 'idle', avg_latency: null, p95_latency: null, success_rate: null },
  ])
})

test('services by region', async () => {
  const { get } = threeServices()
  expect(await get('/api/services/by-region')).toEqual([
    { region: 'north', service_name: 'checkout', avg_latency: 100, avg_success_rate: 99 },
    { region: 'north', service_name: 'idle', avg_latency: null, avg_success_rate: null },
    { region: 'north', service_name: 'search', avg_latency: 2000, avg_success_rate: 0 },
    { region: 'south', service_name: 'checkout', avg_latency: 300, avg_success_rate: 99 },
  ])
})

test('percentiles are those of all requests of all instances and minutes together', async () => {
  const { db, get } = anEstateWorld()
  const slow = Array.from({ length: 100 }, (_, index) => 1000 + index)
  const fast = Array.from({ length: 900 }, (_, index) => 10 + index / 100)
  serviceSums(db, START - 20 * MINUTE, { requests: 100 }, {}, pairsOf(sketchOf(slow)))
  serviceSums(db, START - 40 * MINUTE, { requests: 900 }, {}, pairsOf(sketchOf(fast)))
  serviceSums(db, START - 40 * MINUTE, {}, { service: 'other' })
  const all = sketchOf([...slow, ...fast])
  const checkout = {
    service_name: 'checkout',
    p50: two(quantile(all, 0.5)),
    p90: two(quantile(all, 0.9)),
    p95: two(quantile(all, 0.95)),
    p99: two(quantile(all, 0.99)),
    requests: 1000,
  }
  const none = { service_name: 'other', p50: null, p90: null, p95: null, p99: null, requests: 200 }
  expect(await get('/api/services/latency-percentiles')).toEqual([checkout, none])
  expect(checkout.p95).toBeGreaterThan(980)
  expect(checkout.p50).toBeLessThan(20)
  expect(await get('/api/services/latency-percentiles?service=checkout')).toEqual([checkout])
})

test('sketches as text give the percentiles of sketches', () => {
  const sketches = fc.array(
    fc.array(fc.tuple(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: 1, max: 1e6 })), {
      maxLength: 30,
    }),
    { maxLength: 5 },
  )
  fc.assert(
    fc.property(sketches, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
      const merged = new MergedSketch()
      merged.add('[[5,7]]')
      merged.clear()
      const expected: Sketch = new Map()
      for (const pairs of all) {
        merged.add(JSON.stringify(pairs))
        mergeInto(expected, pairs)
      }
      expect(merged.quantile(share)).toBe(quantile(expected, share))
    }),
  )
})

test('latency over time: a row for each bucket and service; the p95 of 15 minutes is of one merged sketch', async () => {
  const { db, get } = anEstateWorld()
  const [quick, slow] = [sketchOf([10, 10, 10, 10]), sketchOf([1000])]
  anInstance(db, 'checkout-01')
  anInstance(db, 'search-01', {}, { service: 'search' })
  const p95 = (sketch: Sketch) => quantile(sketch, 0.95)
  serviceSums(db, START - 15 * MINUTE, {}, {}, pairsOf(quick))
  serviceSums(db, START - 10 * MINUTE, { latency_sum: 40_000 }, {}, pairsOf(slow))
  const fives = await get('/api/services/latency-trend?hours=1')
  expect(fives).toHaveLength(24)
  expect(fives.slice(16, 19)).toEqual([
    {
      time: '2026-03-02T09:45:00.000Z',
      service_name: 'checkout',
      avg_latency: 100,
      p95_latency: two(p95(quick)),
    },
    { time: '2026-03-02T09:45:00.000Z', service_name: 'search', avg_latency: null, p95_latency: null },
    {
      time: '2026-03-02T09:50:00.000Z',
      service_name: 'checkout',
      avg_latency: 200,
      p95_latency: two(p95(slow)),
    },
  ])
  const quarter = await get('/api/services/latency?hours=1&interval=15min&service=checkout')
  expect(quarter).toHaveLength(4)
  expect(quarter[2]).toEqual({
    time: '2026-03-02T09:45:00.000Z',
    service_name: 'checkout',
    avg_latency: 150,
    p95_latency: two(p95(sketchOf([10, 10, 10, 10, 1000]))),
  })
})

test('the bucket under way is unknown for a service of which nothing has come yet', async () => {
  const { db, get } = anEstateWorld()
  anInstance(db, 'checkout-01')
  anInstance(db, 'search-01', {}, { service: 'search' })
  serviceSums(db, START, { failed: 0 })
  for (const query of ['hours=1', 'hours=1&interval=15min', 'hours=1&interval=1hour'])
    expect((await get(`/api/services/error-rate-trend?${query}`)).slice(-2)).toEqual([
      { time: AT, service_name: 'checkout', avg_error_rate: 0 },
      { time: AT, service_name: 'search', avg_error_rate: null },
    ])
})

test('errors over time; 0 of some is 0, of none unknown', async () => {
  const { db, get } = anEstateWorld()
  anInstance(db, 'checkout-01')
  serviceSums(db, START - 10 * MINUTE, { failed: 0 })
  serviceSums(db, START - 5 * MINUTE, { requests: 0, failed: 0 })
  const trend = await get('/api/services/error-rate-trend?hours=1')
  expect(trend.slice(-3)).toEqual([
    { time: '2026-03-02T09:50:00.000Z', service_name: 'checkout', avg_error_rate: 0 },
    { time: '2026-03-02T09:55:00.000Z', service_name: 'checkout', avg_error_rate: null },
    { time: AT, service_name: 'checkout', avg_error_rate: null },
  ])
})

test('instances: how many run, in which versions; who speaks for a whole service says how many there are', async () => {
  const { db, get } = anEstateWorld()
  anInstance(db, 'checkout-01', { cpu_avg_percent: 0 })
  anInstance(db, 'checkout-02', { cpu_avg_percent: 50, memory_avg_percent: null }, { version: 'v1.1.0' })
  anInstance(db, 'checkout-03', { cpu_avg_percent: null, at: START - 5000 }, { version: 'v1.1.0' })
  anInstance(db, 'checkout-04', { at: START - HOUR })
  anInstance(db, 'search', { instances_running: 7 }, { service: 'search', version: null })
  expect(await get('/api/services/instances')).toEqual([
    {
      service_name: 'checkout',
      instances_running: 3,
      cpu_avg_percent: 25,
      memory_avg_percent: 40,
      timestamp: AT,
      versions: [
        { version: 'v1.1.0', instances: 2 },
        { version: 'v1.0.0', instances: 1 },
      ],
    },
    {
      service_name: 'search',
      instances_running: 7,
      cpu_avg_percent: 30,
      memory_avg_percent: 40,
      timestamp: AT,
      versions: [],
    },
  ])
})

test.each([
  [1000, 9, 499, 'healthy'],
  [1000, 10, 100, 'warning'],
  [1000, 0, 500, 'warning'],
  [1000, 0, 1000, 'warning'],
  [1000, 50, 100, 'warning'],
  [1000, 51, 100, 'critical'],
  [1000, 0, 1001, 'critical'],
  [0, 0, 0, 'unknown'],
])('of %i requests %i failed, in %i ms on average: %s', async (requests, failed, ms, status) => {
  const { db, get } = anEstateWorld()
  anInstance(db, 'checkout-01')
  serviceSums(db, START - MINUTE, {
    requests,
    failed,
    latency_sum: ms * requests,
    latency_requests: requests,
  })
  const health = await get('/api/services/health')
  expect(health.services).toMatchObject([{ service_name: 'checkout', status, instances: 1 }])
  expect(health).toMatchObject({ total_services: 1, [`${status}_services`]: 1 })
  if (requests === 0) expect(health.avg_success_rate).toBeNull()
})

test('availability is from heartbeats, against the time since each instance was first heard of', async () => {
  const { db, get } = anEstateWorld()
  anInstance(db, 'checkout-01')
  anInstance(db, 'checkout-02', { at: START - 45 * MINUTE })
  anInstance(db, 'search-01', {}, { service: 'search', first_at: START - 30 * MINUTE })
  // An hour of the one, a quarter of the other; of search all of its half hour.
  serviceSums(db, START - 30 * MINUTE, { samples: 150, covered_ms: 75 * MINUTE })
  serviceSums(db, START - 30 * MINUTE, { samples: 61, covered_ms: 30.5 * MINUTE }, { service: 'search' })
  expect(await get('/api/services/availability?hours=1')).toEqual([
    {
      service_name: 'checkout',
      availability_percent: 62.5,
      instances: 2,
      instances_up: 1,
      heartbeats: 150,
    },
    {
      service_name: 'search',
      availability_percent: 100,
      instances: 1,
      instances_up: 1,
      heartbeats: 61,
    },
  ])
})

test('sums of a window are exact to the minute, and the same whatever spans they are put together from', async () => {
  const { db, get, clock } = anEstateWorld()
  clock.set(START + 37 * MINUTE)
  for (let minute = -200; minute <= 37; minute++)
    serviceSums(db, START + minute * MINUTE, { requests: 1, failed: 0 })
  const requests = async (query: string) =>
    (await get(`/api/services/failed-requests?${query}`))[0].total_requests
  expect(await requests('hours=1')).toBe(61)
  expect(await requests('hours=2')).toBe(121)
  expect(await requests('hours=3')).toBe(181)
  expect(await requests('hours=168')).toBe(238)
})
