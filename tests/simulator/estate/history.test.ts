import { expect, test } from 'vitest'
import type { FaultNotice } from '../../../src/machine/notices.ts'
import type { SampleMessage } from '../../../src/machine/samples.ts'
import { FAULT_TOPIC, SAMPLES_MAX } from '../../../src/machine/topics.ts'
import { PAYLOAD_MAX } from '../../../src/simulator/estate/batches.ts'
import { createEstate } from '../../../src/simulator/estate/estate.ts'
import { daysOf, historyOf, historySamples } from '../../../src/simulator/estate/history.ts'
import { DAY_MS } from '../../../src/simulator/estate/rhythm.ts'
import { UNDER_WAY_MAX } from '../../../src/simulator/estate/sender.ts'
import { START } from '../../support/fake-clock.ts'

import { idOf, world } from './generator-world.ts'

const history = { from: START - 3 * DAY_MS, until: START }

test('history is told once, all of it, with its progress', async () => {
  const { generator, estate, pass, samples, steps } = world({ servers: 10 }, { history: [history] })
  generator.start()
  await pass(60)
  const past = samples().filter(({ boot }) => boot !== 'sim-1-30s')
  expect(past).toHaveLength(historySamples(estate, [history]))
  expect(new Set(past.map(idOf)).size).toBe(past.length)
  expect(steps.at(-1)).toEqual({ done: past.length, total: past.length, from: history.from })
  expect(steps.map(({ done }) => done)).toEqual(steps.map(({ done }) => done).sort((a, b) => a - b))
})

test('of the newest days each resource speaks every five minutes, before every quarter of an hour', () => {
  const estate = createEstate({ servers: 2, seed: 1, faultsPerDay: 0 })
  const days = daysOf({ from: START - 7 * DAY_MS, until: START })
  // From the day before yesterday's end to ten o'clock today, and five days and fourteen hours before.
  const recent = (24 + 10) * 12
  const older = (5 * 24 + 14) * 4
  expect(days.map(({ seconds }) => seconds)).toEqual([300, 300, 900, 900, 900, 900, 900, 900])
  // None is left out between them, not even who speaks at midnight.
  expect(days.slice(0, -1).map(({ from }) => from)).toEqual(days.slice(1).map(({ until }) => until))
  expect(historySamples(estate, [{ from: START - 7 * DAY_MS, until: START }])).toBe(
    estate.plan.resources.length * (recent + older),
  )
})

test('history goes back day by day, in each day forward, in messages that a broker takes', () => {
  const estate = createEstate({ servers: 100, seed: 1 })
  const newest = new Map<string, number>()
  const days: string[] = []
  for (const { topic, payload, samples } of historyOf(estate, [{ from: START - DAY_MS / 2, until: START }])) {
    if (topic === FAULT_TOPIC) continue
    const batch = JSON.parse(payload) as SampleMessage[]
    expect(batch).toHaveLength(samples)
    expect(samples).toBeLessThanOrEqual(SAMPLES_MAX)
    expect(payload.length).toBeLessThanOrEqual(PAYLOAD_MAX)
    for (const { timestamp } of batch) {
      const day = timestamp.slice(0, 10)
      if (!days.includes(day)) days.push(day)
      const key = `${topic} ${day}`
      expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(newest.get(key) ?? 0)
      newest.set(key, Date.parse(timestamp))
    }
  }
  expect(days).toEqual(['2026-03-02', '2026-03-01'])
})

test('history again is the same again, byte for byte; a later end of the same day only adds', () => {
  const told = (until: number) =>
    [...historyOf(createEstate({ servers: 5, seed: 2 }), [{ from: START - 2 * DAY_MS, until }])]
      .filter(({ topic }) => topic !== FAULT_TOPIC)
      .flatMap(({ payload }) =>
        (JSON.parse(payload) as SampleMessage[]).map(sample => JSON.stringify(sample)),
      )
  const first = told(START)
  expect(told(START)).toEqual(first)
  const later = new Set(told(START + 3_600_000))
  expect(first.every(sample => later.has(sample))).toBe(true)
  expect(later.size).toBeGreaterThan(first.length)
})

test('history tells of the faults of its time that are over', () => {
  const estate = createEstate({ servers: 100, seed: 3 })
  const notices = [...historyOf(estate, [history])]
    .filter(({ topic }) => topic === FAULT_TOPIC)
    .map(({ payload }) => JSON.parse(payload) as FaultNotice)
  const over = estate.faults
    .between(history.from, history.until)
    .filter(({ startedAt, endedAt }) => startedAt >= history.from && endedAt <= history.until)
  expect(notices.map(({ id }) => id).sort()).toEqual(over.map(({ id }) => id).sort())
  expect(notices.length).toBeGreaterThan(100)
  for (const { ended_at } of notices) expect(ended_at).not.toBeNull()
})

test('history never has more than a few messages unacknowledged, and live ones are sent all the same', async () => {
  const { generator, estate, broker, pass, release, samples } = world({ servers: 40 }, { history: [history] })
  broker.answers = false
  generator.start()
  await pass(3)
  expect(broker.mostPast).toBe(UNDER_WAY_MAX)
  for (let second = 0; second < 60; second++) {
    await release()
    await pass(1)
  }
  expect(broker.mostPast).toBe(UNDER_WAY_MAX)
  await release()
  const live = samples().filter(({ boot }) => boot === 'sim-1-30s')
  expect(live.length).toBeGreaterThanOrEqual(2 * estate.plan.resources.length)
  await generator.stop()
})
