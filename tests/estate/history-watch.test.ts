import { expect, test } from 'vitest'
import { createHistoryWatch } from '../../src/estate/history-watch.ts'
import { fakeClock, START } from '../support/fake-clock.ts'

const HOUR_MS = 3600_000

function watched() {
  const clock = fakeClock()
  const told: unknown[][] = []
  const watch = createHistoryWatch(clock, {
    historyStarted: (from, until, hours) => void told.push(['started', from, until, hours]),
    historyFinished: (samples, seconds) => void told.push(['finished', samples, seconds]),
  })
  return { clock, told, watch }
}
const from = START - 5 * HOUR_MS

test('its beginning is told with all its hours, its end with its samples and seconds', () => {
  const { clock, told, watch } = watched()
  watch.begin([
    { from: START - 2 * HOUR_MS, until: START },
    { from, until: START - 4 * HOUR_MS },
  ])
  clock.advance(4000)
  watch.progress({ done: 500, total: 1000, from })
  expect(told).toEqual([['started', from, START, 3]])
  clock.advance(4000)
  watch.progress({ done: 1000, total: 1000, from })
  expect(told.slice(1)).toEqual([['finished', 1000, 8]])
})

test('live it is told while it lasts', () => {
  const { watch } = watched()
  expect(watch.state()).toBeNull()
  watch.begin([{ from, until: START }])
  watch.progress({ done: 1, total: 3, from })
  expect(watch.state()).toEqual({ done: 1, total: 3, from: '2026-03-02T05:00:00.000Z' })
  watch.progress({ done: 3, total: 3, from })
  expect(watch.state()).toBeNull()
})

test('one that is over with its first word has an end, too', () => {
  const { told, watch } = watched()
  watch.begin([{ from, until: START }])
  watch.progress({ done: 3, total: 3, from })
  expect(told.map(([what]) => what)).toEqual(['started', 'finished'])
})

test('its end is told once, whatever a generator that begins anew tells again', () => {
  const { told, watch } = watched()
  watch.begin([{ from, until: START }])
  for (const done of [1, 3, 1, 2, 3, 3]) watch.progress({ done, total: 3, from })
  expect(told.map(([what]) => what)).toEqual(['started', 'finished'])
})
