import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keptMs } from '../../../src/fleet/telemetry/retention.ts'
import { createIngest, HOUR, KEEP_MS, START, stateOf, vinOf } from './ingest.ts'

const countOf = (world: ReturnType<typeof createIngest>, table: string) =>
  world.rows(`SELECT count(*) AS n FROM ${table}`)[0]?.n

describe('registration', () => {
  test('a vehicle that says what it is, is known from then on', () => {
    const world = createIngest()
    const vehicle = world.register()
    expect(world.reports.one(vehicle)).toMatchObject({
      vin: vinOf(1),
      online: true,
      firmware: '1.3.0',
      firstSeenAt: START,
    })
    expect(world.online).toEqual([vehicle])
    expect(world.events).toContainEqual(expect.objectContaining({ kind: 'vehicle_registered', vehicle }))
  })

  test.each([
    ['a VIN with a wrong check digit', { vin: '1ZZAA1A02RZ000001' }, 'invalid_vin'],
    ['a VIN of another year', { year: 2023 }, 'invalid_vin'],
    ['an unknown model', { model: 'spaceship' }, 'invalid'],
    ['another name than its topic', { vehicle: 'vehicle_2' }, 'vehicle_mismatch'],
  ])('%s is set aside', (_what, change, reason) => {
    const world = createIngest()
    const state = { ...stateOf(1, 'boot-1', START), ...change }
    expect(world.arrive('fleet/vehicle_1/state', state)).toEqual({ kind: 'dead', reason })
    expect(countOf(world, 'vehicles')).toBe(0)
  })

  test('a VIN belongs to one vehicle, and a vehicle keeps its VIN', () => {
    const world = createIngest()
    world.register(1)
    const thief = { ...stateOf(2, 'boot-1', START), vin: vinOf(1) }
    expect(world.arrive('fleet/vehicle_2/state', thief)).toEqual({ kind: 'dead', reason: 'vin_taken' })
    const changed = { ...stateOf(1, 'boot-1', START), vin: vinOf(3) }
    expect(world.arrive('fleet/vehicle_1/state', changed)).toEqual({ kind: 'dead', reason: 'invalid_vin' })
  })

  test('no more vehicles register than the fleet may have', () => {
    const world = createIngest({ vehiclesMax: 2 })
    world.register(1)
    world.register(2)
    expect(world.arrive('fleet/vehicle_3/state', stateOf(3, 'boot-1', START))).toEqual({
      kind: 'dead',
      reason: 'fleet_full',
    })
    // One that is known comes back all the same.
    expect(world.arrive('fleet/vehicle_1/state', stateOf(1, 'boot-2', START))).toMatchObject({
      kind: 'stored',
    })
  })
})

describe('presence', () => {
  test('a last will makes a vehicle offline, that of an older boot does not', () => {
    const world = createIngest()
    const vehicle = world.register(1, 'boot-1')
    world.register(1, 'boot-2')
    expect(world.say(vehicle, 'state', { boot: 'boot-1', online: false })).toMatchObject({
      kind: 'duplicate',
    })
    expect(world.reports.one(vehicle)?.online).toBe(true)
    expect(world.say(vehicle, 'state', { boot: 'boot-2', online: false })).toMatchObject({ kind: 'stored' })
    expect(world.reports.one(vehicle)?.online).toBe(false)
  })
})

test('within one boot an older word of a vehicle about itself changes nothing', () => {
  const world = createIngest()
  const vehicle = world.register(1, 'boot-1')
  const newer = { ...stateOf(1, 'boot-1', START + 5000), firmware: '2.0.0', release_counter: 6 }
  expect(world.arrive('fleet/vehicle_1/state', newer)).toMatchObject({ kind: 'stored' })
  const replayed = stateOf(1, 'boot-1', START)
  expect(world.arrive('fleet/vehicle_1/state', replayed)).toMatchObject({ kind: 'duplicate' })
  expect(world.reports.one(vehicle)?.firmware).toBe('2.0.0')
})

