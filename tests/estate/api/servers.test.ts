import { expect, test } from 'vitest'
import { START } from '../../support/fake-clock.ts'
import { anEstateWorld, anHour, aServer, DAY, HOUR, MINUTE, serverSums } from './estate-world.ts'

const AT = '2026-03-02T10:00:00.000Z'

/** Three that are current, and one that was heard of 31 minutes ago. */
function threeServers() {
  const world = anEstateWorld()
  const { db } = world
  aServer(db, 'server-0001', { cpu_percent: 10, memory_percent: 0, disk_utilization: null })
  aServer(db, 'server-0002', { cpu_percent: 91.234, status: 'critical', disk_utilization: 80.5 })
  aServer(
    db,
    'server-0003',
    { cpu_percent: 0, status: 'warning', disk_utilization: 49 },
    { region: 'south', environment: 'staging', is_real: 1 },
  )
  aServer(db, 'server-0004', { cpu_percent: 100, at: START - 31 * MINUTE })
  return world
}

test('servers are counted once, by their newest sample of the last minutes; means leave out what is unknown', async () => {
  const { get } = threeServers()
  expect(await get('/api/servers/health')).toEqual({
    total_servers: 3,
    healthy_servers: 1,
    warning_servers: 1,
    critical_servers: 1,
    avg_cpu: 33.74,
    avg_memory: 26.67,
    avg_disk: 64.75,
  })
  expect(await get('/api/servers/health?minutes=60')).toMatchObject({ total_servers: 4, avg_cpu: 50.31 })
  expect(await get('/api/servers/health?region=south')).toMatchObject({ total_servers: 1, avg_cpu: 0 })
  expect(await get('/api/servers/health?environment=staging')).toMatchObject({ warning_servers: 1 })
})

test('IN18: a value of 0 is 0, and what was not measured is null', async () => {
  const { get } = threeServers()
  expect(await get('/api/servers/current')).toEqual([
    {
      timestamp: AT,
      server_id: 'server-0001',
      region: 'north',
      environment: 'production',
      version: 'v1.0.0',
      cpu_percent: 10,
      memory_percent: 0,
      disk_utilization: null,
      status: 'healthy',
      real: false,
    },
    expect.objectContaining({ server_id: 'server-0002', cpu_percent: 91.23, disk_utilization: 80.5 }),
    expect.objectContaining({ server_id: 'server-0003', cpu_percent: 0, real: true }),
  ])
})

test('the list of servers sorts, filters and pages; the header says how many there are', async () => {
  const { get, http } = threeServers()
  const names = async (query: string) =>
    (await get(`/api/servers/current?${query}`)).map((row: { server_id: string }) => row.server_id.slice(-1))
  expect(await names('sort=cpu_percent&order=desc')).toEqual(['2', '1', '3'])
  expect(await names('sort=status&order=desc')).toEqual(['2', '3', '1'])
  expect(await names('sort=disk_utilization')).toEqual(['3', '2', '1'])
  expect(await names('sort=disk_utilization&order=desc')).toEqual(['2', '3', '1'])
  expect(await names('status=critical')).toEqual(['2'])
  expect(await names('search=R-0003')).toEqual(['3'])
  expect(await names('limit=1&offset=1')).toEqual(['2'])
  const page = await http.send('GET', '/api/servers/current?limit=1&region=north')
  expect(page.headers.get('x-total-count')).toBe('2')
})

test('servers by region, most first, with those that are critical', async () => {
  const { get } = threeServers()
  const north = { region: 'north', server_count: 2, avg_cpu: 50.62, avg_memory: 20, avg_disk: 80.5 }
  const south = { region: 'south', server_count: 1, avg_cpu: 0, avg_memory: 40, avg_disk: 49 }
  expect(await get('/api/servers/by-region')).toEqual([north, south])
  expect(await get('/api/analytics/regional-summary')).toEqual([
    { ...north, critical_count: 1 },
    { ...south, critical_count: 0 },
  ])
})

test('the busiest servers, and a server of an unknown region', async () => {
  const { get, db } = threeServers()
  aServer(db, 'lonely', { cpu_percent: 95 }, { region: null })
  expect(await get('/api/servers/top-cpu?limit=2')).toEqual([
    { server_id: 'lonely', region: null, cpu_percent: 95, status: 'healthy', timestamp: AT },
    { server_id: 'server-0002', region: 'north', cpu_percent: 91.23, status: 'critical', timestamp: AT },
  ])
  expect(await get('/api/servers/by-region')).toContainEqual(
    expect.objectContaining({ region: '_unknown', server_count: 1 }),
  )
  expect(await get('/api/servers/health?region=_unknown')).toMatchObject({ total_servers: 1 })
})

test('disks above the threshold, fullest first, with the days until they are full at their pace', async () => {
  const world = anEstateWorld()
  const growing = aServer(world.db, 'growing', { disk_utilization: 80 })
  aServer(world.db, 'still', { disk_utilization: 55 })
  aServer(world.db, 'roomy', { disk_utilization: 50 })
  // A percent a day.
  for (let hour = 0; hour < 7 * 24; hour++)
    anHour(world.db, growing, START - (hour + 1) * HOUR, { disk_sum: 120 * (80 - (hour + 0.5) / 24) })
  const [first, second, ...others] = await world.get('/api/servers/disk-usage')
  expect(first).toEqual({
    server_id: 'growing',
    region: 'north',
    disk_used_gb: 300,
    disk_total_gb: 500,
    disk_utilization: 80,
    timestamp: AT,
    days_until_full: 20,
  })
  expect(second).toMatchObject({ server_id: 'still', days_until_full: null })
  expect(others).toEqual([])
  const page = await world.http.send('GET', '/api/servers/disk-usage?threshold=0&limit=1')
  expect(page.headers.get('x-total-count')).toBe('3')
})

