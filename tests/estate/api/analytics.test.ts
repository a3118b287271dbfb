import { expect, test } from 'vitest'
import { estateFrame, metricsMessage } from '../../../src/estate/api/pipeline.ts'
import { START } from '../../support/fake-clock.ts'
import { expectProblem, json } from '../../support/wire.ts'
import {
  aContainer,
  aFault,
  anAnomaly,
  anEstateWorld,
  anHour,
  anInstance,
  anObject,
  aServer,
  containerSums,
  DAY,
  type EstateWorld,
  HOUR,
  healthyPipeline,
  MINUTE,
  serverSums,
  serviceSums,
} from './estate-world.ts'

const AT = '2026-03-02T10:00:00.000Z'

/** Two servers, one of them critical, a container, an instance with requests of which a tenth failed. */
function anEstate(): EstateWorld {
  const world = anEstateWorld()
  const { db } = world
  aServer(db, 'server-0001', { cpu_percent: 40, memory_percent: 60, disk_utilization: 80 })
  aServer(db, 'server-0002', {
    cpu_percent: 60,
    memory_percent: 20,
    disk_utilization: 40,
    status: 'critical',
  })
  aContainer(db, 'container-1', { memory_utilization: 60, health: 'unhealthy' })
  anInstance(db, 'checkout-01', { total_requests: 50, failed_requests: 10, avg_response_time_ms: 200 })
  anInstance(db, 'checkout-02', { total_requests: 150, failed_requests: 10, avg_response_time_ms: 100 })
  serverSums(db, START - 10 * MINUTE)
  containerSums(db, START - 10 * MINUTE, { restarts: 2 })
  serviceSums(db, START - 10 * MINUTE, { requests: 100, failed: 10 })
  return world
}

test('IN3: the score by the weights of the source system; a critical server counts once', async () => {
  const { get } = anEstate()
  const health = await get('/api/analytics/system-health')
  expect(health).toMatchObject({
    // 12.5 + 15 + 10 + 22.5 - 5
    score: 55,
    avg_cpu: 50,
    avg_memory: 40,
    avg_disk: 60,
    avg_success_rate: 90,
    critical_servers: 1,
  })
  expect(health.contributors.map((row: { part: string; points: number }) => [row.part, row.points])).toEqual([
    ['disk', 15],
    ['cpu', 12.5],
    ['memory', 10],
  ])
})

test('the score over time: critical servers at a time, gaps where nothing is known', async () => {
  const { db, get } = anEstateWorld()
  serverSums(db, START - 10 * MINUTE, { critical_ms: 7.5 * MINUTE })
  serviceSums(db, START - 10 * MINUTE, { failed: 0 })
  serverSums(db, START - 5 * MINUTE)
  const trend = await get('/api/analytics/trend?hours=1')
  expect(trend.slice(-3)).toEqual([
    // 12.5 + 15 + 10 + 25 - 7.5
    { time: '2026-03-02T09:50:00.000Z', score: 55, critical_servers: 1.5 },
    { time: '2026-03-02T09:55:00.000Z', score: null, critical_servers: 0 },
    { time: AT, score: null, critical_servers: null },
  ])
})

test('a bucket under way is judged by the time that it has lasted', async () => {
  const { db, get, clock } = anEstateWorld()
  clock.set(START + 2 * MINUTE)
  serverSums(db, START, { critical_ms: 2 * MINUTE })
  expect((await get('/api/analytics/trend?hours=1')).at(-1)).toMatchObject({ critical_servers: 1 })
})

test('top resources: servers by CPU; by memory servers and containers together', async () => {
  const { get } = anEstate()
  const server = { resource_type: 'server', region: 'north' }
  expect(await get('/api/analytics/top-cpu-resources?limit=1')).toEqual([
    { ...server, resource_name: 'server-0002', value: 60, status: 'critical' },
  ])
  expect(await get('/api/analytics/top-memory-resources')).toEqual([
    { ...server, resource_name: 'server-0001', value: 60, status: 'healthy' },
    {
      resource_name: 'container-1',
      resource_type: 'container',
      value: 60,
      region: 'N/A',
      status: 'unhealthy',
    },
    { ...server, resource_name: 'server-0002', value: 20, status: 'critical' },
  ])
})

