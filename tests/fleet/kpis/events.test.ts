import { expect, test } from 'vitest'
import { rfc3339 } from '../../../src/shared/clock.ts'
import { START } from '../../support/fake-clock.ts'
import { expectProblem, json, ok } from '../../support/wire.ts'
import { aKpiWorld, aTold, type KpiWorld } from './kpi-world.ts'

const HOUR = 3_600_000
const tell = (world: KpiWorld, changes: Record<string, unknown> = {}, headers?: Record<string, string>) =>
  world.http.send('POST', '/api/events', aTold(changes), headers)
const list = (world: KpiWorld, query = '') => ok(world.http.send('GET', `/api/events${query}`))

test('an event is answered with 201 and exactly the fields of old; the error message stays here', async () => {
  const world = aKpiWorld()
  const response = await tell(world, {
    status_code: 503,
    error_message: 'Server error',
    response_time_ms: 12.34,
  })
  expect(response.status).toBe(201)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await json(response)).toEqual({
    id: 1,
    timestamp: rfc3339(START),
    endpoint: '/api/vehicle/status',
    method: 'GET',
    status_code: 503,
    response_time_ms: 12.34,
    client_id: 'vehicle_00001',
    success: false,
  })
  expect(JSON.stringify(await list(world))).not.toContain('Server error')
  expect(world.reports.events({ limit: 1, skip: 0 })[0]?.errorMessage).toBe('Server error')
})

test.each([
  { status_code: 500, success: true, is: false },
  { status_code: 400, success: true, is: false },
  { status_code: 399, success: false, is: true },
  { status_code: 200, success: undefined, is: true },
])(
  'VC4: success is made from the status and not believed: $status_code told as $success is $is',
  async row => {
    const world = aKpiWorld()
    const { is, ...told } = row
    expect(await json(await tell(world, told))).toMatchObject({ success: is })
    expect(await list(world)).toMatchObject([{ success: is }])
  },
)

test.each<[string, Record<string, unknown>]>([
  ['a negative time', { response_time_ms: -5 }],
  ['a time above an hour', { response_time_ms: 3_600_001 }],
  ['no time', { response_time_ms: null }],
  ['a status below 100', { status_code: 99 }],
  ['a status above 599', { status_code: 600 }],
  ['a broken status', { status_code: 200.5 }],
  ['no method', { method: undefined }],
  ['an unknown method', { method: 'YELL' }],
  ['an endpoint without a slash', { endpoint: 'status' }],
  ['an endpoint that is too long', { endpoint: `/${'x'.repeat(256)}` }],
  ['an endpoint with a control character', { endpoint: '/a\u0000' }],
  ['no client', { client_id: '' }],
  ['a client that is too long', { client_id: 'x'.repeat(129) }],
  ['a client with half a character', { client_id: '\ud800' }],
  ['an error message that is too long', { error_message: 'x'.repeat(1001) }],
  ['a time without its zone', { occurred_at: '2026-03-02T10:00:00' }],
  ['a time in the future', { occurred_at: rfc3339(START + 60_001) }],
  ['a time more than a day ago', { occurred_at: rfc3339(START - 24 * HOUR - 1) }],
])('VC4: %s is refused and nothing is kept', async (_title, changes) => {
  const world = aKpiWorld()
  await expectProblem(await tell(world, changes), 'invalid_request')
  expect(await list(world)).toEqual([])
})

test('what is no number in JSON is refused as no JSON', async () => {
  const world = aKpiWorld()
  const text = JSON.stringify(aTold()).replace('100', 'NaN')
  await expectProblem(await world.http.send('POST', '/api/events', text), 'malformed_json')
})

test.each([
  ['the smallest', { status_code: 100, response_time_ms: 0, endpoint: '/', client_id: 'x' }],
  [
    'the largest',
    {
      status_code: 599,
      response_time_ms: 3_600_000,
      endpoint: `/${'x'.repeat(255)}`,
      client_id: 'x'.repeat(128),
      error_message: 'x'.repeat(1000),
      occurred_at: rfc3339(START - 24 * HOUR),
    },
  ],
  ['what an older client sends', { error_message: null, success: true }],
])('%s is taken', async (_title, changes) => {
  expect((await tell(aKpiWorld(), changes)).status).toBe(201)
})

test('VC12: an event told again under its key is kept once and answered with the same id', async () => {
  const world = aKpiWorld()
  const key = { 'idempotency-key': 'event-1' }
  const first = await json(await tell(world, {}, key))
  world.clock.advance(5000)
  const again = await tell(world, {}, key)
  expect(again.status).toBe(201)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(await json(again)).toEqual(first)
  expect(await json(await tell(world, { event_id: 'event-1' }))).toEqual(first)
  expect(await list(world)).toHaveLength(1)
  const metrics = (await world.metrics.expose()).text
  expect(metrics).toContain('api_events_recorded_total{source="reported"} 1')
})

