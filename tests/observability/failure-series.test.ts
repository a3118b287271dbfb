import { expect, test, vi } from 'vitest'
import { failureSeries, loggedFailures } from '../../src/observability/failure-series.ts'

function fail(): never {
  throw new Error('the disk is full')
}

test('a failure is told once until the same work succeeds again', async () => {
  const tell = vi.fn()
  const { attempt } = failureSeries(tell)
  expect(await attempt('sweep', fail)).toBe(false)
  expect(await attempt('sweep', async () => fail())).toBe(false)
  expect(tell.mock.calls).toEqual([['sweep', new Error('the disk is full')]])
  await attempt('prune', fail)
  expect(tell).toHaveBeenCalledTimes(2)
  expect(await attempt('sweep', () => {})).toBe(true)
  await attempt('sweep', fail)
  await attempt('prune', fail)
  expect(tell.mock.calls.map(([what]) => what)).toEqual(['sweep', 'prune', 'sweep'])
})

test('work that waits for nothing is done, and told, before the call returns', () => {
  const tell = vi.fn()
  const work = vi.fn(fail)
  void failureSeries(tell).attempt('sweep', work)
  expect([work.mock.calls.length, tell.mock.calls.length]).toEqual([1, 1])
})

test('as a line, it says what failed and why', async () => {
  const error = vi.fn()
  await loggedFailures({ error }, 'storage_failed').attempt('the sweep failed', fail)
  expect(error.mock.calls).toEqual([['storage_failed', 'the sweep failed', { error: 'the disk is full' }]])
})
