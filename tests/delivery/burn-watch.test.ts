import { expect, test } from 'vitest'
import { createBurnWatch } from '../../src/delivery/burn-watch.ts'
import { demoTime, factorOf } from '../../src/delivery/objectives.ts'
import type { Incident } from '../../src/delivery/schema.ts'
import { fakeClock, START } from '../support/fake-clock.ts'

const [shown] = demoTime.page

/** A watch over a server that answers some borrows each second. */
function watching(incidentsBefore: Partial<Incident>[] = []) {
  const clock = fakeClock()
  const told: string[] = []
  const open: Partial<Incident>[] = [...incidentsBefore]
  let rows = 10
  const at = () => Math.round(clock.monotonic() / 1000)
  const watch = createBurnWatch({
    clock,
    open: () => open as Incident[],
    incidents: {
      openForBurn({ subject, alert, startedAt }) {
        const known = open.find(incident => incident.subject === subject)
        if (known) return known as Incident
        const incident = { row: ++rows, subject, openedBy: 'burn', startedAt } as Incident
        open.push(incident)
        told.push(`${at()} ${alert} since ${(startedAt - START) / 1000}`)
        return incident
      },
      resolve(row) {
        const index = open.findIndex(incident => incident.row === row)
        if (index < 0) return
        const [incident] = open.splice(index, 1)
        told.push(`${at()} ${incident?.subject} over`)
      },
    },
  })
  return {
    watch,
    told,
    open,
    clock,
    /** So many seconds, each with so many borrows of which some fail, or are slow. */
    run(seconds: number, { borrows = 20, failed = 0, slow = 0 } = {}) {
      for (let second = 0; second < seconds; second++) {
        for (let n = 0; n < borrows; n++)
          watch.decided({ failed: n < failed, durationMs: n < slow ? 251 : 250 })
        clock.advance(1000)
        watch.judge()
      }
    },
  }
}

test('a burn opens one incident, told as it began, which ends when the last half minute is clean', () => {
  const { run, told } = watching()
  run(300)
  run(60, { failed: 6 })
  run(120)
  const [opened, over] = told.map(line => Number(line.split(' ')[0]))
  expect(told).toEqual([`${opened} BorrowAvailabilityBurn since 300`, `${over} borrow-availability over`])
  expect(opened).toBeGreaterThan(305)
  expect(opened).toBeLessThan(320)
  expect(over).toBeGreaterThan(380)
  expect(over).toBeLessThanOrEqual(391)
})

test('what burns again soon after it was over begins after that, however little was bad in between', () => {
  const { run, told } = watching()
  run(300)
  run(60, { failed: 6 })
  // Each half minute is below the threshold, and no pause between bad moments is as long as that.
  for (let n = 0; n < 5; n++) {
    run(1, { failed: 7 })
    run(24)
  }
  run(60, { failed: 6 })
  expect(told).toHaveLength(3)
  const [, over = '', again = ''] = told
  const since = Number(again.split(' ').at(-1))
  expect(since).toBeGreaterThanOrEqual(Number(over.split(' ')[0]))
  expect(since).toBeLessThanOrEqual(Number(again.split(' ')[0]))
})

test('slow borrows burn the other budget; exactly 250 ms is not slow', () => {
  const { run, told } = watching()
  run(120)
  expect(told).toEqual([])
  run(30, { slow: 20 })
  run(60)
  expect(told).toEqual([
    expect.stringMatching(/^\d+ BorrowLatencyBurn since 120$/),
    expect.stringMatching(/^\d+ borrow-latency over$/),
  ])
})

test('no traffic is no sample: nothing opens, and what burned ends', () => {
  const { run, told, watch } = watching()
  run(600, { borrows: 0 })
  expect(told).toEqual([])
  expect(watch.burns().map(({ long, short, budget_left }) => [long, short, budget_left])).toEqual([
    [null, null, null],
    [null, null, null],
  ])
  run(10, { failed: 20 })
  run(40, { borrows: 0 })
  expect(told).toHaveLength(2)
})

