/** Heartbeats, snapshots, what is removed, and events that are measured here. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createEventRecorder } from '../../../src/fleet/kpis/event-recorder.ts'
import { Failure } from '../../../src/shared/errors.ts'
import { START } from '../../support/fake-clock.ts'
import { ok } from '../../support/wire.ts'
import { aKpiWorld, aLog, anEvent, type KpiWorld } from './kpi-world.ts'

const MINUTE = 60_000
const DAY = 24 * 3_600_000

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** Lets time pass for clock and timers alike. */
async function pass(world: { clock: { advance(ms: number): void } }, ms: number) {
  for (let left = ms; left > 0; left -= 10) {
    world.clock.advance(Math.min(10, left))
    await vi.advanceTimersByTimeAsync(Math.min(10, left))
  }
}
const rows = (world: KpiWorld, table: string) =>
  world.db.$client.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
const beats = (world: KpiWorld) =>
  world.db.$client.prepare('SELECT minute FROM heartbeats ORDER BY minute').pluck().all() as number[]

test('each minute has a heartbeat and a snapshot, at its start; none after the stop', async () => {
  const world = aKpiWorld()
  world.clock.advance(10_000)
  await world.kpis.start()
  await pass(world, 3 * MINUTE)
  const first = START / MINUTE
  expect(beats(world)).toEqual([first, first + 1, first + 2, first + 3])
  expect(world.reports.history({ kpi: 'total_requests', from: 0, limit: 10 })).toHaveLength(4)
  await world.kpis.stop()
  await pass(world, 2 * MINUTE)
  expect(beats(world)).toHaveLength(4)
})

test('availability is what the heartbeats witness: an outage of the store is missing, and said once', async () => {
  const world = aKpiWorld()
  await world.kpis.start()
  world.writer.failWith(new Failure('storage_full', 'full'))
  await pass(world, 5 * MINUTE + 50)
  world.writer.failWith(null)
  await pass(world, 4 * MINUTE)
  const { availability_percent } = await ok(world.http.send('GET', '/api/analytics/kpis/operational?hours=1'))
  expect(availability_percent).toBe(50)
  expect(world.lines.map(({ message }) => message).toSorted()).toEqual([
    'the heartbeat failed',
    'the removal of old events failed',
    'the snapshot of the figures failed',
  ])
})

test('the last snapshot is in the metrics; what is unknown is no number', async () => {
  const world = aKpiWorld()
  await world.kpis.start()
  const exposed = async () => (await world.metrics.expose()).text
  expect(await exposed()).toContain('kpi_value{kpi="total_requests"} 0')
  expect(await exposed()).toMatch(/kpi="avg_latency_ms"} Nan/i)
  world.record({ responseTimeMs: 50 })
  await pass(world, MINUTE + 50)
  expect(await exposed()).toContain('kpi_value{kpi="avg_latency_ms"} 50')
  await pass(world, MINUTE)
  world.db.$client.exec('DELETE FROM api_events')
  await pass(world, MINUTE)
  expect(await exposed()).toMatch(/kpi="avg_latency_ms"} Nan/i)
})

test('a snapshot in the same minute replaces the one before', () => {
  const world = aKpiWorld()
  const take = (value: number | null) =>
    world.writer.decide('take_snapshot', { values: [{ name: 'mttr_minutes', category: 'delivery', value }] })
  take(1)
  world.clock.advance(59_999)
  expect(take(null)).toEqual({ timestamp: START })
  expect(world.reports.history({ kpi: 'mttr_minutes', from: 0, limit: 9 })).toEqual([
    { timestamp: START, value: null },
  ])
})

test('what is too old goes, a bounded piece at a time: events, snapshots, heartbeats but the first', () => {
  const world = aKpiWorld()
  const limits = { keepMs: DAY, eventsMax: 1000, pieceMax: 3 }
  world.writer.decide('heartbeat', {})
  world.clock.advance(MINUTE)
  world.writer.decide('heartbeat', {})
  world.record({}, {}, {}, {}, {}, { key: 'k' })
  world.writer.decide('take_snapshot', { values: [{ name: 'x', category: 'delivery', value: 1 }] })
  world.clock.advance(DAY + MINUTE)
  world.record({ clientId: 'young' })
  world.writer.decide('heartbeat', {})
  expect(world.writer.decide('prune_events', limits)).toEqual({ removed: 5 })
  expect([rows(world, 'api_events'), rows(world, 'kpi_snapshots')]).toEqual([4, 0])
  expect(beats(world)).toEqual([START / MINUTE, START / MINUTE + 2 + DAY / MINUTE])
  expect(world.writer.decide('prune_events', limits)).toEqual({ removed: 3 })
  expect(world.writer.decide('prune_events', limits)).toEqual({ removed: 0 })
  expect(world.reports.events({ limit: 9, skip: 0 })).toMatchObject([{ clientId: 'young', id: 7 }])
})

