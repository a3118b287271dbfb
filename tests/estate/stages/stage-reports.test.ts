import { describe, expect, test } from 'vitest'
import { createReporter, type StageFigures } from '../../../src/estate/stage-reporter.ts'
import { createStageReports, type StageChange } from '../../../src/estate/stage-reports.ts'
import { type StageReport, stageNames } from '../../../src/machine/notices.ts'
import { fakeClock, START } from '../../support/fake-clock.ts'

const figures: StageFigures = {
  done: 10,
  failed: 0,
  dead_letters: 0,
  waiting: 0,
  lag_seconds: 0,
  last_success_at: null,
  problem: null,
}
const report = (more: Partial<StageReport> = {}): StageReport => ({
  ...figures,
  stage: 'ingest',
  instance: 'one',
  at: START,
  started_at: START,
  ...more,
})

function world() {
  const clock = fakeClock()
  const changes: StageChange[] = []
  const reports = createStageReports({ clock, told: change => void changes.push(change) })
  const ingest = () => reports.stages().find(({ stage }) => stage === 'ingest')
  return { clock, changes, reports, ingest }
}

describe('the stages', () => {
  test('are all four, unknown until they report', () => {
    const { reports } = world()
    expect(reports.stages().map(({ stage }) => stage)).toEqual([...stageNames])
    expect(reports.stages().every(({ state, since }) => state === 'unknown' && since === null)).toBe(true)
    expect(reports.worst()).toBe('unknown')
  })

  test('change as their reports come and stay out, each change told once with its time', () => {
    const { clock, changes, reports, ingest } = world()
    reports.take(report())
    expect(ingest()).toMatchObject({ state: 'healthy', since: START, instances: 1 })
    clock.advance(5000)
    reports.take(report({ problem: 'The lake is full.' }))
    reports.take(report({ problem: 'The lake is full.' }))
    expect(ingest()).toMatchObject({ state: 'failing', since: START + 5000 })
    clock.advance(5000)
    reports.take(report())
    clock.advance(16_000)
    reports.look()
    reports.look()
    expect(ingest()).toMatchObject({ state: 'stopped', since: START + 26_000, instances: 0 })
    clock.advance(60_000)
    reports.take(report())
    expect(changes).toEqual([
      { stage: 'ingest', from: 'unknown', to: 'healthy', problem: null },
      { stage: 'ingest', from: 'healthy', to: 'failing', problem: 'The lake is full.' },
      { stage: 'ingest', from: 'failing', to: 'healthy', problem: null },
      { stage: 'ingest', from: 'healthy', to: 'stopped', problem: null },
      { stage: 'ingest', from: 'stopped', to: 'healthy', problem: null },
    ])
  })

  test.each([-3_600_000, 3_600_000])('do not heed a clock that is set by %i ms', ms => {
    const { clock, reports, ingest } = world()
    reports.take(report())
    clock.set(START + ms)
    expect(ingest()?.state).toBe('healthy')
    clock.advance(15_001)
    clock.set(START)
    expect(ingest()?.state).toBe('stopped')
  })

  test('do not heed the clock of who reports', () => {
    const { clock, reports, ingest } = world()
    reports.take(report({ at: START + 86_400_000 }))
    clock.advance(15_001)
    expect(ingest()?.state).toBe('stopped')
    reports.take(report({ at: 0 }))
    expect(ingest()?.state).toBe('healthy')
  })

  test('remember 16 processes of a stage, and forget who was heard longest ago', () => {
    const { clock, reports, ingest } = world()
    reports.take(report({ instance: 'first', problem: 'a problem' }))
    for (let n = 0; n < 15; n++) reports.take(report({ instance: `number-${n}` }))
    expect(ingest()).toMatchObject({ instances: 16, state: 'failing' })
    reports.take(report({ instance: 'number-0' }))
    reports.take(report({ instance: 'one more' }))
    expect(ingest()).toMatchObject({ instances: 16, state: 'healthy' })
    clock.advance(1)
    for (let n = 0; n < 1000; n++) reports.take(report({ instance: `flood-${n}` }))
    expect(ingest()?.instances).toBe(16)
  })

  test('without a generator nothing is missed, without another stage it is', () => {
    const { reports } = world()
    for (const stage of ['ingest', 'transform', 'analytics'] as const) reports.take(report({ stage }))
    expect(reports.worst()).toBe('healthy')
    const others = world().reports
    for (const stage of ['generator', 'ingest', 'analytics'] as const) others.take(report({ stage }))
    expect(others.worst()).toBe('unknown')
  })

  test('are together as the worst of them', () => {
    const { clock, reports } = world()
    for (const stage of stageNames) reports.take(report({ stage }))
    expect(reports.worst()).toBe('healthy')
    reports.take(report({ stage: 'transform', lag_seconds: 31 }))
    expect(reports.worst()).toBe('failing')
    clock.advance(15_001)
    for (const stage of stageNames.filter(name => name !== 'generator')) reports.take(report({ stage }))
    expect(reports.worst()).toBe('stopped')
  })
})