describe('samples', () => {
  test('each is kept once, however often and in whatever order and grouping it comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }), {
          maxLength: 30,
        }),
        messages => {
          const world = createIngest()
          const vehicle = world.register()
          for (const seqs of messages) world.sample(vehicle, seqs)
          const distinct = new Set(messages.flat())
          expect(world.rows('SELECT seq FROM samples ORDER BY seq').map(({ seq }) => seq)).toEqual(
            [...distinct].sort((a, b) => a - b),
          )
        },
      ),
      { numRuns: 25 },
    )
  })

  test('the same numbers of another boot are other samples', () => {
    const world = createIngest()
    const vehicle = world.register()
    world.sample(vehicle, [1, 2])
    expect(world.sample(vehicle, [1, 2], { boot: 'boot-2' })).toMatchObject({ samples: 2 })
  })

  test('a whole message that came before is a duplicate', () => {
    const world = createIngest()
    const vehicle = world.register()
    world.sample(vehicle, [1, 2])
    expect(world.sample(vehicle, [1, 2])).toEqual({ kind: 'duplicate', uplink: 'telemetry' })
  })

  test('late and out of order, they are at the time when they were taken, and do not overwrite what is newer', () => {
    const world = createIngest()
    const vehicle = world.register()
    world.sample(vehicle, [5])
    const earlier = START - HOUR
    const fate = world.sample(vehicle, [2], { sent: START, historical: true }, earlier)
    expect(fate).toMatchObject({ kind: 'stored', historical: true, liveAt: null })
    expect(world.reports.one(vehicle)).toMatchObject({ speedKmh: 5, sampledAt: START })
    const id = world.reports.one(vehicle)?.id ?? 0
    expect(world.reports.samples(id, 0, START, 10).map(({ at, speedKmh }) => [at, speedKmh])).toEqual([
      [START, 5],
      [earlier, 2],
    ])
  })

  test('signals that a sample leaves out keep their last value', () => {
    const world = createIngest()
    const vehicle = world.register()
    const say = (seq: number, signals: object) =>
      world.say(vehicle, 'telemetry', {
        boot: 'boot-1',
        sent: START,
        samples: [{ seq, at: START + seq, signals }],
      })
    say(1, { 'Vehicle.Speed': 50, 'Vehicle.Cabin.Door.Row1.DriverSide.IsLocked': true })
    say(2, { 'Vehicle.Speed': 0 })
    expect(world.reports.one(vehicle)).toMatchObject({ speedKmh: 0, locked: true })
  })

  test('a gap in the numbers asks for a snapshot, once a minute; what comes late fills it', () => {
    const world = createIngest()
    const vehicle = world.register()
    world.sample(vehicle, [1])
    world.sample(vehicle, [4])
    world.sample(vehicle, [9])
    const gaps = world.events.filter(({ kind }) => kind === 'sequence_gap')
    expect(gaps).toEqual([
      { kind: 'sequence_gap', vehicle, missing: 2 },
      { kind: 'sequence_gap', vehicle, missing: 4 },
    ])
    expect(world.downward).toEqual([
      expect.objectContaining({
        vehicle,
        topic: 'command',
        message: expect.objectContaining({ kind: 'snapshot' }),
      }),
    ])
    expect(world.sample(vehicle, [2, 3])).toMatchObject({ samples: 2 })
    world.now += 61_000
    world.sample(vehicle, [20])
    expect(world.downward).toHaveLength(2)
  })

  test('what a vehicle had no room for is told once', () => {
    const world = createIngest()
    const vehicle = world.register()
    world.sample(vehicle, [1], { dropped: 5 })
    world.sample(vehicle, [2], { dropped: 5 })
    world.sample(vehicle, [3], { dropped: 7 })
    expect(world.events.filter(({ kind }) => kind === 'samples_dropped')).toEqual([
      { kind: 'samples_dropped', vehicle, dropped: 5 },
      { kind: 'samples_dropped', vehicle, dropped: 2 },
    ])
  })

  test('a group that breaks off leaves nothing behind', () => {
    const world = createIngest()
    const vehicle = world.register()
    expect(() =>
      world.arriveTogether([
        {
          topic: `fleet/${vehicle}/telemetry`,
          payload: JSON.stringify({
            vehicle,
            boot: 'boot-1',
            sent: START,
            samples: [{ seq: 1, at: START, signals: {} }],
          }),
        },
        undefined as never,
      ]),
    ).toThrow()
    expect(countOf(world, 'samples')).toBe(0)
  })
})

describe('a wrong clock', () => {
  const DAY = 24 * HOUR
  test.each([
    ['a day ahead', DAY],
    ['a day behind', -DAY],
    ['two minutes ahead', 120_000],
  ])('%s: the sample lands where it belongs, and the correction is told', (_what, error) => {
    const world = createIngest()
    const vehicle = world.register()
    const sent = START + error
    const samples = [{ seq: 1, at: sent - 5000, signals: {} }]
    expect(world.say(vehicle, 'telemetry', { boot: 'boot-1', sent, samples })).toMatchObject({
      kind: 'stored',
      liveAt: START - 5000,
    })
    expect(world.rows('SELECT at FROM samples')).toEqual([{ at: START - 5000 }])
    expect(world.events).toContainEqual({ kind: 'clock_corrected', vehicle, errorMs: -error })
  })

  test('a message that waited for hours in a broker is no wrong clock', () => {
    const world = createIngest()
    const vehicle = world.register()
    const sent = START - 11 * HOUR
    world.sample(vehicle, [1], {}, sent)
    expect(world.rows('SELECT at FROM samples')).toEqual([{ at: sent }])
    expect(world.events.some(({ kind }) => kind === 'clock_corrected')).toBe(false)
    expect(world.events).toContainEqual({ kind: 'samples_late', vehicle, samples: 1 })
  })
})

