import fc from 'fast-check'
import { expect, test } from 'vitest'
import { trafficReply } from '../../src/scenarios/api.ts'
import { createTrafficControl } from '../../src/scenarios/traffic-control.ts'
import type { StartTraffic, TrafficPlan } from '../../src/scenarios/traffic-port.ts'
import { owners, planOf, type Wish } from '../../src/scenarios/traffic-wishes.ts'

const nothing = { sent: 0, granted: 0, denied: 0, returned: 0, failed: 0, retried: 0, unanswered: 0 }

/** A control over traffic that does nothing but note what it is told. */
function controlled() {
  const runs: { plan: TrafficPlan; seed: number; on: boolean; finish(): void; fail(error: Error): void }[] =
    []
  const told: unknown[][] = []
  let elapsedSeconds = 0
  let tick = () => {}
  const startTraffic: StartTraffic = ({ seed, onProgress, after: _, ...plan }) => {
    const begunAt = elapsedSeconds
    tick = onProgress
    const finished = new Promise<typeof nothing>((resolve, reject) => {
      const finish = () => resolve({ ...nothing, sent: 7 })
      runs.push({ plan, seed, on: true, finish, fail: reject })
    })
    const run = runs.at(-1) as (typeof runs)[number]
    return {
      change({ rate, mix = {}, retries = 0 }) {
        run.plan = { rate, mix, retries }
      },
      get elapsedSeconds() {
        return elapsedSeconds - begunAt
      },
      summary: () => nothing,
      stop() {
        run.on = false
        run.finish()
      },
      finished,
    }
  }
  const control = createTrafficControl({
    startTraffic,
    wait: () => new Promise(() => {}),
    events: {
      trafficStarted: (by, plan) => void told.push(['started', by, plan.rate]),
      trafficStopped: (cause, { sent }, error) => void told.push(['stopped', cause, sent, error]),
    },
  })
  const passes = (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      elapsedSeconds++
      if (runs.at(-1)?.on) tick()
    }
  }
  const on = () => runs.filter(run => run.on)
  return { control, runs, told, passes, on }
}

test('the presenter starts it, changes it and stops it: one run, never two', async () => {
  const { control, runs, told, on } = controlled()
  expect(control.state()).toEqual({
    running: false,
    simulated: true,
    rate: null,
    ends_in_seconds: null,
    by: null,
    summary: null,
  })
  control.ensure({ rate: 20, seconds: 60, seed: 5, by: 'presenter' })
  expect(control.state()).toMatchObject({ running: true, rate: 20, ends_in_seconds: 60, by: 'presenter' })
  control.ensure({ rate: 50, seconds: 30, seed: 6, retries: 2, mix: { look: 9 }, by: 'presenter' })
  expect(on()).toMatchObject([{ seed: 5, plan: { rate: 50, retries: 2, mix: { look: 9 } } }])
  expect(control.state()).toMatchObject({ rate: 50, ends_in_seconds: 30 })
  await control.stop()
  expect(control.state()).toMatchObject({ running: false, rate: null, by: null, ends_in_seconds: null })
  expect(runs.length).toBe(1)
  expect(told).toEqual([
    ['started', 'presenter', 20],
    ['started', 'presenter', 50],
    ['stopped', 'stopped', 7, undefined],
  ])
})

test('it ends when its time is over', async () => {
  const { control, told, passes, on } = controlled()
  control.ensure({ rate: 5, seconds: 3, by: 'presenter' })
  passes(2)
  expect(control.state().ends_in_seconds).toBe(1)
  passes(1)
  expect(on()).toEqual([])
  await expect.poll(() => told.at(-1)).toEqual(['stopped', 'ran_out', 7, undefined])
})

test('the race leaves traffic that runs as it is, and takes its own away only', () => {
  const { control, on, runs } = controlled()
  control.ensure({ rate: 5, by: 'presenter' })
  control.ensure({ rate: 80, by: 'race' })
  expect(control.state()).toMatchObject({ rate: 5, by: 'presenter' })
  control.release('race')
  expect(on()).toMatchObject([{ plan: { rate: 5 } }])
  control.release('presenter')
  expect(on()).toEqual([])

  control.ensure({ rate: 80, by: 'race' })
  expect(control.state()).toMatchObject({ rate: 80, by: 'race' })
  control.release('race')
  control.release('race')
  expect(on()).toEqual([])
  expect(runs.length).toBe(2)
})

