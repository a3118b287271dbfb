import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Database } from '../../../src/db/driver.ts'
import { mayMount, smallDisk } from '../../support/small-disk.ts'
import { stageWorld } from './stage-world.ts'
import { contents, DAY, DAY_MS, HOUR_MS, line, NOON, objectOf, serverAt, textOf } from './world.ts'

const one = (at = NOON, more: object = {}) => objectOf('server', [line(serverAt(at, more))], at)
const settled = (figures: { waiting: number; done: number }, done: number) =>
  figures.waiting === 0 && figures.done >= done

describe('the transformer', () => {
  test('takes what it is told of, and what it finds in the lake, each once', async () => {
    const world = stageWorld()
    const [told, found, old] = [one(), one(NOON + 1000), one(NOON - 20 * DAY_MS)]
    world.lake.put(found)
    const stage = world.start()
    await world.until(() => stage.figures().done === 1)
    world.lake.put(told)
    stage.told(told.key)
    stage.told(told.key)
    await world.until(() => stage.figures().done === 2)
    world.lake.put(old)
    await world.until(() => stage.figures().done === 3, 1000)
    for (let step = 0; step < 200; step++) world.advance(1000)
    await world.until(() => stage.figures().waiting === 0)
    expect(
      world.taken
        .filter(({ taken }) => taken.isNew)
        .map(({ key }) => key)
        .sort(),
    ).toEqual([told.key, found.key, old.key].sort())
    expect(stage.figures()).toMatchObject({
      done: 3,
      failed: 0,
      dead_letters: 0,
      lag_seconds: 0,
      problem: null,
    })
  })

  test('goes on after a restart where it was', async () => {
    const world = stageWorld()
    const objects = Array.from({ length: 5 }, (_, index) => one(NOON + index * 1000))
    for (const object of objects.slice(0, 3)) world.lake.put(object)
    const first = world.start()
    await world.until(() => first.figures().done === 3)
    await first.stop()
    for (const object of objects.slice(3)) world.lake.put(object)
    const second = world.start()
    await world.until(() => second.figures().done === 2)
    expect(world.taken).toHaveLength(5)
    expect(world.rows('SELECT 1 FROM estate_server_samples')).toHaveLength(5)
  })

  test('waits for a lake that is away, says so once, and loses nothing', async () => {
    const world = stageWorld()
    world.lake.fail('away')
    const stage = world.start()
    const object = one()
    world.lake.put(object)
    stage.told(object.key)
    await world.until(() => stage.figures().failed > 5)
    expect(stage.figures()).toMatchObject({ problem: 'The lake: away.', waiting: 1, done: 0 })
    expect(stage.figures().lag_seconds).toBeGreaterThan(0)
    expect(world.said.every(what => what === 'The lake: away.')).toBe(true)
    world.lake.fail(null)
    await world.until(() => stage.figures().done === 1 && stage.figures().problem === null)
    expect(world.said.at(-1)).toBe('recovered')
  })

  test('takes what is readable of a damaged object, and tries it no more', async () => {
    const world = stageWorld()
    const lines = Array.from({ length: 400 }, (_, index) =>
      line(serverAt(NOON + index, { seq: index, server_id: `server-${index * 7919}` })),
    )
    const { key } = objectOf('server', lines)
    const whole = gzipSync(textOf(lines), { level: 0 })
    world.lake.objects.set(key, whole.subarray(0, Math.floor(whole.length / 2)))
    const empty = one()
    world.lake.objects.set(empty.key, Buffer.from('no gzip at all'))
    const stage = world.start()
    await world.until(() => world.taken.length === 2)
    const half = world.taken.find(taken => taken.key === key)?.taken
    expect(half?.samples).toBeGreaterThan(50)
    expect(half?.dead).toEqual([{ reason: 'malformed_json', count: 1 }])
    expect(world.taken.find(taken => taken.key === empty.key)?.taken).toMatchObject({
      samples: 0,
      dead: [{ reason: 'malformed_json', count: 1 }],
    })
    const { length: reads } = world.lake.gets
    for (let step = 0; step < 100; step++) world.advance(2000)
    await world.until(() => stage.figures().waiting === 0)
    expect(world.lake.gets).toHaveLength(reads)
    expect(world.rows('SELECT reason FROM estate_dead_letters')).toHaveLength(2)
  })

  test('sets aside an object that breaks whoever takes it, and the others go on', async () => {
    const world = stageWorld()
    const [bad, good] = [one(), one(NOON + 1000)]
    world.lake.put(bad)
    world.lake.put(good)
    const stage = world.start({}, writer => {
      const { submit } = writer
      writer.submit = (kind, input) =>
        kind === 'take_object' && (input as { key: string }).key === bad.key
          ? Promise.reject(new Error('a fault of ours'))
          : submit(kind, input)
    })
    await world.until(() => stage.figures().dead_letters === 1)
    expect(world.rows('SELECT reason, detail FROM estate_dead_letters')).toEqual([
      { reason: 'fault', detail: 'a fault of ours' },
    ])
    expect(world.rows('SELECT key FROM estate_lake_objects')).toHaveLength(2)
    expect(world.rows('SELECT 1 FROM estate_server_samples')).toHaveLength(1)
  })

  test('is told of objects that went away meanwhile, and forgets them', async () => {
    const world = stageWorld()
    const stage = world.start()
    stage.told(one().key)
    stage.told('nothing of ours')
    await world.until(() => world.lake.gets.length === 1 && stage.figures().waiting === 0)
    expect(stage.figures()).toMatchObject({ done: 0, failed: 0 })
  })

  test('looks after itself: what is kept no longer goes, from the lake too', async () => {
    const world = stageWorld()
    const object = one()
    world.lake.put(object)
    const stage = world.start()
    await world.until(() => stage.figures().done === 1)
    world.advance(9 * DAY_MS)
    await world.until(() => world.rows('SELECT 1 FROM estate_lake_objects').length === 0, 1000)
    expect(world.lake.objects.size).toBe(0)
    expect(world.rows('SELECT 1 FROM estate_server_samples')).toHaveLength(0)
    expect(world.rows('SELECT 1 FROM estate_resource_hours')).toHaveLength(1)
  })
})