test('no more events are kept than there is room for: the first that came go first', () => {
  const world = aKpiWorld()
  world.record(...Array.from({ length: 20 }, () => ({})))
  const limits = { keepMs: DAY, eventsMax: 5, pieceMax: 10 }
  expect(world.writer.decide('prune_events', limits)).toEqual({ removed: 10 })
  expect(world.writer.decide('prune_events', limits)).toEqual({ removed: 5 })
  expect(world.reports.events({ limit: 9, skip: 0 }).map(({ id }) => id)).toEqual([20, 19, 18, 17, 16])
})

test('each minute removes what is older than eight days', async () => {
  const world = aKpiWorld()
  world.record({ happenedAt: START - 8 * DAY - 1 }, { happenedAt: START - 8 * DAY + MINUTE })
  await world.kpis.start()
  expect(rows(world, 'api_events')).toBe(1)
})

const { key: _key, source: _source, happenedAt: _at, ...measured } = anEvent({ clientId: 'app:v' })

test('measured events are kept in batches, at their own time, without anybody waiting', async () => {
  const world = aKpiWorld()
  const { recorder } = world.kpis
  recorder.record(measured)
  expect(rows(world, 'api_events')).toBe(0)
  await pass(world, 200)
  expect(world.reports.events({ limit: 9, skip: 0 })).toMatchObject([
    { clientId: 'app:v', source: 'measured', timestamp: START },
  ])
  for (let index = 0; index < 500; index++) recorder.record(measured)
  await vi.advanceTimersByTimeAsync(0)
  expect([rows(world, 'api_events'), recorder.recorded, recorder.waiting]).toEqual([501, 501, 0])
})

test('what the store refuses is tried again; what has no room is dropped and counted; it is said once', async () => {
  const world = aKpiWorld()
  const { recorder } = world.kpis
  world.writer.failWith(new Failure('storage_full', 'full'))
  for (let index = 0; index < 10_003; index++) recorder.record(measured)
  await pass(world, 1000)
  expect([recorder.waiting, recorder.dropped]).toEqual([10_000, 3])
  expect(world.lines).toHaveLength(1)
  world.writer.failWith(null)
  await pass(world, 200)
  expect([recorder.waiting, recorder.recorded, recorder.dropped]).toEqual([0, 10_000, 3])
  const { text } = await world.metrics.expose()
  expect(text).toContain('api_events_dropped_total 3')
  expect(text).toContain('api_events_recorded_total{source="measured"} 10000')
})

test('a batch that is a fault of ours is dropped, and the next ones are kept', async () => {
  const world = aKpiWorld()
  const { recorder } = world.kpis
  world.writer.failWith(new TypeError('ours'))
  recorder.record(measured)
  await pass(world, 200)
  world.writer.failWith(null)
  recorder.record(measured)
  await pass(world, 200)
  expect([recorder.waiting, recorder.recorded, recorder.dropped]).toEqual([0, 1, 1])
})

test('a stop keeps what waits; afterwards nothing is taken', async () => {
  const world = aKpiWorld()
  const { recorder } = world.kpis
  for (let index = 0; index < 1200; index++) recorder.record(measured)
  await recorder.stop()
  recorder.record(measured)
  expect([rows(world, 'api_events'), recorder.dropped]).toEqual([1200, 1])
})

test('events that come while a batch is written are kept too, each once', async () => {
  const { log } = aLog()
  const kept: number[] = []
  const writer = {
    submit: (async (_kind: string, { events }: { events: { responseTimeMs: number }[] }) => {
      await new Promise(resolve => setTimeout(resolve, 50))
      kept.push(...events.map(({ responseTimeMs }) => responseTimeMs))
      return { outcomes: [] }
    }) as never,
  }
  const world = aKpiWorld()
  const recorder = createEventRecorder({ writer, clock: world.clock, log })
  for (let index = 0; index < 1500; index++) {
    recorder.record({ ...measured, responseTimeMs: index })
    if (index % 100 === 0) await pass(world, 30)
  }
  await pass(world, 1000)
  expect(kept).toEqual(Array.from({ length: 1500 }, (_, index) => index))
})
