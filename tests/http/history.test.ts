import { expect, test } from 'vitest'
import { type Answer, borrow, exhaust, expectProblem, ok } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const history = (world: World, query = '', tool = 'cad_tool'): Promise<Answer> =>
  ok(world.send('GET', `/licenses/${tool}/history${query}`))

test('without bounds: the last 24 hours in steps of an hour, until now', async () => {
  const { tool, buckets } = await history(createWorld())
  expect(tool).toBe('cad_tool')
  expect(buckets.length).toBe(24)
  expect(buckets[0]).toMatchObject({ from: '2026-03-01T10:00:00.000Z', to: '2026-03-01T11:00:00.000Z' })
  expect(buckets[23]).toMatchObject({ from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T10:00:00.000Z' })
})

test('before anything was recorded means are null and counts are 0', async () => {
  const { buckets } = await history(createWorld(), '?from=2026-03-01T00:00:00Z&to=2026-03-01T01:00:00Z')
  expect(buckets).toEqual([
    {
      from: '2026-03-01T00:00:00.000Z',
      to: '2026-03-01T01:00:00.000Z',
      utilisation: null,
      mean_borrowed: null,
      peak_borrowed: null,
      borrows: 0,
      overage_borrows: 0,
      returns: 0,
      expiries: 0,
      revocations: 0,
      denials: { exhausted: 0, max_overage: 0, spend_cap: 0 },
      overage_cost: 0,
    },
  ])
})

test('an hour tells its borrows, returns, denials, mean, peak and cost', async () => {
  const world = createWorld()
  const held = await exhaust(world, 'analysis')
  await world.send('POST', '/licenses/borrow', { tool: 'analysis', user: 'late' })
  world.clock.advance(30 * 60_000)
  for (const { id } of held) await ok(world.send('POST', '/licenses/return', { id }))
  world.clock.advance(30 * 60_000)
  const { buckets } = await history(world, '?from=2026-03-02T10:00:00Z&to=2026-03-02T11:00:00Z', 'analysis')
  expect(buckets).toEqual([
    {
      from: '2026-03-02T10:00:00.000Z',
      to: '2026-03-02T11:00:00.000Z',
      utilisation: 0.5,
      mean_borrowed: 1,
      peak_borrowed: 2,
      borrows: 2,
      overage_borrows: 1,
      returns: 2,
      expiries: 0,
      revocations: 0,
      denials: { exhausted: 1, max_overage: 0, spend_cap: 0 },
      overage_cost: 100,
    },
  ])
})

test('another tool’s history shows nothing of it', async () => {
  const world = createWorld()
  await exhaust(world, 'analysis')
  world.clock.advance(60_000)
  const { buckets } = await history(world)
  expect(buckets.every(({ borrows, peak_borrowed }: Answer) => borrows === 0 && !peak_borrowed)).toBe(true)
})

test('steps follow one another without a gap, the last one ends at `to`', async () => {
  const { buckets } = await history(
    createWorld(),
    '?from=2026-03-02T08:00:00Z&to=2026-03-02T09:10:00Z&step=1800',
  )
  expect(buckets.map(({ from, to }: Answer) => `${from.slice(11, 16)}-${to.slice(11, 16)}`)).toEqual([
    '08:00-08:30',
    '08:30-09:00',
    '09:00-09:10',
  ])
})

test('time that has not happened is left out', async () => {
  const world = createWorld()
  await borrow(world)
  const { buckets } = await history(world, '?from=2026-03-02T09:00:00Z&to=2026-03-02T13:00:00Z')
  expect(buckets.map(({ to }: Answer) => to)).toEqual(['2026-03-02T10:00:00.000Z'])
  expect((await history(world, '?from=2027-01-01T00:00:00Z&to=2027-01-02T00:00:00Z')).buckets).toEqual([])
})

test('a thousand steps are fine, more are 422', async () => {
  const world = createWorld()
  const of = (steps: number) => {
    const from = new Date(Date.parse('2026-03-02T10:00:00Z') - steps * 60_000).toISOString()
    return world.send('GET', `/licenses/cad_tool/history?from=${from}&to=2026-03-02T10:00:00Z&step=60`)
  }
  expect((await ok(of(1000))).buckets.length).toBe(1000)
  await expectProblem(await of(1001), 'invalid_request')
})

const invalid = [
  'from=yesterday',
  'from=2026-03-02',
  'from=2026-03-02T10:00:00',
  'from=2026-02-30T10:00:00Z',
  'from=2026-03-02T10:00:00Z',
  'from=2026-03-03T10:00:00Z',
  'from=2026-03-02T09:00:00Z&to=2026-03-02T08:00:00Z',
  'from=0000-01-01T00:00:00Z',
  'to=9999-12-31T23:59:59Z&from=2026-01-01T00:00:00Z',
  'step=0',
  'step=59',
  'step=61',
  'step=86460',
  'step=x',
  'step=',
  'step=1e300',
  'from=',
]
test.each(invalid)('history?%s: 422', async query => {
  await expectProblem(
    await createWorld().send('GET', `/licenses/cad_tool/history?${query}`),
    'invalid_request',
  )
})

test('the history of an unknown tool: 404', async () => {
  await expectProblem(await createWorld().send('GET', '/licenses/nothing/history'), 'unknown_tool')
})