test('anomalies of the hours asked for and those that last, newest first', async () => {
  const { db, get } = anEstateWorld()
  const old = { detected_at: START - 5 * HOUR, started_at: START - 5 * HOUR }
  anAnomaly(db, { ...old, cause: 'a:cpu', resource: 'lasting' })
  anAnomaly(db, { ...old, cause: 'b:cpu', resource: 'over', ended_at: START - 4 * HOUR })
  anAnomaly(db, { cause: 'server:server-0001:cpu' })
  anAnomaly(db, { cause: 'c:cpu', resource: 'ended', ended_at: START })
  const names = async (query: string) =>
    (await get(`/api/analytics/anomalies?${query}`)).map(
      (row: { resource_name: string }) => row.resource_name,
    )
  expect(await names('')).toEqual(['ended', 'server-0001', 'lasting'])
  expect(await names('hours=6')).toEqual(['ended', 'server-0001', 'over', 'lasting'].toSorted(byOrder))
  expect(await names('open=true')).toEqual(['server-0001', 'lasting'])
  expect(await names('open=false')).toEqual(['ended'])
  expect(await names('limit=1')).toEqual(['ended'])
  expect((await get('/api/analytics/anomalies'))[1]).toEqual({
    id: 3,
    resource_name: 'server-0001',
    resource_type: 'server',
    anomaly_type: 'cpu_spike',
    detector: 'threshold',
    value: 95.12,
    expected: 90,
    severity: 'high',
    timestamp: '2026-03-02T09:59:00.000Z',
    detected_at: '2026-03-02T09:59:00.000Z',
    since: '2026-03-02T09:57:00.000Z',
    ended_at: null,
    description: 'The CPU of server-0001 is at 95 %.',
    metric_name: 'cpu',
    service_name: null,
    version: null,
    region: 'north',
    resources: 1,
  })
})
const order = ['ended', 'server-0001', 'over', 'lasting']
const byOrder = (a: string, b: string) => order.indexOf(a) - order.indexOf(b)

test('the last days in a few figures', async () => {
  const { db, get } = anEstate()
  aServer(db, 'yesterday', { at: START - 23 * HOUR })
  aServer(db, 'long ago', { at: START - 25 * HOUR })
  serviceSums(db, START - 30 * HOUR, { requests: 1000, failed: 0 })
  expect(await get('/api/analytics/daily-stats')).toEqual({
    avg_cpu: 50,
    avg_memory: 40,
    avg_disk: 60,
    total_servers: 3,
    total_requests: 100,
    failed_requests: 10,
    avg_success_rate: 90,
    total_restarts: 2,
    active_containers: 1,
  })
  expect(await get('/api/analytics/daily-stats?days=2')).toMatchObject({
    total_servers: 4,
    total_requests: 1100,
    avg_success_rate: 99.09,
  })
})

test('IN5: the forecast has the days that were measured, then as many that are predicted, each with a band', async () => {
  const { db, get } = anEstateWorld()
  for (let hour = 1; hour <= 10 * 24; hour++) {
    const at = START - hour * HOUR
    serverSums(db, at, { cpu_sum: 80 + 2 * new Date(at).getUTCHours(), disk_samples: 0, disk_sum: 0 })
  }
  const days = await get('/api/analytics/capacity-forecast?days=3')
  expect(days.map((row: { date: string; kind: string }) => [row.date, row.kind])).toEqual([
    ['2026-02-28', 'measured'],
    ['2026-03-01', 'measured'],
    ['2026-03-02', 'measured'],
    ['2026-03-03', 'forecast'],
    ['2026-03-04', 'forecast'],
    ['2026-03-05', 'forecast'],
  ])
  expect(days[1]).toEqual({
    date: '2026-03-01',
    kind: 'measured',
    avg_cpu: 51.5,
    avg_memory: 40,
    avg_disk: null,
    predicted_cpu: null,
    predicted_memory: null,
    predicted_disk: null,
    cpu_band: null,
    memory_band: null,
    disk_band: null,
  })
  const [next] = days.slice(3)
  expect(next.predicted_cpu).toBeCloseTo(51.5, 0)
  expect(next.cpu_band.low).toBeLessThanOrEqual(next.predicted_cpu)
  expect(next.cpu_band.high).toBeGreaterThanOrEqual(next.predicted_cpu)
  expect(next).toMatchObject({ avg_cpu: null, predicted_disk: null, disk_band: null })
  const detail = await get('/estate/forecast?days=2')
  expect(detail.made_at).toBe(AT)
  expect(
    detail.metrics.map((row: { metric: string; method: string }) => [row.metric, row.method !== 'none']),
  ).toEqual([
    ['cpu', true],
    ['memory', true],
    ['disk', false],
  ])
  expect(detail.metrics[0].measured).toHaveLength(48)
  expect(detail.metrics[0].forecast).toHaveLength(48)
  expect(detail.metrics[0].forecast[0].time).toBe(AT)
})

