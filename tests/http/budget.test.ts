import { expect, test } from 'vitest'
import { borrow, cadSettings, exhaust, expectProblem, json, ok, statusOf } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

test('the budget lists the settings of every tool', async () => {
  const world = createWorld()
  await borrow(world)
  const { tools } = await ok(world.send('GET', '/config/budget'))
  const common = {
    commit_price: 1000,
    overage_price_per_license: 100,
    lease_ttl_seconds: 7200,
    spend_cap: null,
  }
  expect(tools).toEqual([
    {
      ...common,
      tool: 'analysis',
      total: 2,
      borrowed: 0,
      commit: 1,
      max_overage: 1,
      cap: 2,
      etag: expect.any(String),
    },
    {
      ...common,
      tool: 'cad_tool',
      total: 5,
      borrowed: 1,
      commit: 4,
      max_overage: 1,
      cap: 5,
      etag: expect.any(String),
    },
    {
      ...common,
      tool: 'simulation',
      total: 3,
      borrowed: 0,
      commit: 2,
      max_overage: 1,
      cap: 3,
      etag: expect.any(String),
    },
  ])
})

test('a change answers ok, shows at once everywhere, and outlives a restart', async () => {
  const world = createWorld()
  const changed = {
    ...cadSettings,
    total: 8,
    commit: 6,
    max_overage: 2,
    commit_price: 0.01,
    overage_price_per_license: 9_999_999.99,
  }
  const answer = await ok(world.present('PUT', '/config/budget', changed))
  expect(answer).toEqual({ status: 'ok', tool: 'cad_tool', warnings: [] })
  expect(await statusOf(world)).toMatchObject(changed)
  const again = createWorld({ dbPath: world.dbPath })
  const { tools } = await ok(again.send('GET', '/config/budget'))
  expect(tools[1]).toMatchObject(changed)
})

test('lease and spend cap stay as they were when a change does not name them', async () => {
  const world = createWorld()
  await ok(world.present('PUT', '/config/budget', { ...cadSettings, lease_ttl_seconds: 60, spend_cap: 12.5 }))
  await ok(world.present('PUT', '/config/budget', cadSettings))
  expect(await statusOf(world)).toMatchObject({ lease_ttl_seconds: 60, spend_cap: 12.5 })
  await ok(world.present('PUT', '/config/budget', { ...cadSettings, spend_cap: null }))
  expect(await statusOf(world)).toMatchObject({ lease_ttl_seconds: 60, spend_cap: null })
})

test('without the token: 401 with WWW-Authenticate, whatever the body, and nothing changes', async () => {
  const world = createWorld()
  for (const authorization of [undefined, 'Bearer wrong', 'Bearer ', 'Basic cHJlc2VudGVyOng=', 'Bearer']) {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    for (const body of [{ ...cadSettings, total: 9 }, {}, '{']) {
      const response = await world.send('PUT', '/config/budget', body, headers)
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="presenter"')
      await expectProblem(response, 'unauthorized')
    }
  }
  expect(await statusOf(world)).toMatchObject({ total: 5 })
})

test('a total below what is borrowed: 400 with the number, nothing changes', async () => {
  const world = createWorld()
  await exhaust(world, 'cad_tool')
  const response = await world.present('PUT', '/config/budget', { ...cadSettings, total: 4, commit_price: 1 })
  expect(await expectProblem(response, 'below_borrowed')).toMatchObject({ tool: 'cad_tool', borrowed: 5 })
  expect(await statusOf(world)).toMatchObject({ total: 5, commit_price: 1000 })
  await ok(world.present('PUT', '/config/budget', { ...cadSettings, total: 5 }))
})

test('an unknown tool: 404, and no pool is made', async () => {
  const world = createWorld()
  for (const tool of ['nothing', '__proto__', 'CAD_TOOL'])
    await expectProblem(
      await world.present('PUT', '/config/budget', { ...cadSettings, tool }),
      'unknown_tool',
    )
  expect((await ok(world.send('GET', '/config/budget'))).tools.length).toBe(3)
})

