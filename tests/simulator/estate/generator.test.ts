import { expect, test } from 'vitest'
import { ORIGIN } from '../../../src/simulator/estate/plan.ts'
import { DAY_MS } from '../../../src/simulator/estate/rhythm.ts'
import { LIVE_MAX } from '../../../src/simulator/estate/sender.ts'
import { START } from '../../support/fake-clock.ts'

import { idOf, nameOf, world } from './generator-world.ts'

test('live, each resource says something once in an interval, when its turn is', async () => {
  const { generator, estate, pass, samples } = world()
  generator.start()
  await pass(60)
  const said = samples()
  expect(said).toHaveLength(2 * estate.plan.resources.length)
  expect(new Set(said.map(idOf)).size).toBe(said.length)
  const resources = new Map(estate.plan.resources.map(resource => [resource.name, resource]))
  for (const sample of said) {
    const resource = resources.get(nameOf(sample))
    const phase = Date.parse(sample.timestamp) % 30_000
    expect(phase).toBe(Math.floor((resource?.phase as number) * 30_000))
  }
  await generator.stop()
  await pass(60)
  expect(samples()).toHaveLength(said.length)
})

test('what one second brings goes in one message a kind', async () => {
  const { generator, pass, messages } = world({ servers: 1000 })
  generator.start()
  await pass(30)
  expect(messages.length).toBeLessThanOrEqual(3 * 31)
})

test('live, what it says does not depend on when it was started', async () => {
  const first = world()
  first.generator.start()
  await first.pass(90)
  const second = world()
  await second.pass(30)
  second.generator.start()
  await second.pass(60)
  const early = new Map(first.samples().map(sample => [idOf(sample), JSON.stringify(sample)]))
  expect(second.samples().length).toBe(2 * second.estate.plan.resources.length)
  for (const sample of second.samples()) expect(early.get(idOf(sample))).toBe(JSON.stringify(sample))
})

test('a machine that slept goes on with the present', async () => {
  const { generator, clock, pass, samples } = world()
  generator.start()
  await pass(5)
  clock.advance(DAY_MS)
  await pass(5)
  const times = samples().map(({ timestamp }) => Date.parse(timestamp) - START)
  expect(times.filter(at => at > 5000 && at < DAY_MS - 60_000)).toEqual([])
  expect(times.some(at => at > DAY_MS)).toBe(true)
})

test('a fault is said when it begins and when it ends, and what is under way at the start', async () => {
  const { generator, estate, pass, notices } = world({ faultsPerDay: 500 })
  generator.start()
  await pass(1800)
  const from = START - 30 * 60_000
  const until = START + 1800_000
  for (const fault of estate.faults.between(START, until)) {
    const told = notices().filter(({ id }) => id === fault.id)
    expect(told.map(({ ended_at }) => ended_at)).toEqual(
      fault.endedAt <= until ? [null, fault.endedAt] : [null],
    )
  }
  for (const { started_at, ended_at } of notices())
    expect(ended_at ?? started_at).toBeGreaterThan(ended_at === null ? from - 1_200_000 : from)
})

test('a silent server sends nothing while it is', async () => {
  const { generator, pass, samples } = world()
  generator.start()
  expect(generator.inject('silence', 'server-0003', 120)?.resource).toBe('server-0003')
  await pass(180)
  const said = samples().filter(sample => nameOf(sample) === 'server-0003')
  expect(said).toHaveLength(2)
  for (const { timestamp } of said) expect(Date.parse(timestamp)).toBeGreaterThan(START + 120_000)
})

test('what a presenter breaks is said and shows at once', async () => {
  const { generator, pass, samples, notices } = world()
  generator.start()
  await pass(10)
  const notice = generator.inject('cpu_saturation', 'server-0001', 300)
  expect(notice).toMatchObject({ kind: 'cpu_saturation', resource: 'server-0001', ended_at: null })
  expect(generator.inject('cpu_saturation', 'nobody', 300)).toBeNull()
  await pass(400)
  expect(notices()).toEqual([notice, { ...notice, ended_at: (notice?.started_at as number) + 300_000 }])
  const hot = samples().filter(sample => 'server_id' in sample && sample.status === 'critical')
  expect(new Set(hot.map(nameOf))).toEqual(new Set(['server-0001']))
  expect(hot.length).toBeGreaterThan(5)
})

test('where time runs faster, its times are simulated: so many seconds in one, from where it was told', async () => {
  const startsAt = ORIGIN + 10 * DAY_MS
  const { generator, estate, pass, samples } = world({}, { factor: 60, startsAt })
  generator.start()
  await pass(10)
  const said = samples()
  const times = said.map(({ timestamp }) => Date.parse(timestamp))
  expect(Math.min(...times)).toBeGreaterThan(startsAt)
  expect(Math.max(...times)).toBeLessThanOrEqual(startsAt + 600_000)
  expect(said).toHaveLength(20 * estate.plan.resources.length)
})

test('while the broker is away simulated time that runs faster stands, so that nothing is lost', async () => {
  const { generator, estate, broker, pass, samples, reports } = world({ servers: 100 }, { factor: 1000 })
  broker.up = false
  generator.start()
  await pass(120)
  expect(reports.at(-1)).toMatchObject({ failed: 0 })
  expect(reports.at(-1)?.waiting).toBeLessThanOrEqual(LIVE_MAX)
  broker.up = true
  await pass(20)
  const of = samples().filter(sample => nameOf(sample) === 'server-0001')
  const numbers = of.map(({ seq }) => seq as number)
  expect(numbers.length).toBeGreaterThan(10)
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] as number) + index))
  expect(estate.plan.servers).toHaveLength(100)
})

test('every five seconds it reports, and at once when it fails and when it goes again', async () => {
  const { generator, broker, pass, reports } = world()
  generator.start()
  await pass(20)
  expect(reports).toHaveLength(5)
  expect(reports.at(-1)).toMatchObject({ stage: 'generator', problem: null, failed: 0, dead_letters: 0 })
  expect(reports.at(-1)?.done).toBeGreaterThan(0)
  broker.up = false
  await pass(1)
  expect(reports).toHaveLength(6)
  expect(reports.at(-1)?.problem).toBe('the broker takes nothing: away')
  broker.up = true
  await pass(10)
  const problems = reports.slice(5).map(({ problem }) => problem !== null)
  expect(problems.indexOf(false)).toBeGreaterThan(0)
  expect(problems.slice(problems.indexOf(false)).includes(true)).toBe(false)
})

test('samples of an outage of the broker are sent when it is back', async () => {
  const { generator, estate, broker, pass, samples } = world()
  generator.start()
  broker.up = false
  await pass(60)
  broker.up = true
  await pass(30)
  expect(new Set(samples().map(idOf)).size).toBe(3 * estate.plan.resources.length)
})

test.each([{ factor: 0.5 }, { factor: 1001 }, { intervalSeconds: 4 }, { intervalSeconds: 7.5 }])(
  '%j is refused',
  options => {
    expect(() => world({}, options)).toThrow(RangeError)
  },
)