test('30 days ahead are 30 days, the last as whole as the first', async () => {
  const { db, get, clock } = anEstateWorld()
  for (let hour = 1; hour <= 5 * 24; hour++) serverSums(db, START - hour * HOUR, { cpu_sum: 80 })
  clock.set(START + 13 * HOUR)
  for (let hour = 0; hour < 13; hour++) serverSums(db, START + hour * HOUR, { cpu_sum: 80 })
  const days = await get('/api/analytics/capacity-forecast?days=30')
  const ahead = days.filter(({ kind }: { kind: string }) => kind === 'forecast')
  expect(ahead.map((row: { predicted_cpu: number }) => row.predicted_cpu)).toEqual(Array(30).fill(40))
})

test('a forecast is kept for a minute of its hour, and is as long as it is asked for', async () => {
  const { db, get, clock } = anEstateWorld()
  const fill = (cpu_sum: number) => {
    for (let hour = 1; hour <= 5 * 24; hour++) serverSums(db, START - hour * HOUR, { cpu_sum })
  }
  const cpu = async (days: number) => (await get(`/estate/forecast?days=${days}`)).metrics[0].forecast
  fill(80)
  expect([(await cpu(1)).length, (await cpu(2)).length, (await cpu(30)).length]).toEqual([24, 48, 720])
  expect((await cpu(1))[0].value).toBe(40)
  // Twice as many samples, that much busier.
  fill(160)
  clock.set(START + MINUTE - 1)
  expect((await cpu(1))[0].value).toBe(40)
  clock.set(START + MINUTE)
  expect((await cpu(1))[0].value).toBe(60)
  clock.set(START + HOUR - 1)
  const [before] = await cpu(1)
  clock.set(START + HOUR)
  const [after] = await cpu(1)
  expect([before.time, after.time]).toEqual([AT, '2026-03-02T11:00:00.000Z'])
})

test('in how many days a disk is full is kept for a minute, for each disk', async () => {
  const { db, get, clock } = anEstateWorld()
  const filling = (name: string) => {
    const id = aServer(db, name, { disk_utilization: 80 })
    for (let hour = 1; hour < 7 * 24; hour++)
      anHour(db, id, START - hour * HOUR, { disk_sum: 120 * (80 - (hour - 0.5) / 24) })
  }
  const days = async () =>
    Object.fromEntries(
      (await get('/api/servers/disk-usage?threshold=0')).map(
        (row: { server_id: string; days_until_full: number | null }) => [row.server_id, row.days_until_full],
      ),
    )
  filling('early')
  expect(await days()).toEqual({ early: 20 })
  aServer(db, 'early', { disk_utilization: 90 })
  filling('late')
  expect(await days()).toEqual({ early: 20, late: 20 })
  clock.set(START + MINUTE)
  const { early, late } = await days()
  expect(early).toBeLessThan(15)
  expect(late).toBeCloseTo(20, 0)
})

test('disks that fill are named, those that are full first', async () => {
  const { db, get } = anEstateWorld()
  const slow = aServer(db, 'slow', { disk_utilization: 80 })
  const fast = aServer(db, 'fast', { disk_utilization: 50 })
  aServer(db, 'still')
  for (let hour = 0; hour < 7 * 24; hour++)
    for (const [id, percent, perDay] of [
      [slow, 80, 1],
      [fast, 50, 5],
    ] as const)
      anHour(db, id, START - (hour + 1) * HOUR, {
        disk_sum: 120 * (percent - (perDay * (hour + 0.5)) / 24),
      })
  const { filling_disks: filling } = await get('/estate/forecast')
  expect(filling).toEqual([
    { server_id: 'fast', region: 'north', disk_utilization: 50, days_until_full: 10 },
    { server_id: 'slow', region: 'north', disk_utilization: 80, days_until_full: 20 },
  ])
})

test('short trends are those of the long one', async () => {
  const { get } = anEstate()
  const bucket = (path: string) => get(path).then(rows => rows.at(-3))
  const time = '2026-03-02T09:50:00.000Z'
  expect(await bucket('/api/analytics/cpu-trends')).toEqual({ time, cpu: 50 })
  expect(await bucket('/api/memory-trends')).toEqual({ time, memory: 40 })
  expect(await bucket('/api/disk-trends')).toEqual({ time, disk: 60 })
  expect(await bucket('/api/service-trends')).toEqual({ time, success_rate: 90, requests: 100 })
  expect(await get('/api/cpu-trends')).toHaveLength(72)
})