test('a trend has every bucket: a mean is sums by counts, and what is unknown is a gap', async () => {
  const { db, get } = anEstateWorld()
  serverSums(db, START - 10 * MINUTE, { cpu_sum: 101, samples: 3 })
  serverSums(
    db,
    START - 10 * MINUTE,
    { cpu_sum: 0, memory_sum: 0, disk_samples: 0, disk_sum: 0 },
    { region: 'south' },
  )
  serverSums(db, START)
  const trend = await get('/api/servers/trends/cpu?hours=1&interval=5min')
  expect(trend).toHaveLength(12)
  expect(trend.at(0)).toEqual({
    time: '2026-03-02T09:05:00.000Z',
    avg_cpu: null,
    avg_memory: null,
    avg_disk: null,
  })
  expect(trend.at(-3)).toEqual({
    time: '2026-03-02T09:50:00.000Z',
    avg_cpu: 20.2,
    avg_memory: 16,
    avg_disk: 60,
  })
  expect(trend.at(-1)).toMatchObject({ time: AT, avg_cpu: 50 })
  const south = await get('/api/servers/trends/cpu?hours=1&region=south')
  expect(south.at(-3)).toMatchObject({ avg_cpu: 0, avg_disk: null })
})

test.each([
  ['1min', 60, MINUTE],
  ['5min', 12, 5 * MINUTE],
  ['15min', 4, 15 * MINUTE],
  ['1hour', 1, HOUR],
])(
  'IN6: the interval is honoured: %s gives %i buckets an hour, whose sums are the same',
  async (interval, count, width) => {
    const { db, get, clock } = anEstateWorld()
    clock.set(START + 59 * MINUTE)
    for (const minute of [0, 7, 14, 15, 44, 59]) serverSums(db, START + minute * MINUTE, { cpu_sum: minute })
    const trend = await get(`/api/servers/trends/cpu?hours=1&interval=${interval}`)
    expect(trend).toHaveLength(count)
    for (const [index, row] of trend.entries()) expect(Date.parse(row.time)).toBe(START + index * width)
    const hour = await get('/api/servers/trends/cpu?hours=1&interval=1hour')
    expect(hour).toEqual([{ time: AT, avg_cpu: 11.58, avg_memory: 40, avg_disk: 60 }])
    if (interval === '15min')
      expect(trend.map((row: { avg_cpu: number }) => row.avg_cpu)).toEqual([3.5, 7.5, 22, 29.5])
  },
)

test('left out, the interval fits the hours', async () => {
  const { get } = anEstateWorld()
  const lengthOf = async (hours: number) => (await get(`/api/servers/trends/cpu?hours=${hours}`)).length
  expect(await Promise.all([1, 24, 25, 48, 49, 72, 168].map(lengthOf))).toEqual([
    12, 288, 100, 192, 49, 72, 168,
  ])
})

test.each([1, 9, 10, 11, 33, 34, 35, 58, 168])('uptime of %i hours counts each of them once', async hours => {
  const { db, get } = anEstateWorld()
  const id = aServer(db, 'server-0001')
  // Each hour has a number of its own, so that no other set of hours has the same sum.
  for (let hour = 1; hour <= 200; hour++) anHour(db, id, START - hour * HOUR, { samples: 1000 + hour })
  const expected = Array.from({ length: hours }, (_, index) => 1001 + index).reduce((a, b) => a + b, 0)
  expect(await get(`/api/servers/uptime-summary?hours=${hours}`)).toMatchObject([{ heartbeats: expected }])
})

test('uptime is from samples, against the time since a server was first heard of, 100 at the most', async () => {
  const { db, get, http } = anEstateWorld()
  const whole = aServer(db, 'whole')
  const half = aServer(db, 'half')
  const young = aServer(db, 'young', { at: START - 15_000 }, { first_at: START - 45_000 })
  const gone = aServer(db, 'gone', { at: START - 90 * MINUTE })
  aServer(db, 'forgotten', { at: START - 2 * DAY })
  for (const hour of [1, 2]) {
    anHour(db, whole, START - hour * HOUR, { samples: 121, covered_ms: HOUR + 30_000 })
    anHour(db, half, START - hour * HOUR, { samples: 60, covered_ms: HOUR / 2 })
  }
  anHour(db, gone, START - 2 * HOUR, { samples: 60, covered_ms: HOUR / 2 })
  anHour(db, young, START - HOUR, { samples: 2, covered_ms: 60_000 })
  const all = await get('/api/servers/uptime-summary?hours=2')
  expect(all).toEqual([
    {
      server_id: 'gone',
      region: 'north',
      uptime_percent: 25,
      heartbeats: 60,
      last_seen: '2026-03-02T08:30:00.000Z',
      is_up: false,
      since: '2026-02-23T10:00:00.000Z',
    },
    expect.objectContaining({ server_id: 'half', uptime_percent: 50, heartbeats: 120, is_up: true }),
    expect.objectContaining({ server_id: 'whole', uptime_percent: 100, heartbeats: 242 }),
    expect.objectContaining({ server_id: 'young', uptime_percent: 100, is_up: true }),
  ])
  const page = await http.send('GET', '/api/servers/uptime-summary?hours=2&order=desc&limit=1&offset=3')
  expect(page.headers.get('x-total-count')).toBe('4')
  expect(await page.json()).toEqual([all[0]])
})