test('traffic of the race goes on when the presenter’s, which ran over it, is over', () => {
  const { control, passes } = controlled()
  control.ensure({ rate: 30, by: 'race' })
  control.ensure({ rate: 5, seconds: 10, by: 'presenter' })
  expect(control.state().rate).toBe(5)
  passes(10)
  expect(control.state()).toMatchObject({ running: true, rate: 30, by: 'race' })
})

test('a scenario over the presenter’s traffic has enough of it, with its own mix, and leaves it as it was', () => {
  const { control, on } = controlled()
  control.ensure({ rate: 5, mix: { borrow: 10 }, by: 'presenter' })
  control.ensure({ rate: 20, retries: 3, mix: { look: 60 }, by: 'scenario' })
  expect(on()).toMatchObject([{ plan: { rate: 20, retries: 3, mix: { look: 60 } } }])
  control.release('scenario')
  expect(on()).toMatchObject([{ plan: { rate: 5, retries: 0, mix: { borrow: 10 } } }])
  expect(control.state()).toMatchObject({ by: 'presenter' })

  control.ensure({ rate: 20, retries: 3, by: 'scenario' })
  control.ensure({ rate: 2, by: 'presenter' })
  expect(on()).toMatchObject([{ plan: { rate: 2, retries: 3 } }])
})

test('traffic that cannot begin is told and forgotten; the next can', async () => {
  const { control, runs, told } = controlled()
  control.ensure({ rate: 5, by: 'presenter' })
  runs[0]?.fail(new Error('the server has no pools'))
  await expect.poll(() => control.state().running).toBe(false)
  expect(told.at(-1)).toEqual(['stopped', 'failed', 0, expect.any(Error)])
  control.ensure({ rate: 5, by: 'presenter' })
  expect(control.state().running).toBe(true)
})

test('one that failed late does not end the one after it', async () => {
  const { control, runs } = controlled()
  control.ensure({ rate: 5, by: 'presenter' })
  const first = runs[0]
  control.release('presenter')
  control.ensure({ rate: 6, by: 'presenter' })
  first?.fail(new Error('late'))
  await Promise.resolve()
  expect(control.state()).toMatchObject({ running: true, rate: 6 })
})

const wish = fc.record({
  by: fc.constantFrom(...owners),
  rate: fc.integer({ min: 1, max: 500 }),
  until: fc.nat(),
})

test('whoever wants what: there is traffic exactly when somebody wants it, as one of them said', () => {
  const step = fc.oneof(
    fc.record({
      does: fc.constant('ensure' as const),
      by: fc.constantFrom(...owners),
      rate: fc.integer({ min: 1, max: 500 }),
    }),
    fc.record({ does: fc.constant('release' as const), by: fc.constantFrom(...owners) }),
    fc.record({ does: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 5 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), steps => {
      const { control, passes, on } = controlled()
      const wanted = new Map<string, { rate: number; left: number }>()
      for (const one of steps) {
        if (one.does === 'ensure') {
          control.ensure({ by: one.by, rate: one.rate, seconds: 6 })
          wanted.set(one.by, { rate: one.rate, left: 6 })
        } else if (one.does === 'release') {
          control.release(one.by)
          wanted.delete(one.by)
        } else {
          passes(one.seconds)
          for (const [by, { rate, left }] of wanted)
            if (left <= one.seconds) wanted.delete(by)
            else wanted.set(by, { rate, left: left - one.seconds })
        }
        const state = control.state()
        expect(trafficReply.parse(state)).toEqual(state)
        expect(state.running).toBe(wanted.size > 0)
        expect(on().length).toBe(wanted.size > 0 ? 1 : 0)
        if (state.running) expect([...wanted.values()].map(({ rate }) => rate)).toContain(state.rate)
        if (state.running) expect(on()[0]?.plan.rate).toBe(state.rate)
      }
    }),
    { numRuns: 200 },
  )
})

test('the plan is that of the first who has one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(wish, { selector: ({ by }) => by, maxLength: 3 }), wishes => {
      const plan = planOf(wishes as Wish[])
      const first = owners.find(owner => wishes.some(({ by }) => by === owner))
      expect(plan?.by ?? null).toBe(first ?? null)
    }),
  )
})
