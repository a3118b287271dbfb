import { expect, test } from 'vitest'
import { createAnalyser } from '../../../src/estate/analytics/analyse.ts'
import { createHistoryStore } from '../../../src/estate/analytics/history-store.ts'
import { createWindowsStore } from '../../../src/estate/analytics/windows-store.ts'
import { createAnomalyStore } from '../../../src/estate/transform/anomaly-store.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { DAY_MS, type EstateDatabase, estateDatabase, HOUR_MS, MINUTE_MS } from './estate-database.ts'

/** A Wednesday, 10:42 UTC. */
const NOW = Date.UTC(2026, 5, 3, 10, 42)

function world(): EstateDatabase {
  const estate = estateDatabase(temporaryFolder())
  return estate
}

/** Servers of which each has sent 24 samples. */
function fill(estate: EstateDatabase, count: number, cpuOf: (server: number, minutesAgo: number) => number) {
  for (let id = 1; id <= count; id++) {
    estate.resource(id, 'server', `server-${id}`, NOW - 1000 * id)
    for (let i = 0; i < 24; i++) estate.serverSample(id, NOW - 1000 * id - i * 30_000, cpuOf(id, i / 2))
  }
}

test('a round reads, finds and says how many samples are new', () => {
  const estate = world()
  fill(estate, 5, (id, ago) => (id === 3 && ago < 3 ? 97 : 40))
  const round = createAnalyser(estate.db, fakeClock())({ now: NOW, since: NOW - MINUTE_MS })
  expect(round).toMatchObject({ resources: 5, samples: 10, problem: null })
  expect(round.found.map(({ cause, type }) => [cause, type])).toEqual([['server:server-3:cpu', 'cpu_spike']])
  estate.close()
})

test('an estate without any row: nothing found, the score is unknown', () => {
  const estate = world()
  const round = createAnalyser(estate.db, fakeClock())({ now: NOW, since: NOW - MINUTE_MS })
  expect(round).toMatchObject({ found: [], problem: null, resources: 0, samples: 0, health: { score: null } })
  estate.close()
})

test('what lasts is known to an analyser that was started anew, from the database alone', () => {
  const estate = world()
  estate.resource(3, 'server', 'server-3', NOW)
  const sample = (from: number, to: number, cpu: number) => {
    for (let i = from; i > to; i--) estate.serverSample(3, NOW - i * 30_000, cpu)
  }
  sample(24, 12, 40)
  sample(12, 4, 97)
  const [found] = createAnalyser(estate.db, fakeClock())({ now: NOW - 120_000, since: 0 }).found
  sample(4, 0, 40)
  // By these samples alone it would not be found any more.
  expect(createAnalyser(estate.db, fakeClock())({ now: NOW, since: 0 }).found).toEqual([])
  createAnomalyStore(estate.db).record(found ? [found] : [], NOW - 120_000)
  const again = createAnalyser(estate.db, fakeClock())({ now: NOW, since: 0 }).found
  expect(again).toMatchObject([{ cause: found?.cause, startedAt: found?.startedAt, type: 'cpu_spike' }])
  estate.close()
})

test('the health score counts servers and requests of the last half hour', () => {
  const estate = world()
  const now = { memory_percent: 60, disk_utilization: 50 }
  const add = (resource: number, at: number, cpu_percent: number, status: string) =>
    estate.insert('estate_server_now', { resource, at, cpu_percent, status, ...now })
  for (const id of [1, 2, 3]) estate.resource(id, 'server', `server-${id}`, NOW)
  add(1, NOW - MINUTE_MS, 30, 'healthy')
  add(2, NOW - MINUTE_MS, 50, 'critical')
  add(3, NOW - 40 * MINUTE_MS, 99, 'critical')
  const round = () => createAnalyser(estate.db, fakeClock())({ now: NOW, since: 0 })
  expect(round().health.score).toBeNull()
  estate.resource(4, 'service', 'checkout-01', NOW, { service: 'checkout' })
  estate.insert('estate_service_now', {
    resource: 4,
    at: NOW,
    total_requests: 200,
    failed_requests: 2,
    error_rate_percent: 1,
    p95_response_time_ms: 10,
  })
  // 100 - 10 - 15 - 12.5 - 0.25 - 5
  expect(round().health.score).toBe(57.25)
  estate.close()
})

