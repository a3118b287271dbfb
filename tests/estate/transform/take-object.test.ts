import { describe, expect, test } from 'vitest'
import {
  bodyOf,
  containerAt,
  contents,
  DAY_MS,
  estateWorld,
  HOUR_MS,
  line,
  NOON,
  objectOf,
  serverAt,
  serviceAt,
  textOf,
} from './world.ts'

const letters = 'SELECT reason, topic, detail, payload FROM estate_dead_letters ORDER BY id'

describe('an object', () => {
  test('is taken once: asked again it changes nothing', () => {
    const world = estateWorld()
    const object = objectOf('server', [line(serverAt(NOON))])
    expect(world.take(object)).toMatchObject({
      isNew: true,
      refused: null,
      samples: 1,
      duplicates: 0,
      dead: [],
    })
    const before = contents(world)
    expect(world.take(object)).toMatchObject({ isNew: false, refused: null, samples: 0 })
    expect(world.takeTogether([object, object]).map(({ isNew }) => isNew)).toEqual([false, false])
    expect(contents(world)).toEqual(before)
  })

  test('with a sample that came in another counts it as a duplicate', () => {
    const world = estateWorld()
    const sample = line(serverAt(NOON))
    expect(world.take(objectOf('server', [sample, sample]))).toMatchObject({ samples: 1, duplicates: 1 })
    expect(world.take(objectOf('server', [sample]))).toMatchObject({ isNew: true, samples: 0, duplicates: 1 })
  })

  test('with lines that cannot be read keeps those as dead letters, and takes the others', () => {
    const world = estateWorld()
    const lines = ['{"half', line(serverAt(NOON)), '[]', 'null', line(serverAt(NOON, { status: 'ill' }))]
    const taken = world.take(objectOf('server', lines))
    expect(taken.samples).toBe(1)
    expect(taken.dead).toEqual([
      { reason: 'malformed_json', count: 2 },
      { reason: 'invalid', count: 2 },
    ])
    expect(world.rows(letters)).toMatchObject([
      { reason: 'malformed_json', topic: 'estate/server', payload: '{"half' },
      { reason: 'invalid', detail: expect.stringContaining('sample') },
      { reason: 'malformed_json', payload: 'null' },
      { reason: 'invalid', detail: expect.stringMatching(/^status: /) },
    ])
  })

  test('that is damaged changes nothing until what is readable of it is handed over', () => {
    const world = estateWorld()
    const { key } = objectOf('server', [])
    expect(world.take({ key, body: Buffer.from('no gzip').toString('base64') })).toMatchObject({
      isNew: false,
      refused: 'damaged',
    })
    const body = bodyOf(textOf([line(serverAt(NOON))]))
    const taken = world.take({ key, body, problem: 'unexpected end of file' })
    expect(taken).toMatchObject({ isNew: true, samples: 1, dead: [{ reason: 'malformed_json', count: 1 }] })
    expect(world.rows(letters)).toMatchObject([{ payload: key, detail: 'unexpected end of file' }])
    expect(world.take({ key, body })).toMatchObject({ isNew: false, refused: null })
  })

  test('that was set aside is one dead letter, and is never taken', () => {
    const world = estateWorld()
    const object = objectOf('server', [line(serverAt(NOON))])
    const dead = [{ reason: 'fault', count: 1 }]
    expect(world.ask('set_object_aside', { key: object.key, detail: 'it broke' })).toMatchObject({ dead })
    expect(world.take(object)).toMatchObject({ isNew: false, samples: 0 })
    expect(world.rows(letters)).toMatchObject([{ reason: 'fault', payload: object.key, detail: 'it broke' }])
  })

  test('of dead letters keeps each once, with its reason', () => {
    const world = estateWorld()
    const dead = { received_at: NOON, topic: 'estate/x', detail: 'no topic', payload: 'hello' }
    const object = objectOf('dead', [
      { ...dead, reason: 'unknown_topic' },
      { ...dead, reason: 'of another version' },
      '{"received_at":1}',
    ])
    expect(world.take(object).dead).toEqual([
      { reason: 'unknown_topic', count: 1 },
      { reason: 'fault', count: 1 },
      { reason: 'malformed_json', count: 1 },
    ])
    expect(world.take(object).isNew).toBe(false)
    expect(world.rows(letters)).toHaveLength(3)
  })

  test('without a name of ours breaks alone: those beside it are taken', () => {
    const world = estateWorld()
    const good = objectOf('server', [line(serverAt(NOON))])
    expect(() => world.takeTogether([good, { ...good, key: 'kind=server/readme.txt' }])).toThrow('no object')
    expect(world.take(good)).toMatchObject({ isNew: false })
    expect(world.rows('SELECT * FROM estate_server_samples')).toHaveLength(1)
  })
})

