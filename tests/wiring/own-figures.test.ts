import { totalmem } from 'node:os'
import { expect, test } from 'vitest'
import type { RequestReporter } from '../../src/http/front-door.ts'
import { quantile } from '../../src/machine/sketch.ts'
import { createOwnFigures } from '../../src/wiring/own-figures.ts'
import { fakeClock } from '../support/fake-clock.ts'

function counted() {
  const clock = fakeClock()
  const told: unknown[][] = []
  const figures = createOwnFigures(clock, totalmem(), 2)
  const count = figures.counting((...all) => void told.push(all))
  const answer = (status: number, durationMs: number) =>
    count({} as Parameters<RequestReporter>[0], { status, durationMs } as Parameters<RequestReporter>[1])
  return { clock, told, figures, answer }
}

test('counts requests, those that failed by the server, and how long they took; each is told on', () => {
  const { told, figures, answer, clock } = counted()
  for (const [status, ms] of [
    [200, 10],
    [404, 10],
    [500, 10],
    [503, 100],
  ] as const)
    answer(status, ms)
  clock.advance(1000)
  const { requests, failed, sketch } = figures.take()
  expect([requests, failed]).toEqual([4, 2])
  expect([...sketch.values()].reduce((sum, count) => sum + count, 0)).toBe(4)
  expect(quantile(sketch, 1)).toBeGreaterThan(90)
  expect(told).toHaveLength(4)
  expect(told[3]).toEqual([{}, { status: 503, durationMs: 100 }])
})

test('what was taken is not taken again, and stays as it was', () => {
  const { figures, answer, clock } = counted()
  answer(200, 5)
  clock.advance(1000)
  const first = figures.take()
  answer(500, 5)
  answer(200, 5)
  expect(first).toMatchObject({ requests: 1, failed: 0 })
  expect([...first.sketch.values()]).toEqual([1])
  clock.advance(1000)
  expect(figures.take()).toMatchObject({ requests: 2, failed: 1 })
  clock.advance(1000)
  const none = figures.take()
  expect([none.requests, none.failed, none.sketch.size]).toEqual([0, 0, 0])
})

test('its share of processor and memory is in percent; of no time nothing is known of the processor', () => {
  const { figures, clock } = counted()
  expect(figures.take().cpu).toBeNull()
  let sum = 0
  for (let n = 0; n < 5e6; n++) sum += Math.sqrt(n)
  expect(sum).toBeGreaterThan(0)
  // More work than there was time for.
  clock.advance(0.001)
  expect(figures.take().cpu).toBe(100)
  clock.advance(1e9)
  const { cpu, memory } = figures.take()
  expect(cpu).toBeLessThan(1)
  expect(cpu).toBeGreaterThanOrEqual(0)
  expect(memory).toBeGreaterThan(0)
  expect(memory).toBeLessThan(100)
})
