import { expect, test } from 'vitest'
import { borrow, configure, exhaust, expectProblem, ok, statusOf } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

test('the status of a pool: seats, commit, overage and costs, prices as decimals', async () => {
  const world = createWorld()
  await configure(world, { commit_price: 999.99, overage_price_per_license: 0.1 })
  await exhaust(world, 'cad_tool')
  expect(await statusOf(world)).toEqual({
    tool: 'cad_tool',
    total: 5,
    borrowed: 5,
    available: 0,
    commit: 4,
    max_overage: 1,
    overage: 1,
    in_commit: false,
    commit_price: 999.99,
    overage_price_per_license: 0.1,
    current_overage_cost: 0.1,
    total_cost: 1000.09,
    cap: 5,
    free: 0,
    lease_ttl_seconds: 7200,
    spend_cap: null,
    month_overage_cost: 0.1,
    currency: 'USD',
  })
})

test('an untouched pool is in its commit and has cost its commit price', async () => {
  expect(await statusOf(createWorld(), 'simulation')).toMatchObject({
    total: 3,
    borrowed: 0,
    available: 3,
    commit: 2,
    max_overage: 1,
    overage: 0,
    in_commit: true,
    commit_price: 1000,
    overage_price_per_license: 100,
    current_overage_cost: 0,
    total_cost: 1000,
  })
})

test('a pool is in its commit up to the last prepaid seat', async () => {
  const world = createWorld()
  const seen = []
  for (let held = 1; held <= 5; held++) {
    await borrow(world)
    const { borrowed, overage, in_commit } = await statusOf(world)
    seen.push([borrowed, overage, in_commit])
  }
  expect(seen).toEqual([
    [1, 0, true],
    [2, 0, true],
    [3, 0, true],
    [4, 0, true],
    [5, 1, false],
  ])
})

test('a price change never alters what was charged before', async () => {
  const world = createWorld()
  await exhaust(world, 'cad_tool')
  await configure(world, { overage_price_per_license: 999 })
  expect(await statusOf(world)).toMatchObject({
    current_overage_cost: 100,
    overage_price_per_license: 999,
    total_cost: 1100,
  })
  const { charges } = await ok(world.send('GET', '/overage-charges?tool=cad_tool'))
  expect(charges.map(({ amount }: { amount: number }) => amount)).toEqual([100])
})

test('the month’s overage starts anew with the UTC month, the sum of all does not', async () => {
  const world = createWorld()
  await configure(world, { lease_ttl_seconds: 0 })
  await exhaust(world, 'cad_tool')
  world.clock.set(Date.parse('2026-03-31T23:59:59.999Z'))
  expect(await statusOf(world)).toMatchObject({ month_overage_cost: 100, current_overage_cost: 100 })
  world.clock.set(Date.parse('2026-04-01T00:00:00.000Z'))
  expect(await statusOf(world)).toMatchObject({ month_overage_cost: 0, current_overage_cost: 100 })
})

test('all pools come as a list, ordered by tool, each as it comes alone', async () => {
  const world = createWorld()
  await borrow(world, 'alice', 'simulation')
  const pools = await ok(world.send('GET', '/licenses/status'))
  expect(pools.map(({ tool }: { tool: string }) => tool)).toEqual(['analysis', 'cad_tool', 'simulation'])
  for (const pool of pools) expect(await statusOf(world, pool.tool)).toEqual(pool)
})

test.each(['status', 'cad', 'CAD_TOOL', '%20', 'cad_tool%00', 'a%2Fb', '__proto__', '%F0%9F%9B%A0'])(
  'the status of the unknown tool %s: 404 "Tool not found"',
  async tool => {
    const body = await expectProblem(
      await createWorld().send('GET', `/licenses/${tool}/status`),
      'unknown_tool',
    )
    expect(body.detail).toBe('Tool not found')
  },
)

test('a tool name of more than 128 characters: 422', async () => {
  const world = createWorld()
  for (const path of [`/licenses/${'x'.repeat(129)}/status`, `/licenses/${'x'.repeat(129)}/history`])
    await expectProblem(await world.send('GET', path), 'invalid_request')
})

test('a database that nobody may seed stays empty', async () => {
  const world = createWorld({ seed: false })
  expect(await ok(world.send('GET', '/licenses/status'))).toEqual([])
  expect(await ok(world.send('GET', '/config/budget'))).toEqual({ tools: [] })
})