describe('a sample', () => {
  test('stands with its derived values; what it does not tell is null, and zero is zero', () => {
    const world = estateWorld()
    world.take(objectOf('server', [line(serverAt(NOON, { cpu_percent: 0, disk_total_gb: undefined }))]))
    world.take(objectOf('container', [line(containerAt(NOON, { requests_per_sec: 0 }))]))
    world.take(objectOf('service', [line(serviceAt(NOON, { total_requests: 0, failed_requests: 0 }))]))
    expect(world.row('SELECT * FROM estate_server_now')).toMatchObject({
      cpu_percent: 0,
      disk_utilization: null,
    })
    expect(world.row('SELECT * FROM estate_server_rollups')).toMatchObject({ cpu_sum: 0, disk_samples: 0 })
    expect(world.row('SELECT * FROM estate_container_now')).toMatchObject({
      memory_utilization: 25,
      requests_per_sec: 0,
      response_time_ms: null,
    })
    expect(world.row('SELECT * FROM estate_container_rollups')).toMatchObject({
      rps_samples: 1,
      rps_max: 0,
      rps_min: 0,
    })
    expect(world.row('SELECT * FROM estate_service_now')).toMatchObject({
      success_rate: null,
      total_requests: 0,
    })
    expect(world.row('SELECT * FROM estate_service_rollups')).toMatchObject({
      requests: 0,
      p95_ms: null,
      sketch: null,
    })
    const { estate_resource_hours: hours } = contents(world)
    expect(hours).toMatchObject([
      { kind: 'container', cpu_samples: 1, memory_sum: 25 },
      { kind: 'server', cpu_samples: 1, cpu_max: 0, memory_samples: 1, disk_samples: 0 },
      { kind: 'service', cpu_samples: 0, cpu_max: null, memory_samples: 0 },
    ])
  })

  test('that is late adds to its own time, and what is now stays', () => {
    const world = estateWorld()
    world.take(objectOf('server', [line(serverAt(NOON, { region: 'south', version: 'v2.0.0' }))]))
    world.take(
      objectOf('server', [line(serverAt(NOON - HOUR_MS, { cpu_percent: 99 }), NOON)], NOON - HOUR_MS),
    )
    expect(world.row('SELECT * FROM estate_server_now')).toMatchObject({ at: NOON, cpu_percent: 50 })
    expect(world.row('SELECT * FROM estate_resources')).toMatchObject({
      region: 'south',
      version: 'v2.0.0',
      first_at: NOON - HOUR_MS,
      last_at: NOON,
    })
    const buckets = world.rows('SELECT bucket, region FROM estate_server_rollups WHERE span = 3600000')
    expect(buckets).toEqual([
      { bucket: NOON - HOUR_MS, region: 'north' },
      { bucket: NOON, region: 'south' },
    ])
  })

  test.each([
    ['of this morning is kept raw, and in every rollup', 2 * HOUR_MS, 1, [60_000, 300_000, 3_600_000]],
    ['of yesterday night is in every rollup', 30 * HOUR_MS, 0, [60_000, 300_000, 3_600_000]],
    ['of last week is not in those by the minute', 5 * DAY_MS, 0, [300_000, 3_600_000]],
    ['of last month is in those by the hour', 30 * DAY_MS, 0, [3_600_000]],
  ])('%s', (_, age, raw, spans) => {
    const world = estateWorld()
    const at = NOON - age
    world.take(objectOf('server', [line(serverAt(at), NOON)], at))
    expect(world.rows('SELECT 1 FROM estate_server_samples')).toHaveLength(raw)
    expect(world.rows('SELECT span FROM estate_server_rollups').map(({ span }) => span)).toEqual(spans)
    expect(world.rows('SELECT 1 FROM estate_resource_hours')).toHaveLength(1)
  })

  test('is late by what lies between it and its row; what comes from the past says nothing of that', () => {
    const world = estateWorld()
    world.now = NOON + 3000
    const lines = [line(serverAt(NOON)), line(serverAt(NOON - 1000))]
    expect(world.take(objectOf('server', lines)).delayMs).toBe(3000)
    const old = NOON - HOUR_MS
    expect(world.take(objectOf('server', [line(serverAt(old), NOON)], old)).delayMs).toBeNull()
  })
})

