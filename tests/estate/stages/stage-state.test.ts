import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Heard, judgeStage } from '../../../src/estate/stage-state.ts'
import type { StageReport } from '../../../src/machine/notices.ts'

const report = (more: Partial<StageReport> = {}): StageReport => ({
  stage: 'ingest',
  instance: 'one',
  at: 1000,
  started_at: 0,
  done: 10,
  failed: 0,
  dead_letters: 1,
  waiting: 2,
  lag_seconds: 0.5,
  last_success_at: 900,
  problem: null,
  ...more,
})
/** So many ms ago. */
const heard = (ago: number, more: Partial<StageReport> = {}): Heard => ({
  report: report(more),
  received: -ago,
})
const failing = { problem: 'The lake is full.' }

describe('the state of a stage', () => {
  test.each<[string, Heard[], string, string | null]>([
    ['nobody has reported', [], 'unknown', null],
    ['it has just reported', [heard(0)], 'healthy', null],
    ['it reported 15 s ago', [heard(15_000)], 'healthy', null],
    ['it reported longer ago', [heard(15_001)], 'stopped', null],
    ['it names a problem', [heard(0, failing)], 'failing', 'The lake is full.'],
    ['it named a problem and went silent', [heard(20_000, failing)], 'stopped', null],
    ['it is 30 s behind', [heard(0, { lag_seconds: 30 })], 'healthy', null],
    ['it is further behind', [heard(0, { lag_seconds: 31.4 })], 'failing', 'It is 31 s behind.'],
    ['one of two is silent', [heard(60_000), heard(1000, { instance: 'two' })], 'healthy', null],
    ['one of two fails', [heard(0), heard(0, { instance: 'two', ...failing })], 'failing', failing.problem],
    [
      'the one that failed is silent',
      [heard(0), heard(16_000, { instance: 'two', ...failing })],
      'healthy',
      null,
    ],
    ['both are silent', [heard(16_000), heard(90_000, { instance: 'two' })], 'stopped', null],
  ])('where %s', (_, all, state, problem) => {
    expect(judgeStage(all, 0)).toMatchObject({ state, problem })
  })

  test('is never healthy without a fresh report that names no problem', () => {
    const any = fc.array(
      fc.record({
        ago: fc.nat(40_000),
        problem: fc.option(fc.constant('a problem')),
        lag_seconds: fc.double({ min: 0, max: 60, noNaN: true }),
      }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(any, all => {
        const { state } = judgeStage(
          all.map(({ ago, ...more }) => heard(ago, more)),
          0,
        )
        const fresh = all.filter(({ ago }) => ago <= 15_000)
        const isWell = fresh.every(({ problem, lag_seconds }) => problem === null && lag_seconds <= 30)
        expect(state === 'healthy').toBe(fresh.length > 0 && isWell)
      }),
    )
  })
})

describe('the figures of a stage', () => {
  test('are those of the processes that run: sums, the longest lag, the last success', () => {
    const all = [
      heard(0, {
        instance: 'one',
        done: 10,
        waiting: 1,
        dead_letters: 1,
        lag_seconds: 3,
        last_success_at: 5,
      }),
      heard(0, {
        instance: 'two',
        done: 20,
        waiting: 2,
        dead_letters: 0,
        lag_seconds: 7,
        last_success_at: null,
      }),
      heard(60_000, { instance: 'gone', done: 400, waiting: 90, lag_seconds: 29, last_success_at: 4 }),
    ]
    expect(judgeStage(all, 0)).toEqual({
      state: 'healthy',
      instances: 2,
      done: 30,
      dead_letters: 1,
      waiting: 3,
      lag_seconds: 7,
      last_success_at: 5,
      problem: null,
    })
  })

  test('of one that stopped are what was said last, without a lag that nobody knows', () => {
    const all = [heard(90_000, { done: 1 }), heard(20_000, { instance: 'two', done: 7, waiting: 3 })]
    expect(judgeStage(all, 0)).toMatchObject({
      instances: 0,
      done: 7,
      waiting: 3,
      lag_seconds: null,
      last_success_at: 900,
    })
  })

  test('of one that never reported are nothing', () => {
    expect(judgeStage([], 0)).toEqual({
      state: 'unknown',
      instances: 0,
      done: 0,
      dead_letters: 0,
      waiting: 0,
      lag_seconds: null,
      last_success_at: null,
      problem: null,
    })
  })
})
