import { expect, test } from 'vitest'
import { borrow, configure, exhaust, expectProblem, json, ok, statusOf } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const UUID = /^[\da-f]{8}-[\da-f]{4}-[47][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

test('a borrow answers with its id, tool, user and time', async () => {
  const world = createWorld()
  const response = await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'alice' })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await json(response)).toEqual({
    id: expect.stringMatching(UUID),
    tool: 'cad_tool',
    user: 'alice',
    borrowed_at: '2026-03-02T10:00:00.000Z',
    expires_at: '2026-03-02T12:00:00.000Z',
    is_overage: false,
    overage_charge: 0,
  })
})

test('a borrow within the commit costs nothing, the next one is overage at the price of now', async () => {
  const world = createWorld()
  await configure(world, { overage_price_per_license: 12.34 })
  const kinds = (await exhaust(world, 'cad_tool')).map(({ is_overage, overage_charge }) => [
    is_overage,
    overage_charge,
  ])
  expect(kinds).toEqual([
    [false, 0],
    [false, 0],
    [false, 0],
    [false, 0],
    [true, 12.34],
  ])
})

test('a pool of 2: borrow, available 1, second borrow, third 409, return 200, available 1', async () => {
  const world = createWorld()
  const first = await borrow(world, 'alice', 'analysis')
  expect(await statusOf(world, 'analysis')).toMatchObject({ total: 2, borrowed: 1, available: 1 })
  await borrow(world, 'bob', 'analysis')
  await expectProblem(
    await world.send('POST', '/licenses/borrow', { tool: 'analysis', user: 'carol' }),
    'exhausted',
  )
  expect(await ok(world.send('POST', '/licenses/return', { id: first.id }))).toEqual({
    status: 'ok',
    tool: 'analysis',
  })
  expect(await statusOf(world, 'analysis')).toMatchObject({ borrowed: 1, available: 1 })
})

const refused = [
  { title: 'every seat is borrowed', settings: {}, reason: 'exhausted', numbers: [5, 4, 1, 5] },
  {
    title: 'the overage limit is reached',
    settings: { total: 9 },
    reason: 'max_overage',
    numbers: [5, 4, 1, 9],
  },
  {
    title: 'the month’s overage is spent',
    settings: { spend_cap: 99.99 },
    reason: 'spend_cap',
    numbers: [4, 4, 1, 5],
  },
] as const

test.each(refused)(
  'a borrow is refused because $title: 409 with the numbers',
  async ({ settings, reason, numbers }) => {
    const world = createWorld()
    await configure(world, settings)
    const held = numbers[0]
    for (let seat = 0; seat < held; seat++) await borrow(world)
    const body = await expectProblem(
      await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'zoe' }),
      reason,
    )
    const [borrowed, commit, max_overage, total] = numbers
    expect(body).toMatchObject({ tool: 'cad_tool', borrowed, commit, max_overage, total })
    expect(body).not.toHaveProperty('id')
    expect(await statusOf(world)).toMatchObject({ borrowed: held, free: reason === 'spend_cap' ? 1 : 0 })
  },
)

test.each(['cad', 'CAD_TOOL', 'cad_tool ', '__proto__', 'constructor', '<b>cad_tool</b>', '🛠️'])(
  'a borrow of the unknown tool %j: 404, no seat, no pool',
  async tool => {
    const world = createWorld()
    await expectProblem(await world.send('POST', '/licenses/borrow', { tool, user: 'alice' }), 'unknown_tool')
    const pools = await ok(world.send('GET', '/licenses/status'))
    expect(pools.map((pool: { tool: string; borrowed: number }) => [pool.tool, pool.borrowed])).toEqual([
      ['analysis', 0],
      ['cad_tool', 0],
      ['simulation', 0],
    ])
  },
)

const invalid: [string, unknown, string[]][] = [
  ['no fields', {}, ['tool', 'user']],
  ['no user', { tool: 'cad_tool' }, ['user']],
  ['an empty tool', { tool: '', user: 'a' }, ['tool']],
  ['an empty user', { tool: 'cad_tool', user: '' }, ['user']],
  ['a blank user', { tool: 'cad_tool', user: ' \t' }, ['user']],
  ['a user of 129 characters', { tool: 'cad_tool', user: 'u'.repeat(129) }, ['user']],
  ['a line break', { tool: 'cad_tool', user: 'a\nb' }, ['user']],
  ['a zero byte', { tool: 'cad_tool', user: 'a\0b' }, ['user']],
  ['half a character', { tool: 'cad_tool', user: 'a\ud800' }, ['user']],
  ['numbers', { tool: 1, user: 2 }, ['tool', 'user']],
  ['null', { tool: 'cad_tool', user: null }, ['user']],
  ['lists', { tool: ['cad_tool'], user: ['alice'] }, ['tool', 'user']],
  ['objects', { tool: {}, user: { toString: 'x' } }, ['tool', 'user']],
]

test.each(invalid)(
  'a borrow with %s: 422 that names the fields, nothing is recorded',
  async (_title, body, paths) => {
    const world = createWorld()
    const problem = await expectProblem(await world.send('POST', '/licenses/borrow', body), 'invalid_request')
    expect([...new Set(problem.errors.map(({ path }: { path: string }) => path))].sort()).toEqual(paths)
    expect(await ok(world.send('GET', '/borrows'))).toEqual([])
    expect((await ok(world.send('GET', '/denials'))).denials).toEqual([])
  },
)

test.each([
  'u'.repeat(128),
  '<script>alert(1)</script>',
  "O'Brien; DROP TABLE borrows--",
  '李雷',
  '👩🏽‍🚀',
  ' padded ',
])('a user may be called %j, and comes back as written', async user => {
  const world = createWorld()
  expect((await borrow(world, user)).user).toBe(user)
  expect((await ok(world.send('GET', `/borrows?user=${encodeURIComponent(user)}`))).length).toBe(1)
})

test('two thousand borrows at once on a pool of ten grant exactly ten', async () => {
  const world = createWorld({ rateLimitPerSecond: 0 })
  await configure(world, { total: 10, commit: 8, max_overage: 2 })
  const asked = Array.from({ length: 2000 }, (_, index) =>
    world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: `user${index}` }),
  )
  const statuses = (await Promise.all(asked)).map(({ status }) => status)
  expect([200, 409].map(wanted => statuses.filter(status => status === wanted).length)).toEqual([10, 1990])
  expect(await statusOf(world)).toMatchObject({ borrowed: 10, overage: 2, current_overage_cost: 200 })
})