describe('a report that comes as a message', () => {
  test('is taken as one of the same process', () => {
    const { reports, ingest } = world()
    expect(reports.takeMessage(Buffer.from(JSON.stringify(report({ lag_seconds: 2 }))))).toBe(true)
    expect(ingest()).toMatchObject({ state: 'healthy', lag_seconds: 2 })
  })

  test.each([
    [''],
    ['null'],
    ['[]'],
    ['{'],
    [JSON.stringify({ ...report(), stage: 'toaster' })],
    [JSON.stringify({ ...report(), stage: '__proto__' })],
    [JSON.stringify({ ...report(), lag_seconds: -1 })],
    [JSON.stringify({ ...report(), instance: 'x'.repeat(41) })],
    [JSON.stringify({ ...report(), problem: 'x'.repeat(201) })],
    [JSON.stringify({ ...report(), filler: 'x'.repeat(10_000) })],
  ])('changes nothing when it is %s', text => {
    const { reports, changes } = world()
    expect(reports.takeMessage(Buffer.from(text))).toBe(false)
    expect(changes).toEqual([])
  })
})

describe('a reporter', () => {
  function reporterWorld(send?: (sent: StageReport) => void | Promise<void>) {
    const clock = fakeClock()
    const sent: StageReport[] = []
    let now = figures
    let tick: (() => void) | null = null
    const reporter = createReporter({
      stage: 'ingest',
      instance: 'one',
      clock,
      every(ms, work) {
        expect(ms).toBe(5000)
        tick = work
        return () => {
          tick = null
        }
      },
      send: send ?? (one => void sent.push(one)),
      figures: () => now,
    })
    return {
      clock,
      sent,
      reporter,
      tick: () => tick?.(),
      isTicking: () => tick !== null,
      be: (more: Partial<StageFigures>) => {
        now = { ...now, ...more }
      },
    }
  }

  test('says how the stage is at its start and every five seconds', () => {
    const { clock, sent, reporter, tick, be } = reporterWorld()
    clock.advance(1000)
    reporter.start()
    reporter.start()
    clock.advance(5000)
    be({ done: 20 })
    tick()
    expect(sent).toEqual([report({ at: START + 1000, done: 10 }), report({ at: START + 6000, done: 20 })])
  })

  test('says at once when it fails, why else, and when it recovers, and nothing when nothing changed', () => {
    const { sent, reporter, be } = reporterWorld()
    reporter.start()
    reporter.changed()
    for (const problem of ['a', 'b', null]) {
      be({ problem })
      reporter.changed()
      reporter.changed()
    }
    expect(sent.map(({ problem }) => problem)).toEqual([null, 'a', 'b', null])
  })

  test('cuts a long problem, so that who listens takes it', () => {
    const { sent, reporter, be } = reporterWorld()
    be({ problem: 'x'.repeat(500) })
    reporter.start()
    reporter.changed()
    expect(sent.map(({ problem }) => problem?.length)).toEqual([200])
  })

  test('says nothing before its start and after its end', () => {
    const { sent, reporter, be, isTicking } = reporterWorld()
    be({ problem: 'a' })
    reporter.changed()
    expect(sent).toEqual([])
    reporter.start()
    reporter.stop()
    be({ problem: 'b' })
    reporter.changed()
    expect(sent).toHaveLength(1)
    expect(isTicking()).toBe(false)
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
  ])('goes on where sending %s', async (_, send) => {
    let times = 0
    const { reporter, tick } = reporterWorld(() => {
      times++
      return send()
    })
    reporter.start()
    tick()
    await Promise.resolve()
    expect(times).toBe(2)
  })
})
