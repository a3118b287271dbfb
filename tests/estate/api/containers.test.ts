import { expect, test } from 'vitest'
import { START } from '../../support/fake-clock.ts'
import { aContainer, anEstateWorld, aRestart, containerSums, HOUR, MINUTE } from './estate-world.ts'

const AT = '2026-03-02T10:00:00.000Z'

function threeContainers() {
  const world = anEstateWorld()
  const { db } = world
  aContainer(db, 'container-1', { memory_utilization: 0, requests_per_sec: 0 })
  aContainer(db, 'container-2', {
    memory_utilization: 92.456,
    memory_mb: 946.7,
    health: 'unhealthy',
    restart_count: 7,
  })
  aContainer(
    db,
    'container-3',
    { memory_utilization: null, memory_limit_mb: null, requests_per_sec: null, health: 'degraded' },
    { service: null, environment: 'staging' },
  )
  aContainer(db, 'container-4', { at: START - 31 * MINUTE, memory_utilization: 99 })
  containerSums(db, START - 29 * MINUTE, { restarts: 2 })
  containerSums(db, START - 29 * MINUTE, { restarts: 1 }, { service: '_unknown' })
  containerSums(db, START - 31 * MINUTE, { restarts: 50 })
  return world
}

test('containers are counted once; restarts are those of the minutes asked for', async () => {
  const { get } = threeContainers()
  expect(await get('/api/containers/health')).toEqual({
    total_containers: 3,
    healthy_containers: 1,
    degraded_containers: 1,
    unhealthy_containers: 1,
    avg_memory_utilization: 46.23,
    total_restarts: 3,
  })
  expect(await get('/api/containers/health?minutes=31&service=checkout')).toMatchObject({
    total_containers: 3,
    total_restarts: 52,
  })
})

test('the list of containers: zero is zero, unknown is null, sorted, filtered, paged', async () => {
  const { get, http } = threeContainers()
  const all = await get('/api/containers/current')
  expect(all[0]).toEqual({
    timestamp: AT,
    container_id: 'container-1',
    service_name: 'checkout',
    version: 'v1.0.0',
    environment: 'production',
    cpu_percent: 20,
    memory_utilization: 0,
    requests_per_sec: 0,
    response_time_ms: 100,
    restart_count: 0,
    health: 'healthy',
    real: false,
  })
  expect(all[2]).toMatchObject({ service_name: null, memory_utilization: null, requests_per_sec: null })
  const names = async (query: string) =>
    (await get(`/api/containers/current?${query}`)).map((row: { container_id: string }) =>
      row.container_id.slice(-1),
    )
  expect(await names('sort=memory_utilization&order=desc')).toEqual(['2', '1', '3'])
  expect(await names('sort=health&order=desc')).toEqual(['2', '3', '1'])
  expect(await names('service=checkout')).toEqual(['1', '2'])
  expect(await names('service=_unknown')).toEqual(['3'])
  expect(await names('health=degraded&environment=staging')).toEqual(['3'])
  const page = await http.send('GET', '/api/containers/current?limit=1&search=CONTAINER')
  expect(page.headers.get('x-total-count')).toBe('3')
})

test('containers of each service, those of none too', async () => {
  const { get } = threeContainers()
  expect(await get('/api/containers/by-service')).toEqual([
    {
      service_name: '_unknown',
      container_count: 1,
      avg_memory: null,
      avg_rps: null,
      total_restarts: 1,
      healthy_count: 0,
    },
    {
      service_name: 'checkout',
      container_count: 2,
      avg_memory: 46.23,
      avg_rps: 5,
      total_restarts: 2,
      healthy_count: 1,
    },
  ])
})

test('containers whose memory is above the threshold', async () => {
  const { get } = threeContainers()
  expect(await get('/api/containers/high-memory')).toEqual([
    {
      container_id: 'container-2',
      service_name: 'checkout',
      memory_utilization: 92.46,
      memory_mb: 946.7,
      memory_limit_mb: 1024,
      health: 'unhealthy',
      timestamp: AT,
    },
  ])
  expect(await get('/api/containers/high-memory?threshold=92.5')).toEqual([])
})

test('restarts of the hours asked for, most first; a container that was made anew begins at 0', async () => {
  const { db, get } = anEstateWorld()
  const often = aContainer(db, 'often', { restart_count: 5 })
  const anew = aContainer(db, 'anew', { restart_count: 1 })
  const before = aContainer(db, 'before', { restart_count: 9 })
  aRestart(db, often, START - 30 * HOUR, 1)
  aRestart(db, often, START - 20 * HOUR, 2)
  aRestart(db, often, START - HOUR, 5)
  aRestart(db, anew, START - 30 * HOUR, 8)
  aRestart(db, anew, START - HOUR, 1)
  aRestart(db, before, START - 40 * HOUR, 3)
  aRestart(db, before, START - 30 * HOUR, 9)
  const of = (name: string, count: number, total: number) => ({
    container_id: name,
    service_name: 'checkout',
    restart_count: count,
    restart_count_total: total,
    health: 'healthy',
    last_seen: AT,
  })
  expect(await get('/api/containers/restarts')).toEqual([of('often', 4, 5), of('anew', 1, 1)])
  expect(await get('/api/containers/restarts?hours=2')).toEqual([of('often', 3, 5), of('anew', 1, 1)])
  expect(await get('/api/containers/restarts?hours=48&limit=1')).toEqual([of('before', 6, 9)])
})

test('throughput: the mean of containers, and the most and the least of any', async () => {
  const { db, get } = anEstateWorld()
  containerSums(db, START - 5 * MINUTE)
  containerSums(db, START - 4 * MINUTE, { rps_sum: 0, rps_min: 0, rps_max: 50 })
  containerSums(db, START - 4 * MINUTE, { rps_sum: 300, rps_max: 300 }, { service: 'search' })
  const trend = await get('/api/containers/throughput-trend?hours=1')
  expect(trend).toHaveLength(12)
  expect(trend.at(-2)).toEqual({
    time: '2026-03-02T09:55:00.000Z',
    avg_rps: 55,
    max_rps: 300,
    min_rps: 0,
  })
  expect(trend.at(-1)).toEqual({ time: AT, avg_rps: null, max_rps: null, min_rps: null })
  expect((await get('/api/containers/throughput?hours=1&service=checkout')).at(-2)).toMatchObject({
    avg_rps: 7.5,
    max_rps: 50,
  })
})
