import { expect, test } from 'vitest'
import { type Answer, borrow, expectProblem, ok, visitor } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const listed = (world: World, query = '', headers?: Record<string, string>): Promise<Answer[]> =>
  ok(world.send('GET', `/borrows${query}`, undefined, headers))

test('open borrows come newest first, with tool, user and time, and without ids', async () => {
  const world = createWorld()
  for (const [user, tool] of [
    ['alice', 'cad_tool'],
    ['bob', 'analysis'],
    ['carol', 'cad_tool'],
  ] as const) {
    await borrow(world, user, tool)
    world.clock.advance(1000)
  }
  const mine = { expires_at: expect.any(String), is_overage: false, mine: false }
  expect(await listed(world)).toEqual([
    { tool: 'cad_tool', user: 'carol', borrowed_at: '2026-03-02T10:00:02.000Z', ...mine },
    { tool: 'analysis', user: 'bob', borrowed_at: '2026-03-02T10:00:01.000Z', ...mine },
    { tool: 'cad_tool', user: 'alice', borrowed_at: '2026-03-02T10:00:00.000Z', ...mine },
  ])
})

test('borrows of the same millisecond come newest first too', async () => {
  const world = createWorld()
  for (const user of ['a', 'b', 'c', 'd']) await borrow(world, user)
  expect((await listed(world)).map(({ user }) => user)).toEqual(['d', 'c', 'b', 'a'])
})

test('a returned borrow is not listed', async () => {
  const world = createWorld()
  const { id } = await borrow(world)
  await ok(world.send('POST', '/licenses/return', { id }))
  expect(await listed(world)).toEqual([])
})

test('?user= lists the borrows of exactly that user', async () => {
  const world = createWorld()
  for (const user of ['alice', 'Alice', 'alic', '%', 'a&b=c']) await borrow(world, user)
  const found = async (user: string) =>
    (await listed(world, `?user=${encodeURIComponent(user)}`)).map(row => row.user)
  expect(await found('alice')).toEqual(['alice'])
  expect(await found('%')).toEqual(['%'])
  expect(await found('a&b=c')).toEqual(['a&b=c'])
  expect(await found('nobody')).toEqual([])
})

test('a borrow shows its id to the session that made it and to the presenter, to nobody else', async () => {
  const world = createWorld()
  const [alice, bob] = [await visitor(world), await visitor(world)]
  expect(alice.cookie).not.toBe(bob.cookie)
  const { id } = await borrow(world, 'alice', 'cad_tool', alice)
  await borrow(world, 'alice', 'cad_tool', bob)
  const seenBy = async (headers: Record<string, string>) =>
    (await listed(world, '', headers)).map(({ id, mine }) => [id !== undefined, mine])
  expect(await listed(world, '?user=alice', alice)).toMatchObject([{ mine: false }, { mine: true, id }])
  expect(await seenBy(alice)).toEqual([
    [false, false],
    [true, true],
  ])
  expect(await seenBy(bob)).toEqual([
    [true, true],
    [false, false],
  ])
  expect(await seenBy({})).toEqual([
    [false, false],
    [false, false],
  ])
  expect(await seenBy({ cookie: 'twinloop_session=' })).toEqual([
    [false, false],
    [false, false],
  ])
  expect(
    (await ok(world.present('GET', '/borrows'))).map((row: Answer) => [row.id !== undefined, row.mine]),
  ).toEqual([
    [true, false],
    [true, false],
  ])
})

test('what outsiders can read holds no id that ends another’s borrow', async () => {
  const world = createWorld()
  const owner = await visitor(world)
  const ids: string[] = []
  for (let seat = 0; seat < 5; seat++) ids.push((await borrow(world, 'alice', 'cad_tool', owner)).id)
  const paths = [
    '/borrows',
    '/licenses/status',
    '/denials',
    '/stream/snapshot?topics=pools,activity',
    '/overage-charges',
    '/metrics',
  ]
  const leaking = []
  for (const path of paths) {
    const text = await (await world.send('GET', path)).text()
    if (ids.some(id => text.includes(id))) leaking.push(path)
  }
  expect(leaking).toEqual([])
})

test('pages of the list: limit, offset and the number of all in X-Total-Count', async () => {
  const world = createWorld()
  for (const user of ['a', 'b', 'c', 'd']) await borrow(world, user)
  const response = await world.send('GET', '/borrows?limit=2&offset=1')
  expect(response.headers.get('x-total-count')).toBe('4')
  expect(((await response.json()) as Answer[]).map(({ user }) => user)).toEqual(['c', 'b'])
  expect(await listed(world, '?offset=4')).toEqual([])
})

test.each([
  'limit=0',
  'limit=1001',
  'limit=-1',
  'limit=1.5',
  'limit=x',
  'limit=',
  'offset=-1',
  'offset=NaN',
  `user=${'u'.repeat(129)}`,
])('/borrows?%s: 422', async query => {
  await expectProblem(await createWorld().send('GET', `/borrows?${query}`), 'invalid_request')
})