test('detectors are judged by the faults that were told', async () => {
  const { db, get } = anEstateWorld()
  const id = aServer(db, 'server-0001')
  anHour(db, id, START - HOUR)
  anObject(db, 'server', START - 9 * MINUTE)
  aFault(db, 'found')
  aFault(db, 'missed', { resource: 'server-0002' })
  anAnomaly(db, { detected_at: START - 9 * MINUTE })
  anAnomaly(db, { cause: 'x:cpu', resource: 'server-0009', detected_at: START - 9 * MINUTE })
  expect(await get('/estate/detector-score')).toEqual({
    hours: 24,
    faults: 1,
    found: 1,
    false_alarms: 1,
    precision: 0.5,
    recall: 1,
    delay_seconds: { median: 60, p90: 60 },
    by_kind: [{ kind: 'cpu_saturation', faults: 1, found: 1, recall: 1, median_delay_seconds: 60 }],
  })
})

test.each<[string, number, (db: EstateWorld['db']) => void]>([
  ['its samples came while it began', 1, db => anObject(db, 'server', START - 9 * MINUTE)],
  ['nothing of that time came', 0, () => {}],
  [
    'they came as history, after it',
    0,
    db => anObject(db, 'server', START - 9 * MINUTE, { after: 9 * MINUTE }),
  ],
  ['it had begun long before they came', 0, db => anObject(db, 'server', START - 6 * MINUTE)],
  ['only containers spoke then', 0, db => anObject(db, 'container', START - 9 * MINUTE)],
])('a fault counts where somebody watched it begin: %s: %i', async (_, faults, fill) => {
  const { db, get } = anEstateWorld()
  anHour(db, aServer(db, 'server-0001'), START - HOUR)
  aFault(db, 'f')
  fill(db)
  expect(await get('/estate/detector-score')).toMatchObject({ faults, recall: faults === 0 ? null : 0 })
})

test('a fault that begins in one hour is watched in the next', async () => {
  const { db, get, clock } = anEstateWorld()
  anHour(db, aServer(db, 'server-0001'), START)
  aFault(db, 'f', { started_at: START - MINUTE, ended_at: START + 5 * MINUTE })
  anObject(db, 'server', START + MINUTE)
  clock.set(START + 10 * MINUTE)
  expect(await get('/estate/detector-score')).toMatchObject({ faults: 1 })
})

test('what is found at real machines is no false alarm: nobody breaks these on purpose', async () => {
  const { db, get } = anEstateWorld()
  aServer(db, 'this-host', {}, { is_real: 1 })
  anInstance(db, 'twinloop-01', {}, { is_real: 1, service: 'twinloop' })
  anInstance(db, 'checkout-01')
  anInstance(db, 'checkout-real', {}, { is_real: 1 })
  const anomaly = (kind: string, resource: string) =>
    anAnomaly(db, { cause: `${kind}:${resource}:cpu`, resource_kind: kind, resource })
  for (const name of ['twinloop', 'twinloop-01', 'checkout', 'checkout-real']) anomaly('service', name)
  anomaly('server', 'this-host')
  // Of checkout some instances are simulated.
  expect(await get('/estate/detector-score')).toMatchObject({ false_alarms: 1, precision: 0 })
})

test('faults, newest first, page by page', async () => {
  const { db, get, http } = anEstateWorld()
  aFault(db, 'old', { started_at: START - DAY })
  aFault(db, 'new', { ended_at: null })
  expect(await get('/estate/faults?limit=1')).toEqual([
    {
      id: 'new',
      kind: 'cpu_saturation',
      resource_kind: 'server',
      resource: 'server-0001',
      version: null,
      started_at: '2026-03-02T09:50:00.000Z',
      ended_at: null,
    },
  ])
  const page = await http.send('GET', '/estate/faults?offset=1')
  expect(page.headers.get('x-total-count')).toBe('2')
  expect(await json(page)).toMatchObject([{ id: 'old' }])
})