describe('dead letters', () => {
  const good = { boot: 'boot-1', sent: START, samples: [{ seq: 1, at: START, signals: {} }] }
  test.each<[string, string, unknown, string]>([
    ['no JSON', 'fleet/vehicle_1/telemetry', '{"vehicle"', 'malformed_json'],
    ['nothing', 'fleet/vehicle_1/telemetry', '', 'malformed_json'],
    ['another type', 'fleet/vehicle_1/telemetry', [1], 'invalid'],
    ['no samples', 'fleet/vehicle_1/telemetry', { vehicle: 'vehicle_1', ...good, samples: [] }, 'invalid'],
    [
      'a speed beyond physics',
      'fleet/vehicle_1/telemetry',
      { vehicle: 'vehicle_1', ...good, samples: [{ seq: 1, at: START, signals: { 'Vehicle.Speed': 9999 } }] },
      'invalid',
    ],
    [
      'a number as text',
      'fleet/vehicle_1/telemetry',
      { vehicle: 'vehicle_1', ...good, samples: [{ seq: '1', at: START, signals: {} }] },
      'invalid',
    ],
    [
      'a sample from after it was sent',
      'fleet/vehicle_1/telemetry',
      { vehicle: 'vehicle_1', ...good, samples: [{ seq: 1, at: START + HOUR, signals: {} }] },
      'invalid',
    ],
    ['another vehicle', 'fleet/vehicle_1/telemetry', { vehicle: 'vehicle_2', ...good }, 'vehicle_mismatch'],
    [
      'a vehicle that never registered',
      'fleet/vehicle_7/telemetry',
      { vehicle: 'vehicle_7', ...good },
      'unknown_vehicle',
    ],
    ['a strange topic', 'fleet/vehicle_1/other', '{}', 'unknown_topic'],
    ['a command', 'fleet/vehicle_1/command', '{}', 'unknown_topic'],
    ['too much', 'fleet/vehicle_1/telemetry', 'x'.repeat(200_000), 'too_large'],
    [
      'markup in a trouble code',
      'fleet/vehicle_1/dtc',
      {
        vehicle: 'vehicle_1',
        boot: 'boot-1',
        seq: 1,
        at: START,
        sent: START,
        dtcs: [{ code: '<script>', status: 'pending' }],
      },
      'invalid',
    ],
  ])('%s', (_what, topic, payload, reason) => {
    const world = createIngest()
    world.register()
    expect(world.arrive(topic, payload)).toEqual({ kind: 'dead', reason })
    const [letter] = world.reports.deadLetters({ limit: 10 }).rows
    expect(letter).toMatchObject({ topic, reason, receivedAt: START })
    expect(letter?.payload.length).toBeLessThanOrEqual(2000)
    expect(world.events).toContainEqual(expect.objectContaining({ kind: 'dead_letter', reason }))
    // It never stops the rest.
    expect(world.sample('vehicle_1', [1])).toMatchObject({ kind: 'stored' })
  })

  test('whatever bytes come, there is an answer and nothing is thrown', () => {
    const world = createIngest()
    world.register()
    const kinds = fc.constantFrom('state', 'telemetry', 'dtc', 'update/status', 'command/result')
    fc.assert(
      fc.property(
        kinds,
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map(v =>
            JSON.stringify({
              vehicle: 'vehicle_1',
              boot: 'boot-1',
              sent: START,
              seq: 1,
              at: START,
              samples: v,
              dtcs: v,
            }),
          ),
        ),
        (kind, payload) => {
          expect(world.arrive(`fleet/vehicle_1/${kind}`, payload).kind).toMatch(/dead|stored|duplicate/)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('no more are kept than the newest ten thousand', () => {
    const world = createIngest()
    const nonsense = Array.from({ length: 10_050 }, () => ({ topic: 'fleet/vehicle_1/dtc', payload: '?' }))
    world.arriveTogether(nonsense)
    expect(countOf(world, 'dead_letters')).toBe(10_000)
  })

  test('a replay of what is older than is kept is not taken again', () => {
    const world = createIngest()
    const vehicle = world.register()
    world.sample(vehicle, [1])
    world.now += KEEP_MS + HOUR
    world.prune()
    expect(countOf(world, 'samples')).toBe(0)
    const replay = {
      boot: 'boot-1',
      sent: world.now,
      historical: true,
      samples: [{ seq: 1, at: START, signals: {} }],
    }
    expect(world.say(vehicle, 'telemetry', replay)).toEqual({ kind: 'dead', reason: 'too_old' })
  })
})

describe('trouble codes', () => {
  const dtc = (world: ReturnType<typeof createIngest>, seq: number, dtcs: object[], at = world.now) =>
    world.say('vehicle_1', 'dtc', { boot: 'boot-1', seq, at, sent: world.now, dtcs })

  test('come, are confirmed and go, and an old list changes nothing', () => {
    const world = createIngest()
    world.register()
    const id = world.reports.one('vehicle_1')?.id ?? 0
    dtc(world, 1, [{ code: 'U0100-87', status: 'pending' }])
    world.now += 1000
    dtc(world, 2, [{ code: 'U0100-87', status: 'confirmed' }])
    expect(world.reports.dtcs(id)).toEqual([{ code: 'U0100-87', status: 'confirmed', since: world.now }])
    expect(dtc(world, 4, [], START)).toMatchObject({ kind: 'stored' })
    expect(world.reports.dtcs(id)).toHaveLength(1)
    dtc(world, 3, [])
    expect(world.reports.dtcs(id)).toEqual([])
    const told = world.events
      .filter(event => event.kind === 'dtc_changed')
      .map(event => 'status' in event && event.status)
    expect(told).toEqual(['pending', 'confirmed', 'cleared'])
  })
})

test('the status of an update is handed on once, with what came before it in the tables', () => {
  const world = createIngest()
  const vehicle = world.register()
  const status = {
    boot: 'boot-1',
    seq: 1,
    at: START,
    sent: START,
    update_id: 'u',
    attempt: 1,
    state: 'DOWNLOADING',
  }
  world.say(vehicle, 'update/status', status)
  expect(world.say(vehicle, 'update/status', status)).toEqual({ kind: 'duplicate', uplink: 'update/status' })
  expect(world.statuses).toHaveLength(1)
})

describe('retention', () => {
  test('removes what is older than is kept, in pieces, and nothing else', () => {
    const world = createIngest()
    const vehicle = world.register()
    for (let seq = 1; seq <= 4500; seq += 500) {
      world.now += 1
      world.sample(
        vehicle,
        Array.from({ length: 500 }, (_, index) => seq + index),
        { historical: true },
      )
    }
    world.now += KEEP_MS + 1
    world.sample(vehicle, [5000])
    const removed = Array.from({ length: 3 }, () => world.prune().removed)
    expect(removed[0]).toBeLessThanOrEqual(2500)
    expect(removed.reduce((sum, n) => sum + n, 0)).toBe(4500)
    expect(countOf(world, 'samples')).toBe(1)
  })
})

test('a database that outgrew its room gives back the oldest first, and never the last hour', () => {
  const world = createIngest({ maxBytes: 400_000 })
  const vehicle = world.register()
  for (let hour = 0; hour < 60; hour++) {
    const seqs = Array.from({ length: 250 }, (_, index) => hour * 250 + index + 1)
    world.sample(vehicle, seqs, { historical: true })
    world.now += HOUR
  }
  const before = Number(countOf(world, 'samples'))
  for (let n = 0; n < 20; n++) world.prune()
  const left = world.rows('SELECT count(*) AS n, min(at) AS oldest FROM samples')[0] as {
    n: number
    oldest: number
  }
  expect(before).toBe(15_000)
  const [used] = world.rows(
    'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
  )
  expect(used?.bytes).toBeLessThanOrEqual(400_000)
  expect(left.n).toBeGreaterThanOrEqual(250)
  expect(left.n).toBeLessThan(before)
  expect(left.oldest).toBeGreaterThan(START + HOUR)
})

test.each([
  ['room is left', 72, 50, 100, 100, 72],
  ['a fifth is too much', 100, 100, 125, 100, 72],
  ['a fifth of ten hours is too much', 100, 10, 125, 100, 7.2],
  ['almost nothing fits', 100, 100, 1e9, 100, 1],
])('when %s, %i hours are kept otherwise', (_what, hours, oldest, used, most, kept) => {
  expect(keptMs(hours * HOUR, oldest * HOUR, used, most)).toBeCloseTo(kept * HOUR)
})

test('the minute knows how many samples were heard and their mean charge', () => {
  const world = createIngest()
  const vehicle = world.register()
  const soc = (seq: number, percent: number) => ({
    seq,
    at: START,
    signals: { 'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current': percent },
  })
  world.say(vehicle, 'telemetry', { boot: 'boot-1', sent: START, samples: [soc(1, 40), soc(2, 60)] })
  world.say(vehicle, 'telemetry', { boot: 'boot-1', sent: START, samples: [soc(3, 80)] })
  expect(world.reports.batteryByMinute(0)).toEqual([{ minute: START / 60_000, average: 60 }])
})