describe('a replay', () => {
  test('makes the same tables again from the lake, while new samples come', async () => {
    const world = stageWorld()
    const objects = Array.from({ length: 40 }, (_, hour) => one(NOON - hour * HOUR_MS + 1000))
    for (const object of objects) world.lake.put(object)
    const stage = world.start()
    await world.until(() => stage.figures().done === 40)
    const before = contents(world)
    let told: { objects: number; samples: number } | null = null
    const replaying = stage.replay(DAY).then(replayed => {
      told = replayed
    })
    await expect(stage.replay(DAY)).rejects.toThrow('already')
    await world.until(() => told !== null)
    await replaying
    expect(told).toEqual({ objects: 13, samples: 13 })
    expect(contents(world)).toEqual(before)
    expect(stage.figures()).toMatchObject({ waiting: 0, problem: null })
  })
})

describe('when the storage fails', () => {
  test('a locked database is waited for, and nothing is lost', async () => {
    const world = stageWorld()
    const stage = world.start()
    const object = one()
    world.lake.put(object)
    const other = new Database(world.path)
    other.exec('BEGIN IMMEDIATE')
    stage.told(object.key)
    await world.until(() => stage.figures().failed > 3)
    expect(stage.figures()).toMatchObject({ waiting: 1, problem: expect.stringContaining('database') })
    other.exec('ROLLBACK')
    other.close()
    await world.until(() => settled(stage.figures(), 1) && stage.figures().problem === null)
    expect(world.rows('SELECT 1 FROM estate_server_samples')).toHaveLength(1)
  })

  test.skipIf(!mayMount)('a full disk is waited for, and nothing is lost', async () => {
    const disk = smallDisk(4096)
    const world = stageWorld({ folder: disk.folder })
    const stage = world.start()
    await world.until(() => stage.figures().failed === 0)
    disk.fill()
    const objects = Array.from({ length: 6 }, (_, part) =>
      objectOf(
        'server',
        Array.from({ length: 400 }, (_, index) =>
          line(serverAt(NOON + part * 60_000, { seq: part, server_id: `server-${index}` })),
        ),
      ),
    )
    for (const object of objects) {
      world.lake.put(object)
      stage.told(object.key)
    }
    await world.until(() => stage.figures().failed > 3)
    expect(stage.figures().problem).toContain('disk is full')
    disk.makeRoom()
    await world.until(() => settled(stage.figures(), 2400))
    expect(world.rows('SELECT 1 FROM estate_server_samples')).toHaveLength(2400)
    expect(world.rows('SELECT sum(samples) AS n FROM estate_server_rollups WHERE span = 60000')).toEqual([
      { n: 2400 },
    ])
  })
})