test('lowering the cap below what is held evicts nobody and charges nobody, it denies the next', async () => {
  const world = createWorld()
  for (let seat = 0; seat < 4; seat++) await borrow(world)
  const { warnings } = await ok(
    world.present('PUT', '/config/budget', { ...cadSettings, commit: 1, max_overage: 1 }),
  )
  expect(warnings).toEqual([expect.stringContaining('3 seats')])
  expect(await statusOf(world)).toMatchObject({
    borrowed: 4,
    overage: 3,
    free: 0,
    cap: 2,
    current_overage_cost: 0,
  })
  expect((await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'late' })).status).toBe(409)
})

const invalid: [string, Record<string, unknown>, string[]][] = [
  ['a total of 0', { total: 0 }, ['total']],
  ['negative seats', { total: -1, commit: -1, max_overage: -1 }, ['commit', 'max_overage', 'total']],
  ['half a seat', { total: 1.5 }, ['total']],
  ['a million and one seats', { commit: 1_000_001 }, ['commit']],
  ['seats as text', { total: '5' }, ['total']],
  ['seats as a list', { total: [5] }, ['total']],
  ['true', { max_overage: true }, ['max_overage']],
  ['a negative price', { commit_price: -0.01 }, ['commit_price']],
  ['a tenth of a cent', { overage_price_per_license: 0.001 }, ['overage_price_per_license']],
  ['a price beyond measure', { commit_price: 1e300 }, ['commit_price']],
  ['a price as text', { commit_price: '1000' }, ['commit_price']],
  ['null', { commit_price: null }, ['commit_price']],
  ['a negative lease', { lease_ttl_seconds: -1 }, ['lease_ttl_seconds']],
  ['a lease of two years', { lease_ttl_seconds: 2 * 365 * 86_400 }, ['lease_ttl_seconds']],
  ['a negative spend cap', { spend_cap: -1 }, ['spend_cap']],
  ['no tool', { tool: undefined }, ['tool']],
  ['an empty tool', { tool: '' }, ['tool']],
  ['only the tool', { total: undefined, commit: undefined }, ['commit', 'total']],
]

test.each(invalid)(
  'a change with %s: 422 that names the fields, nothing changes',
  async (_title, change, paths) => {
    const world = createWorld()
    const problem = await expectProblem(
      await world.present('PUT', '/config/budget', { ...cadSettings, ...change }),
      'invalid_request',
    )
    expect([...new Set(problem.errors.map(({ path }: { path: string }) => path))].sort()).toEqual(paths)
    expect(await statusOf(world)).toMatchObject({ ...cadSettings, lease_ttl_seconds: 7200, spend_cap: null })
  },
)

test('a price beyond a double (1e999) is no number: 422', async () => {
  const world = createWorld()
  const body = JSON.stringify(cadSettings).replace('"commit_price":1000', '"commit_price":1e999')
  await expectProblem(await world.present('PUT', '/config/budget', body), 'invalid_request')
})

test('prices that doubles cannot hold exactly are kept to the cent', async () => {
  const world = createWorld()
  for (const price of [0.1 + 0.2, 19.99, 1.15, 4.35, 1234567.89, 0]) {
    await ok(world.present('PUT', '/config/budget', { ...cadSettings, commit_price: price }))
    expect((await statusOf(world)).commit_price).toBe(Number(price.toFixed(2)))
  }
})

const unreachable = [
  { change: { commit: 7 }, warning: '2 prepaid seats' },
  { change: { max_overage: 3 }, warning: '3 are permitted' },
  { change: { commit: 1, max_overage: 1 }, warning: '3 seats' },
  { change: { commit: 0, max_overage: 0 }, warning: 'no seat can be borrowed' },
]

test.each(unreachable)(
  'settings that make something impossible are saved with a warning: $change',
  async ({ change, warning }) => {
    const world = createWorld()
    const response = await world.present('PUT', '/config/budget', { ...cadSettings, ...change })
    expect(response.status).toBe(200)
    expect((await json(response)).warnings.join('\n')).toContain(warning)
  },
)