test('a container counts its errors: their share is of its requests', () => {
  const estate = world()
  estate.resource(7, 'container', 'container-7', NOW, { service: 'checkout' })
  estate.insert('estate_container_samples', {
    at: NOW - 1000,
    resource: 7,
    cpu_percent: 10,
    memory_mb: 100,
    requests_per_sec: 10,
    error_count: 30,
    health: 'healthy',
  })
  const store = createWindowsStore(estate.db)
  const resources = store.resources(NOW - HOUR_MS)
  const series = store.window({ from: NOW - HOUR_MS, since: 0, resources }).series.get(7)
  expect(series?.errors).toEqual([10])
  expect(series?.memory).toEqual([Number.NaN])
  estate.close()
})

test('one resource with very many samples keeps the newest, in order', () => {
  const estate = world()
  estate.resource(1, 'server', 'server-1', NOW)
  for (let i = 0; i < 1000; i++) estate.serverSample(1, NOW - i * 500, i)
  const store = createWindowsStore(estate.db)
  const resources = store.resources(NOW - HOUR_MS)
  const { series, samples } = store.window({ from: NOW - 12 * MINUTE_MS, since: 0, resources })
  expect(samples).toBe(1000)
  expect(series.get(1)?.at.length).toBeLessThanOrEqual(200)
  expect(series.get(1)?.cpu.at(-1)).toBe(0)
  expect(series.get(1)?.at).toEqual([...(series.get(1)?.at ?? [])].sort((a, b) => a - b))
  estate.close()
})

test('baselines are those of the hour of the week, and nothing is usual without history', () => {
  const estate = world()
  const hour = Math.floor(NOW / HOUR_MS) * HOUR_MS
  for (let day = 1; day <= 7; day++)
    for (const beside of [-1, 0, 1, 2])
      estate.hour(1, hour - day * DAY_MS + beside * HOUR_MS, {
        cpu_sum: 4 * (40 + 10 * beside),
        cpu_samples: 4,
        requests: 1000,
        failed: 20,
        latency_sum: 50_000,
        latency_requests: 1000,
      })
  estate.hour(1, hour - HOUR_MS, { disk_sum: 120, disk_samples: 2 })
  const baseline = createHistoryStore(estate.db).baselines(NOW)(1)
  expect(baseline?.usual('cpu', hour + 30 * MINUTE_MS)?.center).toBe(40)
  expect(baseline?.usual('cpu', hour + HOUR_MS)?.center).toBe(45)
  expect(baseline?.usual('errors', NOW)?.center).toBe(2)
  expect(baseline?.usual('latency', NOW)?.center).toBe(50)
  expect(baseline?.usual('memory', NOW)).toBeNull()
  expect(baseline?.lastHours('disk').slice(0, 2)).toEqual([60, Number.NaN])
  expect(createHistoryStore(estate.db).baselines(NOW)(2)).toBeNull()
  estate.close()
})

test('baselines are kept for their hour, but made anew while history still arrives', () => {
  const estate = world()
  const store = createHistoryStore(estate.db)
  const hour = Math.floor(NOW / HOUR_MS) * HOUR_MS
  const add = (day: number) =>
    [0, 1].map(beside =>
      estate.hour(1, hour - (day * 24 - beside) * HOUR_MS, { cpu_sum: 40, cpu_samples: 1 }),
    )
  expect(store.baselines(NOW)(1)).toBeNull()
  for (const day of [1, 2, 3, 4, 5, 6]) add(day)
  const made = store.baselines(NOW)
  expect(made(1)?.usual('cpu', NOW)?.center).toBe(40)
  expect(store.baselines(NOW + MINUTE_MS)).toBe(made)
  expect(store.baselines(NOW + HOUR_MS)).not.toBe(made)
  estate.close()
})