test('VC12: the event_id of the body does the same, also for a late event', async () => {
  const world = aKpiWorld()
  const told = { event_id: 'e 1', occurred_at: rfc3339(START + 30_000) }
  const first = await json(await tell(world, told))
  world.clock.advance(20_000)
  expect(await json(await tell(world, told))).toEqual(first)
  expect(first.timestamp).toBe(rfc3339(START))
})

test('another event under a known key is refused; another client has keys of its own', async () => {
  const world = aKpiWorld()
  const key = { 'idempotency-key': 'event-1' }
  await tell(world, {}, key)
  await expectProblem(await tell(world, { status_code: 500 }, key), 'idempotency_key_reused')
  expect((await tell(world, { client_id: 'vehicle_00002' }, key)).status).toBe(201)
  expect(await list(world)).toHaveLength(2)
})

test('a key that no header may have is refused', async () => {
  const response = await tell(aKpiWorld(), {}, { 'idempotency-key': 'x'.repeat(256) })
  await expectProblem(response, 'invalid_request')
})

test('VC12: a late event lands at its time, in the window that it belongs to', async () => {
  const world = aKpiWorld()
  await tell(world, { client_id: 'now' })
  await tell(world, { client_id: 'late', occurred_at: rfc3339(START - 2 * HOUR) })
  await tell(world, { client_id: 'west', occurred_at: '2026-03-02T09:30:00+01:00' })
  expect(await list(world)).toMatchObject([
    { client_id: 'now' },
    { client_id: 'west', timestamp: '2026-03-02T08:30:00.000Z' },
    { client_id: 'late', timestamp: rfc3339(START - 2 * HOUR) },
  ])
  const total = async (hours: number) =>
    (await ok(world.http.send('GET', `/api/analytics/kpis?hours=${hours}`))).total_events_analyzed
  expect([await total(1), await total(2), await total(3)]).toEqual([1, 2, 3])
})

test('events come newest first, page by page, those of one moment in the order they came', async () => {
  const world = aKpiWorld()
  for (let id = 1; id <= 5; id++) {
    if (id % 2) world.clock.advance(1)
    await tell(world)
  }
  const ids = async (query: string) => (await list(world, query)).map(({ id }: { id: number }) => id)
  expect(await ids('')).toEqual([5, 4, 3, 2, 1])
  expect(await ids('?limit=2')).toEqual([5, 4])
  expect(await ids('?limit=2&skip=2')).toEqual([3, 2])
  expect(await ids('?limit=1000&skip=100000')).toEqual([])
})

test.each([
  'limit=0',
  'limit=-1',
  'limit=1001',
  'limit=1.5',
  'limit=x',
  'skip=-1',
  'skip=100001',
  'skip=1e9',
])('VC12: a page of %s is refused', async query => {
  await expectProblem(await aKpiWorld().http.send('GET', `/api/events?${query}`), 'invalid_request')
})

test('VC5: what could not be kept is not counted, and says so', async () => {
  const world = aKpiWorld()
  const { Failure } = await import('../../../src/shared/errors.ts')
  world.writer.failWith(new Failure('storage_full', 'full'))
  await expectProblem(await tell(world), 'storage_full')
  expect((await world.metrics.expose()).text).toContain('api_events_recorded_total{source="reported"} 0')
})

test('VC5: what callers send never becomes a label', async () => {
  const world = aKpiWorld()
  await tell(world, { endpoint: '/mine/own', client_id: 'me-myself' })
  await world.kpis.start()
  const { text } = await world.metrics.expose()
  expect(text).not.toMatch(/mine|myself/)
})

test('one command keeps a batch; an event of a key that came before in it is the same one', () => {
  const { writer } = aKpiWorld()
  const event = { happenedAt: null, endpoint: '/', method: 'GET', statusCode: 200, responseTimeMs: 1 }
  const rest = { clientId: 'c', vehicle: null, errorMessage: null, source: 'measured' as const }
  const one = { ...event, ...rest, key: 'k' }
  const { outcomes } = writer.decide('record_events', { events: [one, one, { ...one, statusCode: 500 }] })
  expect(outcomes).toEqual([
    { kind: 'recorded', id: 1, timestamp: START },
    { kind: 'repeated', id: 1, timestamp: START },
    { kind: 'key_reused' },
  ])
})