test('a rate of errors within the budget opens nothing, however long', () => {
  const { run, told } = watching()
  for (let minute = 0; minute < 420; minute++) {
    run(1, { borrows: 300, failed: 1 })
    run(59, { borrows: 3 })
  }
  expect(told).toEqual([])
})

test('thirty days can call where demo time does not, but only while it burns', () => {
  const { run, told } = watching()
  // Six hours and half an hour at 8 %, in bursts with pauses too long for two minutes.
  for (let n = 0; n < 40; n++) {
    run(12, { borrows: 10, failed: 2 })
    run(170, { borrows: 0 })
  }
  const long = told.filter(line => line.includes('Burn'))
  expect(long.length).toBeGreaterThan(0)
  const after = told.length
  run(3600, { borrows: 0 })
  expect(told.length).toBe(after)
})

test('one that Alertmanager opened is joined, and left for it to close', () => {
  const { run, told, open } = watching([{ row: 1, subject: 'borrow-availability', openedBy: 'alertmanager' }])
  run(60, { failed: 20 })
  run(60)
  expect(told).toEqual([])
  expect(open).toHaveLength(1)
})

test('when Alertmanager closes before the burn is over, no second one opens for the same burn', () => {
  const { run, told, open } = watching([{ row: 1, subject: 'borrow-availability', openedBy: 'alertmanager' }])
  run(60, { failed: 20 })
  open.pop()
  run(60, { failed: 20 })
  run(60)
  expect(told).toEqual([])
  run(30, { failed: 20 })
  expect(told).toHaveLength(1)
})

const leftOver = { row: 3, subject: 'borrow-availability', openedBy: 'burn' } as const

test('what was left open before a restart ends after one long window without a burn', () => {
  const { run, told, watch } = watching([leftOver])
  watch.resume()
  run(shown.long - 1)
  expect(told).toEqual([])
  run(2)
  expect(told).toEqual([`${shown.long} borrow-availability over`])
})

test('what was left open goes on when it still burns, as the same one', () => {
  const { run, told, watch } = watching([leftOver])
  watch.resume()
  run(shown.long + 60, { failed: 10 })
  expect(told).toEqual([])
  run(60)
  expect(told).toEqual([expect.stringMatching(/^\d+ borrow-availability over$/)])
})

test('what was left open about an objective that is no more is closed', () => {
  const { told, watch } = watching([{ ...leftOver, subject: 'borrow-kindness' }])
  watch.resume()
  expect(told).toEqual(['0 borrow-kindness over'])
})

test('what cannot be written is tried again with the next second', () => {
  const clock = fakeClock()
  let fails = true
  const opened: string[] = []
  const watch = createBurnWatch({
    clock,
    open: () => [],
    incidents: {
      openForBurn({ subject }) {
        if (fails) throw new Error('locked')
        opened.push(subject)
        return { row: 1, openedBy: 'burn' } as Incident
      },
      resolve: () => {},
    },
  })
  watch.decided({ failed: true, durationMs: 1 })
  expect(() => watch.judge()).toThrow('locked')
  fails = false
  watch.judge()
  watch.judge()
  expect(opened).toEqual(['borrow-availability'])
})

test('the burn is shown in times of the budget, and what is left of it', () => {
  const { run, watch } = watching()
  run(30, { borrows: 100, failed: 1 })
  expect(watch.burns()[0]).toEqual({
    objective: 'borrow-availability',
    title: 'Borrow availability',
    target: 0.995,
    long: expect.closeTo(2, 9),
    short: expect.closeTo(2, 9),
    long_seconds: shown.long,
    short_seconds: shown.short,
    factor: factorOf(shown, demoTime),
    paging: false,
    budget_left: expect.closeTo(-1, 9),
  })
  run(30, { borrows: 100, failed: 50 })
  expect(watch.burns()[0]?.paging).toBe(true)
  expect(watch.burns()[1]?.budget_left).toBe(1)
})
