import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ObjectTaken } from '../../../src/estate/commands.ts'
import * as model from './model.ts'
import { someSamples, someWay } from './samples.ts'
import { contents, DAY, estateWorld, HOUR_MS, type World } from './world.ts'

/** Around a midnight, so that two days have a share. */
const FROM = DAY - 2 * HOUR_MS
const NOW = DAY + 3 * HOUR_MS
const RUNS = 60

function expectAsModel(world: World, sent: readonly model.Sent[]) {
  const { server, container, service } = model.rollups(sent)
  const tables = contents(world)
  const all = (rows: unknown[]) => expect.arrayContaining(rows)
  // Sums of binary fractions are not those of decimal ones; what is counted must be the same to the digit.
  const near = (row: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        name.endsWith('_sum') ? expect.closeTo(value as number, 2) : value,
      ]),
    )
  for (const [table, rows] of Object.entries({
    estate_server_rollups: server,
    estate_container_rollups: container,
    estate_service_rollups: service,
    estate_resource_hours: model.hours(sent),
    estate_resource_days: model.resourceDays(sent),
  })) {
    expect(tables[table], table).toHaveLength(rows.length)
    expect(tables[table], table).toEqual(all(rows.map(row => expect.objectContaining(near(row)))))
  }
  expect(tables.estate_resources).toEqual(model.resources(sent).map(row => expect.objectContaining(row)))
  for (const kind of ['server', 'container', 'service'] as const)
    expect(tables[`estate_${kind}_samples`]).toHaveLength(sent.filter(one => one.kind === kind).length)
  const numbers = new Map<string, number>()
  for (const row of tables.estate_received as { kind: string; name: string; day: number; ranges: string }[]) {
    const key = `${row.kind} ${row.name} ${row.day}`
    const come = (JSON.parse(row.ranges) as [number, number][]).reduce((sum, [a, b]) => sum + b - a + 1, 0)
    numbers.set(key, (numbers.get(key) ?? 0) + come)
  }
  expect(Object.fromEntries(numbers)).toEqual(
    Object.fromEntries(
      model.days(sent).map(({ kind, name, day, numbers }) => [`${kind} ${name} ${day}`, numbers]),
    ),
  )
}

test('whatever order, repetition and grouping samples come in, each counts once, in every table', () => {
  const arriving = someSamples(FROM).chain(sent =>
    fc.record({ sent: fc.constant(sent), way: someWay(sent), restarts: fc.boolean() }),
  )
  fc.assert(
    fc.property(arriving, ({ sent, way, restarts }) => {
      const world = estateWorld({}, NOW)
      const fates: ObjectTaken[] = []
      for (const [index, group] of way.entries()) {
        fates.push(...world.takeTogether(group))
        // What was taken is taken again, as after a stop before the commit was heard of.
        if (index % 2 === 0) expect(world.takeTogether(group).map(({ isNew }) => isNew)).not.toContain(true)
        if (restarts && index % 3 === 0) world.restart()
      }
      expect(fates.reduce((sum, { samples }) => sum + samples, 0)).toBe(sent.length)
      expectAsModel(world, sent)
      world.close()
    }),
    { numRuns: RUNS },
  )
})

test('two ways of the same samples make the same tables', () => {
  const ways = someSamples(FROM, false).chain(sent => fc.tuple(someWay(sent), someWay(sent)))
  fc.assert(
    fc.property(ways, pair => {
      const [one, other] = pair.map(way => {
        const world = estateWorld({}, NOW)
        for (const group of way) world.takeTogether(group)
        const made = { ...contents(world), estate_lake_objects: null }
        world.close()
        return made
      })
      expect(one).toEqual(other)
    }),
    { numRuns: RUNS },
  )
})
