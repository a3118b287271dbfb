import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ScenarioName } from '../../src/scenarios/api.ts'
import { scenarios } from '../../src/scenarios/data/index.ts'
import { createScenarioRunner, type ScenarioPorts } from '../../src/scenarios/run.ts'
import { Failure } from '../../src/shared/errors.ts'
import { fakeClock, START } from '../support/fake-clock.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A runner whose ports write down what they are asked, and may fail. */
function stage({ failing = [] as string[], vehicles = true, possible = true } = {}) {
  const done: string[] = []
  const told: unknown[][] = []
  const clock = fakeClock()
  const does =
    <A extends unknown[], R>(name: string, answer: R) =>
    async (...given: A): Promise<R> => {
      done.push([name, ...given.map(one => JSON.stringify(one))].join(' '))
      if (failing.includes(name)) throw new Error(`${name} failed`)
      return answer
    }
  let deployments = 40
  const ports: ScenarioPorts = {
    faultsPossible: () => possible,
    ship: async release => ({ id: (await does('ship', 0)(release)) + ++deployments }),
    rollback: does('rollback', undefined),
    startFaults: does('startFaults', undefined),
    stopFaults: does('stopFaults', undefined),
    loseCoverage: vehicles ? does('loseCoverage', undefined) : null,
    regainCoverage: does('regainCoverage', undefined),
  }
  const tell =
    (event: string) =>
    (...about: unknown[]) =>
      void told.push([event, ...about.map(one => (one instanceof Error ? one.message : one))])
  const runner = createScenarioRunner({
    ports,
    clock,
    traffic: {
      ensure: ({ by, rate }) => void done.push(`traffic ${by} ${rate}`),
      release: by => void done.push(`no traffic ${by}`),
    },
    events: {
      scenarioStarted: tell('started'),
      scenarioStopped: tell('stopped'),
      healingFailed: tell('healing failed'),
    },
  })
  const start = (name: ScenarioName) => runner.start(scenarios[name])
  const passes = async (seconds: number) => {
    clock.advance(seconds * 1000)
    await vi.advanceTimersByTimeAsync(seconds * 1000)
  }
  return { runner, start, done, told, failing, passes }
}

const undone: [ScenarioName, string[], string[]][] = [
  [
    'bad-release',
    ['traffic scenario 20', 'ship {"faults":{"errors":{"share":0.4},"noisy_logs":{"lines":5}},"seconds":90}'],
    ['rollback 41', 'no traffic scenario'],
  ],
  [
    'slow-dependency',
    ['traffic scenario 20', 'startFaults {"latency":{"share":1,"ms":800},"seconds":130}'],
    ['stopFaults', 'no traffic scenario'],
  ],
  ['lost-coverage', ['loseCoverage 0.6'], ['regainCoverage']],
]
test.each(undone)('%s: what it does is undone in the opposite order, once', async (name, does, undoes) => {
  const { runner, start, done, told } = stage()
  await start(name)
  expect(done).toEqual(does)
  expect(runner.running()).toMatchObject({ name, started_at: new Date(START).toISOString() })
  await runner.stop()
  await runner.stop()
  expect(done).toEqual([...does, ...undoes])
  expect(runner.running()).toBeNull()
  expect(told).toEqual([
    ['started', name, scenarios[name].seconds],
    ['stopped', name, 'stopped', 0],
  ])
})

test('it ends by itself when its time is over, and says how much is left', async () => {
  const { runner, start, done, told, passes } = stage()
  const { seconds } = scenarios['seat-leak']
  await start('seat-leak')
  expect(runner.running()?.ends_in_seconds).toBe(seconds)
  await passes(seconds - 1)
  expect(runner.running()?.ends_in_seconds).toBe(1)
  expect(done).not.toContain('stopFaults')
  await passes(1)
  expect(runner.running()).toBeNull()
  expect(done).toContain('stopFaults')
  expect(told.at(-1)).toEqual(['stopped', 'seat-leak', 'ran_out', seconds])
})

