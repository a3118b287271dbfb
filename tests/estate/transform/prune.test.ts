import { expect, test } from 'vitest'
import { containerAt, DAY_MS, estateWorld, HOUR_MS, line, NOON, objectOf, serverAt } from './world.ts'

const count = (world: ReturnType<typeof estateWorld>, table: string, where = '1') =>
  world.row(`SELECT count(*) AS n FROM ${table} WHERE ${where}`).n

test('each table keeps what it is said to keep, and no more', () => {
  const world = estateWorld()
  const object = objectOf('server', [line(serverAt(NOON))])
  world.take(object)
  const spans = () =>
    world.rows('SELECT span FROM estate_server_rollups ORDER BY span').map(({ span }) => span)
  const kept = (age: number) => {
    world.now = NOON + age
    const expired = world.prune()
    return {
      raw: count(world, 'estate_server_samples'),
      spans: spans(),
      hours: count(world, 'estate_resource_hours'),
      days: count(world, 'estate_resource_days'),
      numbers: count(world, 'estate_received'),
      expired,
    }
  }
  const all = { raw: 1, spans: [60_000, 300_000, HOUR_MS], hours: 1, days: 1, numbers: 1, expired: [] }
  expect(kept(DAY_MS)).toEqual(all)
  expect(kept(DAY_MS + 1)).toEqual({ ...all, raw: 0 })
  expect(kept(2 * DAY_MS + 1)).toEqual({ ...all, raw: 0, spans: [300_000, HOUR_MS] })
  const week = { ...all, raw: 0, spans: [HOUR_MS] }
  expect(kept(8 * DAY_MS + HOUR_MS)).toEqual({ ...week, expired: [object.key] })
  expect(count(world, 'estate_lake_objects')).toBe(0)
  expect(kept(90 * DAY_MS)).toEqual(week)
  expect(kept(91 * DAY_MS + HOUR_MS)).toEqual({ ...week, spans: [], hours: 0, days: 0, numbers: 0 })
  expect(count(world, 'estate_resources')).toBe(1)
  expect(count(world, 'estate_server_now')).toBe(1)
})

test('it goes in pieces', () => {
  const world = estateWorld()
  for (let hour = 0; hour < 12; hour++) {
    const at = NOON - hour * HOUR_MS
    const lines = Array.from({ length: 600 }, (_, index) =>
      line(serverAt(at + (index % 600) * 5000, { server_id: `server-${index % 60}` }), NOON),
    )
    world.take(objectOf('server', lines, at))
  }
  world.now = NOON + 40 * HOUR_MS
  const raw = Number(count(world, 'estate_server_samples'))
  expect(raw).toBeGreaterThan(5000)
  expect(world.ask('prune', {})).toEqual({ removed: 5000, isDone: false, expired: [] })
  expect(count(world, 'estate_server_samples')).toBe(raw - 5000)
  world.prune()
  expect(count(world, 'estate_server_samples')).toBe(0)
})

test('the count of restarts that the next sample is compared with is kept', () => {
  const world = estateWorld()
  for (const [step, restart_count] of [4, 5, 7].entries())
    world.take(objectOf('container', [line(containerAt(NOON + step * 30_000, { restart_count }))]))
  world.now = NOON + 20 * DAY_MS
  world.prune()
  expect(world.rows('SELECT count FROM estate_restarts')).toEqual([{ count: 7 }])
  world.take(objectOf('container', [line(containerAt(world.now, { restart_count: 9 }))], world.now))
  const hour = `hour = ${world.now}`
  expect(world.row(`SELECT restarts FROM estate_resource_hours WHERE ${hour}`)).toEqual({ restarts: 2 })
})

test('what was found out of order is kept while it lasts, and 90 days longer', () => {
  const world = estateWorld()
  const notice = {
    id: 'a',
    kind: 'silence' as const,
    resource_kind: 'server' as const,
    resource: 'server-1',
    version: null,
    started_at: NOON,
  }
  world.ask('note_fault', { ...notice, ended_at: null })
  world.ask('note_fault', { ...notice, id: 'b', ended_at: NOON })
  world.now = NOON + 90 * DAY_MS + 1
  world.prune()
  expect(world.rows('SELECT id FROM estate_injected_faults')).toEqual([{ id: 'a' }])
})
