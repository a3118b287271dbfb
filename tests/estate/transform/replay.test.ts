import fc from 'fast-check'
import { expect, test } from 'vitest'
import { someSamples, someWay } from './samples.ts'
import { contents, DAY, DAY_MS, estateWorld, HOUR_MS, line, objectOf, serverAt } from './world.ts'

const NOW = DAY + 3 * HOUR_MS
const broken = (at: number) => [
  line(serverAt(at, { status: 'ill' })),
  '{"half',
  line(serverAt(at, { boot: 'flood', seq: 1 })),
]

test('what was forgotten from a day on and taken again is what it was', () => {
  const arriving = someSamples(DAY - 2 * HOUR_MS, false).chain(sent =>
    fc.record({
      way: someWay(sent),
      seed: fc.infiniteStream(fc.nat(1_000_000)),
      days: fc.constantFrom(0, 1),
    }),
  )
  fc.assert(
    fc.property(arriving, ({ way, seed, days }) => {
      const world = estateWorld({}, NOW)
      const dead = [DAY - HOUR_MS, DAY + HOUR_MS].map(at => objectOf('server', broken(at), at))
      const letters = [DAY - HOUR_MS, DAY + HOUR_MS].map(at =>
        objectOf(
          'dead',
          [{ received_at: at, topic: 'x', reason: 'too_large', detail: '', payload: `${at}` }],
          at,
        ),
      )
      const objects = [...way.flat(), ...dead, ...letters]
      for (const group of [...way, dead, letters]) world.takeTogether(group)
      const before = contents(world)
      const day = DAY - days * DAY_MS
      world.forget(day)
      const kept = (world.rows('SELECT key FROM estate_lake_objects') as { key: string }[]).map(
        ({ key }) => key,
      )
      expect(kept.every(key => /day=2026-11-20/.test(key))).toBe(true)
      const again = objects
        .map(object => ({ object, order: seed.next().value as number }))
        .sort((a, b) => a.order - b.order)
      for (const [index, { object }] of again.entries()) {
        world.take(object)
        if (index % 7 === 3) world.restart()
      }
      const { estate_lake_objects: objectsAfter, ...after } = contents(world)
      const { estate_lake_objects: objectsBefore, ...same } = before
      expect(after).toEqual(same)
      // Which object of two brought a sample first is not the same; that each was taken is.
      const keys = (rows: unknown[] | undefined) => rows?.map(row => (row as { key: string }).key)
      expect(keys(objectsAfter)).toEqual(keys(objectsBefore))
      world.close()
    }),
    { numRuns: 60 },
  )
})

test('a stop in the middle of forgetting is gone on from, and nothing of these days is taken meanwhile', () => {
  const world = estateWorld({}, NOW)
  const objects = Array.from({ length: 12 }, (_, hour) => {
    const at = DAY - 9 * HOUR_MS + hour * HOUR_MS
    const lines = Array.from({ length: 700 }, (_, index) =>
      line(serverAt(at + index * 5000, { server_id: `server-${index % 50}` })),
    )
    return objectOf('server', lines, at)
  })
  for (const object of objects) world.take(object)
  const before = contents(world)
  const day = DAY - DAY_MS
  expect(world.ask('forget_from', { day })).toMatchObject({ isDone: false })
  world.restart()
  expect(world.take(objects[0] as (typeof objects)[0])).toMatchObject({ isNew: false, refused: 'forgetting' })
  const older = objectOf('server', [line(serverAt(day - HOUR_MS), NOW)], day - HOUR_MS)
  expect(world.take(older)).toMatchObject({ isNew: true })
  while (!world.ask('forget_from', { day: null }).isDone) world.restart()
  expect(contents(world).estate_server_samples).toHaveLength(0)
  for (const object of objects) expect(world.take(object)).toMatchObject({ isNew: true, samples: 700 })
  const {
    estate_server_samples: samples,
    estate_resource_hours: hours,
    estate_resource_days: days,
    estate_server_now: now,
  } = contents(world)
  expect(samples).toEqual(before.estate_server_samples)
  expect(now).toEqual(expect.arrayContaining(before.estate_server_now as unknown[]))
  expect(days).toEqual(expect.arrayContaining(before.estate_resource_days as unknown[]))
  expect(hours).toEqual(expect.arrayContaining(before.estate_resource_hours as unknown[]))
})

test('with nothing to forget nothing is', () => {
  const world = estateWorld()
  expect(world.ask('forget_from', { day: null })).toEqual({ removed: 0, isDone: true })
})