test('another one stops the one before, also itself; its clock is its own', async () => {
  const { runner, start, told, done, passes } = stage()
  await start('slow-dependency')
  await passes(100)
  await start('slow-dependency')
  expect(done.slice(2, 4)).toEqual(['stopFaults', 'no traffic scenario'])
  await passes(60)
  expect(runner.running()).toMatchObject({ name: 'slow-dependency', ends_in_seconds: 60 })
  await start('lost-coverage')
  expect(told.map(([event, name, cause]) => [event, name, cause].join(' '))).toEqual([
    'started slow-dependency 120',
    'stopped slow-dependency replaced',
    'started slow-dependency 120',
    'stopped slow-dependency replaced',
    'started lost-coverage 90',
  ])
  await passes(1000)
  expect(told.length).toBe(6)
})

test('starts and stops that come at once happen one after the other: never are two on', async () => {
  const { runner, start, done } = stage()
  await Promise.all([start('seat-leak'), start('bad-release'), runner.stop(), start('lost-coverage')])
  expect(done.map(text => text.split(' ')[0])).toEqual([
    'traffic',
    'startFaults',
    'stopFaults',
    'no',
    'traffic',
    'ship',
    'rollback',
    'no',
    'loseCoverage',
  ])
  expect(runner.running()).toMatchObject({ name: 'lost-coverage' })
})

test.each([
  ['ship', 'bad-release', ['no traffic scenario']],
  ['startFaults', 'retry-storm', ['stopFaults', 'no traffic scenario']],
  ['loseCoverage', 'lost-coverage', ['regainCoverage']],
] as const)('when %s fails, nothing stays on, and that is the answer', async (port, name, undoes) => {
  const { runner, start, done, told } = stage({ failing: [port] })
  await expect(start(name)).rejects.toThrow(`${port} failed`)
  expect(done.slice(-undoes.length)).toEqual(undoes)
  expect(runner.running()).toBeNull()
  expect(told).toEqual([])
  await start(name === 'bad-release' ? 'slow-dependency' : 'bad-release')
  expect(runner.running()).not.toBeNull()
})

test('when healing fails, the rest is healed all the same, it is told, and the next one can start', async () => {
  const { runner, start, done, told, failing } = stage()
  await start('bad-release')
  failing.push('rollback')
  await expect(runner.stop()).rejects.toThrow('rollback failed')
  expect(done.at(-1)).toBe('no traffic scenario')
  expect(runner.running()).toBeNull()
  expect(told.slice(1)).toEqual([
    ['healing failed', 'bad-release', 'rollback failed'],
    ['stopped', 'bad-release', 'stopped', 0],
  ])
  await start('lost-coverage')
  expect(runner.running()).toMatchObject({ name: 'lost-coverage' })
})

test('a healing that fails when the time is over is told, and does not end the process', async () => {
  const { runner, start, told, failing, passes } = stage()
  failing.push('stopFaults')
  await start('seat-leak')
  await passes(500)
  expect(runner.running()).toBeNull()
  expect(told.map(([event]) => event)).toEqual(['started', 'healing failed', 'stopped'])
})

test('without faults, and without vehicles here, it is refused and what runs goes on', async () => {
  const off = stage({ possible: false })
  await off.start('lost-coverage')
  for (const name of ['bad-release', 'seat-leak', 'frontend-error'] as const)
    await expect(off.start(name)).rejects.toMatchObject({ reason: 'faults_off' })
  expect(off.runner.running()).toMatchObject({ name: 'lost-coverage' })
  expect(off.done).toEqual(['loseCoverage 0.6'])

  const alone = stage({ vehicles: false })
  await alone.start('seat-leak')
  const refused = await alone.start('lost-coverage').catch(error => error)
  expect(refused).toBeInstanceOf(Failure)
  expect(refused).toMatchObject({ reason: 'scenario_impossible' })
  expect(alone.runner.running()).toMatchObject({ name: 'seat-leak' })
})
