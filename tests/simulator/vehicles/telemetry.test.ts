import { expect, test } from 'vitest'
import { seededRandom } from '../../../src/shared/random.ts'
import { BACK_OFF_MAX_MS, backOffMs } from '../../../src/simulator/vehicles/connection.ts'
import { vinProblem } from '../../../src/vehicle/vin.ts'
import { createTestFleet, type Heard } from './fake-broker.ts'

const v = 'vehicle_00001'
const numbers = (heard: Heard[]) =>
  heard.flatMap(({ message }) => {
    const seqs = message?.samples ? message.samples.map(({ seq }: { seq: number }) => seq) : [message?.seq]
    return seqs.filter(Number.isInteger).map((seq: number) => `${message.vehicle} ${message.boot} ${seq}`)
  })

test('a vehicle tells its state, retained, then a sample every interval', () => {
  const { fleet, pass, on, heard } = createTestFleet()
  fleet.start()
  pass(100)
  expect(heard[0]).toMatchObject({ topic: `fleet/${v}/state`, retain: true, message: { online: true } })
  const { vin, year } = heard[0]?.message ?? {}
  expect(vinProblem(vin, year)).toBeNull()
  const telemetry = on('telemetry')
  expect(telemetry.length).toBeGreaterThanOrEqual(10)
  expect(telemetry.length).toBeLessThanOrEqual(11)
  expect(telemetry.every(({ message }) => message.historical === undefined)).toBe(true)
})

test('a loss of the broker: the same bytes again, new samples later as historical, no number twice or missing', () => {
  const { fleet, pass, on, broker, lose } = createTestFleet()
  fleet.start()
  pass(30)
  broker.acknowledges = false
  pass(25)
  const unanswered = on('telemetry').filter(({ acknowledged }) => !acknowledged)
  expect(unanswered.length).toBeGreaterThan(1)
  broker.up = false
  lose(v)
  expect(on('state').at(-1)?.message).toEqual({ vehicle: v, boot: 'boot1', online: false })
  pass(3000)
  broker.up = true
  broker.acknowledges = true
  pass(120)
  const accepted = on('telemetry').filter(({ acknowledged }) => acknowledged)
  for (const { payload } of unanswered)
    expect(accepted.filter(again => again.payload === payload)).toHaveLength(1)
  const seqs = accepted.flatMap(({ message }) => message.samples.map(({ seq }: { seq: number }) => seq))
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1))
  const kept = accepted.filter(({ message }) => message.historical)
  expect(kept.length).toBeGreaterThan(1)
  expect(kept.every(({ message }) => message.samples.length <= 100)).toBe(true)
  expect(kept.some(({ message }) => message.samples.length === 100)).toBe(true)
  expect(fleet.stats()).toMatchObject({ online: 1, waiting: 0, dropped: 0 })
})

test('numbers are unique over a day of outages, tunnels and lost connections', () => {
  const { fleet, pass, heard, loseAll } = createTestFleet({
    vehicles: 10,
    speed: 20,
    faults: { outages: true },
  })
  fleet.start()
  for (let turn = 0; turn < 20; turn++) {
    pass(60)
    loseAll()
  }
  pass(120)
  const accepted = new Map(heard.map(({ payload, topic }) => [`${topic} ${payload}`, payload]))
  const once = [...accepted].map(([, payload]) => ({ message: JSON.parse(payload) }) as Heard)
  const named = numbers(once)
  expect(new Set(named).size).toBe(named.length)
  expect(named.length).toBeGreaterThan(5000)
  expect(fleet.stats().dropped).toBe(0)
})

test('without coverage the connection ends, the last will is heard, and samples come later', () => {
  const { fleet, pass, on } = createTestFleet({ vehicles: 20, speed: 10, faults: { outages: true } })
  fleet.start()
  pass(1200)
  const states = Array.from({ length: 20 }, (_, index) =>
    on('state', `vehicle_${String(index + 1).padStart(5, '0')}`),
  )
  expect(states.filter(of => of.some(({ message }) => !message.online)).length).toBeGreaterThan(10)
  expect(fleet.stats()).toMatchObject({ errors: 0, dropped: 0 })
})