describe('a resource that sends without end', () => {
  const flood = (from: number, count: number, receivedAt?: number) =>
    Array.from({ length: count }, (_, index) =>
      line(serverAt(from + index * 100, { seq: from / 100 + index }), receivedAt),
    )

  test('has twelve samples a minute, also over several objects; the others are dead letters', () => {
    const world = estateWorld()
    expect(world.take(objectOf('server', flood(NOON, 10))).dead).toEqual([])
    world.restart()
    expect(world.take(objectOf('server', flood(NOON + 5000, 10)))).toMatchObject({
      samples: 2,
      dead: [{ reason: 'over_share', count: 8 }],
    })
    expect(world.take(objectOf('server', flood(NOON + 60_000, 5)))).toMatchObject({ samples: 5 })
    // Sent again it is a duplicate, and no second letter.
    expect(world.take(objectOf('server', flood(NOON + 5000, 10)))).toMatchObject({ duplicates: 10, dead: [] })
  })

  test('has no more than that in an hour of the past, where no raw samples are kept', () => {
    const world = estateWorld()
    const from = NOON - 3 * DAY_MS
    let samples = 0
    for (let minute = 0; minute < 60; minute++)
      for (let part = 0; part < 2; part++) {
        const at = from + minute * 60_000 + part * 30_000
        samples += world.take(objectOf('server', flood(at, 10, NOON), from)).samples
      }
    expect(samples).toBe(720)
    expect(world.row('SELECT samples FROM estate_resource_hours')).toEqual({ samples: 720 })
  })
})

test('more resources than there may be are dead letters, and those that are known go on', () => {
  const world = estateWorld({ resourcesMax: 2 })
  const servers = [1, 2, 3, 4].map(index => line(serverAt(NOON, { server_id: `server-${index}` })))
  expect(world.take(objectOf('server', servers))).toMatchObject({
    samples: 2,
    dead: [{ reason: 'estate_full', count: 2 }],
  })
  expect(
    world.take(objectOf('server', [line(serverAt(NOON + 30_000, { server_id: 'server-2' }))])).samples,
  ).toBe(1)
  expect(world.rows('SELECT name FROM estate_resources')).toEqual([
    { name: 'server-1' },
    { name: 'server-2' },
  ])
})

test('a sample without a number is one for its time, as long as the lake may bring it again', () => {
  const world = estateWorld()
  const unnumbered = (at: number) => line(serverAt(at, { boot: undefined, seq: undefined }), NOON)
  const old = NOON - 3 * DAY_MS
  expect(
    world.take(objectOf('server', [unnumbered(NOON), unnumbered(NOON), unnumbered(NOON + 1)])),
  ).toMatchObject({
    samples: 2,
    duplicates: 1,
  })
  expect(world.take(objectOf('server', [unnumbered(old)], old)).samples).toBe(1)
  world.prune()
  expect(world.take(objectOf('server', [unnumbered(old), unnumbered(NOON)], old))).toMatchObject({
    duplicates: 2,
  })
})

test('a clock that steps back counts nothing twice, loses nothing and makes no delay below zero', () => {
  const world = estateWorld()
  const lines = [
    line(serverAt(NOON)),
    line(serverAt(NOON - 60_000, { boot: undefined, seq: undefined }), NOON),
  ]
  world.take(objectOf('server', lines))
  world.prune()
  world.now = NOON - 2 * 60_000
  const taken = world.take(objectOf('server', [...lines, line(serverAt(NOON + 1000))]))
  expect(taken).toMatchObject({ samples: 1, duplicates: 2, delayMs: 0 })
  expect(world.row('SELECT last_at FROM estate_resources')).toEqual({ last_at: NOON + 1000 })
})
