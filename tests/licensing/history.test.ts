import { describe, expect, test } from 'vitest'
import type { HistoryReply } from '../../src/licensing/api.ts'
import { rfc3339 } from '../../src/shared/clock.ts'
import { START } from '../support/fake-clock.ts'
import { createWorld, type World } from '../support/world.ts'

const MINUTE = 60_000

const historyOf = async (world: World, query: Record<string, string>): Promise<HistoryReply['buckets']> => {
  const response = await world.send('GET', `/licenses/cad_tool/history?${new URLSearchParams(query)}`)
  expect(response.status).toBe(200)
  return ((await response.json()) as HistoryReply).buckets
}

/** One seat of cad_tool held from the 10th to the 40th second of the first minute. */
async function halfAMinute(): Promise<World> {
  const world = createWorld()
  world.clock.advance(10_000)
  const borrowed = await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'alice' })
  world.clock.advance(30_000)
  await world.send('POST', '/licenses/return', { id: ((await borrowed.json()) as { id: string }).id })
  world.clock.advance(5 * MINUTE)
  return world
}

test('the past hour says how much was held, at most and on average', async () => {
  const world = await halfAMinute()
  const buckets = await historyOf(world, {
    from: rfc3339(START),
    to: rfc3339(START + 2 * MINUTE),
    step: '60',
  })
  expect(buckets).toMatchObject([
    { mean_borrowed: 0.5, utilisation: 0.1, peak_borrowed: 1, borrows: 1, returns: 1 },
    { mean_borrowed: 0, peak_borrowed: 0, borrows: 0, returns: 0 },
  ])
})

describe('a report that ends within a past minute is one of whole minutes', () => {
  test.each([5, 10, 25])('at second %i no more is held on average than at most', async second => {
    const world = await halfAMinute()
    const to = rfc3339(START + second * 1000)
    const [bucket] = await historyOf(world, { from: rfc3339(START), to, step: '60' })
    expect(bucket?.mean_borrowed).toBeLessThanOrEqual(bucket?.peak_borrowed ?? 0)
  })
})