test('a queue that is full drops its oldest samples and says how many', () => {
  const { fleet, pass, on, broker, lose } = createTestFleet({ intervalSeconds: 1 })
  fleet.start()
  pass(10)
  broker.up = false
  lose(v)
  pass(2600)
  const { dropped, waiting } = fleet.stats()
  expect(dropped).toBeGreaterThan(500)
  // Beside the queue, what was under way when the connection was lost.
  expect(waiting).toBeGreaterThanOrEqual(2000)
  expect(waiting).toBeLessThanOrEqual(2010)
  broker.up = true
  pass(120)
  expect(on('telemetry').at(-1)?.message.dropped).toBe(fleet.stats().dropped)
})

test('the same seed makes the same messages, another seed others', () => {
  const run = (seed: number) => {
    const { fleet, pass, heard } = createTestFleet({ vehicles: 5, seed, speed: 5, faults: { outages: true } })
    fleet.start()
    pass(300)
    return heard.map(({ topic, payload }) => `${topic} ${payload}`)
  }
  expect(run(1)).toEqual(run(1))
  expect(run(1)).not.toEqual(run(2))
})

test('faults on purpose: broken and doubled messages are counted, and the true ones still come', () => {
  const { fleet, pass, on, heard } = createTestFleet({
    vehicles: 5,
    faults: {
      outages: false,
      malformedShare: 0.2,
      duplicateShare: 0.2,
      wrongClockShare: 1,
      wrongClockMs: 5e6,
    },
  })
  fleet.start()
  pass(600)
  const { malformed, duplicates, sent, acknowledged } = fleet.stats()
  expect(malformed).toBeGreaterThan(20)
  expect(duplicates).toBeGreaterThan(20)
  expect(sent - acknowledged).toBeLessThanOrEqual(1)
  expect(heard.length).toBe(sent + malformed + duplicates)
  expect(on('state')[0]?.message.at).toBeGreaterThan(Date.parse('2026-03-02T11:23:00Z'))
})

test('stopping says goodbye: the state is offline and nobody is connected', async () => {
  const { fleet, pass, on, isConnected } = createTestFleet({ vehicles: 3 })
  fleet.start()
  pass(30)
  const stopped = fleet.stop()
  for (let turn = 0; turn < 20; turn++) {
    pass(1)
    await Promise.resolve()
  }
  await stopped
  expect(on('state').at(-1)?.message.online).toBe(false)
  expect(isConnected(v)).toBe(false)
})

test('back-off: anywhere up to a bound that doubles and ends at a minute', () => {
  const draws = (attempt: number) => {
    const random = seededRandom(attempt)
    return Array.from({ length: 500 }, () => backOffMs(attempt, random))
  }
  expect(Math.max(...draws(0))).toBeLessThanOrEqual(5000)
  expect(Math.max(...draws(1))).toBeGreaterThan(9000)
  expect(Math.min(...draws(30))).toBeLessThan(2000)
  expect(Math.max(...draws(30))).toBeLessThanOrEqual(BACK_OFF_MAX_MS)
})

test('commands are done after a moment, told, and shown by a sample; a snapshot tells the state', () => {
  const { fleet, pass, on, tell } = createTestFleet({ intervalSeconds: 3600 })
  fleet.start()
  pass(10)
  const samples = on('telemetry').length
  tell(v, 'command', { id: 'c1', kind: 'climate', on: true, celsius: 20 })
  tell(v, 'command', { id: 'c1', kind: 'climate', on: true, celsius: 20 })
  pass(0.04)
  expect(on('command/result')).toEqual([])
  pass(1)
  expect(on('command/result').map(({ message }) => message)).toMatchObject([{ id: 'c1', outcome: 'done' }])
  expect(on('telemetry').length).toBe(samples + 1)
  expect(on('telemetry').at(-1)?.message.samples[0].signals).toMatchObject({
    'Vehicle.Cabin.HVAC.IsAirConditioningActive': true,
  })
  tell(v, 'command', { id: 'c2', kind: 'route' })
  tell(v, 'command', 'nonsense')
  pass(1)
  expect(on('command/result').at(-1)?.message).toMatchObject({ id: 'c2', outcome: 'refused' })
  const states = on('state').length
  tell(v, 'command', { id: 'c3', kind: 'snapshot' })
  pass(1)
  expect(on('state').length).toBe(states + 1)
  expect(on('command/result').length).toBe(2)
})