test('the live frame and the message are of the newest samples, and say that they are simulated', async () => {
  const world = anEstate()
  anAnomaly(world.db, { cause: 'server:server-0001:cpu' })
  const frame = await world.get('/estate/summary')
  expect(estateFrame.parse(frame)).toEqual(frame)
  expect(frame).toMatchObject({
    at: AT,
    data_at: AT,
    simulated: true,
    samples_per_second: 116.7,
    health: { score: 55 },
    anomalies_open: 1,
    anomalies: [{ resource_name: 'server-0001' }],
    stages: healthyPipeline.stages,
    history: null,
  })
  const message = await world.message()
  expect(metricsMessage.parse(message)).toEqual(message)
  expect(message).toEqual({
    timestamp: AT,
    servers: { total: 2, avg_cpu: 50, avg_memory: 40, avg_disk: 60, healthy: 1, warning: 0, critical: 1 },
    containers: { total: 1, avg_memory: 60, avg_rps: 10, healthy: 0, total_restarts: 2 },
    services: { total: 1, avg_success_rate: 90, avg_error_rate: 10, avg_latency: 125, total_requests: 200 },
  })
  expect(frame.summary).toEqual({ ...message, timestamp: undefined })
})

test('IN10: a stage that does not run makes /health unhealthy, with the stages', async () => {
  const stages = healthyPipeline.stages.map(stage => ({ ...stage, state: 'stopped' as const }))
  const { http, get } = anEstateWorld({ pipeline: () => ({ ...healthyPipeline, status: 'stopped', stages }) })
  const problem = await expectProblem(await http.send('GET', '/health'), 'unhealthy')
  expect(problem).toMatchObject({ service: 'estate', stages, detail: 'ingest is stopped.' })
  expect(await get('/estate/pipeline')).toMatchObject({ status: 'stopped', stages })
})

test('when all stages run, /health says so in the form of the source system', async () => {
  const { get } = anEstateWorld()
  expect(await get('/health')).toEqual({
    status: 'healthy',
    service: 'estate',
    stages: healthyPipeline.stages,
  })
})

test('the presenter breaks something; others may not; where nothing is simulated, nothing can be broken', async () => {
  const asked: unknown[] = []
  const made = { id: 'f1', kind: 'cpu_saturation', resource: 'server-0001', started_at: AT, ends_at: AT }
  const inject = async (request: unknown) => {
    asked.push(request)
    return made
  }
  const { http, present } = anEstateWorld({ inject })
  const body = { kind: 'cpu_saturation' }
  await expectProblem(await http.send('POST', '/estate/faults', body), 'unauthorized')
  expect(asked).toEqual([])
  const response = await present('POST', '/estate/faults', body)
  expect([response.status, await json(response)]).toEqual([201, made])
  expect(asked).toEqual([{ kind: 'cpu_saturation', seconds: 600 }])
  for (const wrong of [
    { kind: 'x' },
    { ...body, seconds: 59 },
    { ...body, more: 1 },
    { ...body, resource: '' },
  ])
    await expectProblem(await present('POST', '/estate/faults', wrong), 'invalid_request')
  const real = anEstateWorld()
  await expectProblem(await real.present('POST', '/estate/faults', body), 'estate_not_simulated')
})

test('dead letters are for the presenter, page by page', async () => {
  const { db, http, present } = anEstateWorld()
  for (const reason of ['invalid', 'too_old', 'invalid'])
    db.$client
      .prepare(
        `INSERT INTO estate_dead_letters (received_at, topic, reason, detail, payload) VALUES (?, 'estate/server', ?, 'd', '{')`,
      )
      .run(START, reason)
  await expectProblem(await http.send('GET', '/estate/dead-letters'), 'unauthorized')
  const page = await json(await present('GET', '/estate/dead-letters?reason=invalid&limit=1'))
  expect(page).toEqual({
    dead_letters: [
      { id: 3, received_at: AT, topic: 'estate/server', reason: 'invalid', detail: 'd', payload: '{' },
    ],
    next: 3,
  })
  expect(await json(await present('GET', '/estate/dead-letters?reason=invalid&before=3'))).toMatchObject({
    dead_letters: [{ id: 1 }],
    next: null,
  })
})

test('connections are counted under both names; a plain request for the WebSocket is told so', async () => {
  const { get, http } = anEstateWorld()
  const counts = { active_connections: 3, timestamp: AT, max_connections: 2000 }
  expect(await get('/ws/connections')).toEqual(counts)
  expect(await get('/api/analytics/websocket-metrics')).toEqual(counts)
  const response = await http.send('GET', '/ws/metrics')
  expect(response.headers.get('upgrade')).toBe('websocket')
  await expectProblem(response, 'upgrade_required')
})
