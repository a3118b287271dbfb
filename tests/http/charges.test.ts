import { expect, test } from 'vitest'
import { type Answer, borrow, configure, exhaust, expectProblem, ok } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const charges = (world: World, query = ''): Promise<Answer> =>
  ok(world.send('GET', `/overage-charges${query}`))

test('an overage borrow has one charge: its tool, borrow, user, time and amount', async () => {
  const world = createWorld()
  await exhaust(world, 'cad_tool')
  expect(await charges(world)).toEqual({
    charges: [
      {
        id: expect.stringMatching(/^[\da-f-]{36}$/),
        tool: 'cad_tool',
        borrow_id: expect.stringMatching(/^[\da-f-]{36}$/),
        user: 'user4',
        charged_at: '2026-03-02T10:00:00.000Z',
        amount: 100,
      },
    ],
    next: null,
  })
})

test('borrows within the commit and refused borrows are not charged', async () => {
  const world = createWorld()
  for (let seat = 0; seat < 4; seat++) await borrow(world)
  await world.send('POST', '/licenses/borrow', { tool: 'nothing', user: 'alice' })
  expect((await charges(world)).charges).toEqual([])
})

test('each charge holds the price of its instant, also a price of zero', async () => {
  const world = createWorld()
  await configure(world, { tool: 'analysis', total: 4, max_overage: 3 })
  await borrow(world, 'alice', 'analysis')
  for (const overage_price_per_license of [100, 0, 33.33]) {
    await configure(world, { tool: 'analysis', overage_price_per_license })
    await borrow(world, 'bob', 'analysis')
  }
  expect((await charges(world)).charges.map(({ amount }: Answer) => amount)).toEqual([33.33, 0, 100])
})

test('returning, revoking and expiry leave the charge as it was', async () => {
  const world = createWorld()
  const held = await exhaust(world, 'cad_tool')
  const before = await charges(world)
  await ok(world.send('POST', '/licenses/return', { id: held[4].id }))
  await ok(world.present('POST', '/licenses/revoke', { id: held[0].id }))
  world.clock.advance(3 * 3600_000)
  await ok(world.send('GET', '/readyz'))
  expect(await charges(world)).toEqual(before)
})

test('?tool= lists the charges of one tool, of an unknown one none', async () => {
  const world = createWorld()
  for (const tool of ['cad_tool', 'analysis', 'simulation']) await exhaust(world, tool)
  const tools = async (query: string) => (await charges(world, query)).charges.map(({ tool }: Answer) => tool)
  expect(await tools('')).toEqual(['simulation', 'analysis', 'cad_tool'])
  expect(await tools('?tool=analysis')).toEqual(['analysis'])
  expect(await tools('?tool=nothing')).toEqual([])
})

const paged = [
  { path: '/overage-charges', list: 'charges', limitMax: 5000 },
  { path: '/denials', list: 'denials', limitMax: 1000 },
]

test.each(paged)('$path pages newest first: `next` leads through all, each once', async ({ path, list }) => {
  const world = createWorld()
  await configure(world, { total: 20, commit: 0, max_overage: 7 })
  for (let index = 0; index < 14; index++)
    await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: `user${index}` })
  const users = []
  let next: number | null = null
  let pages = 0
  do {
    const page: Answer = await ok(
      world.send('GET', `${path}?limit=3${next === null ? '' : `&before=${next}`}`),
    )
    expect(page[list].length).toBeLessThanOrEqual(3)
    users.push(...page[list].map(({ user }: Answer) => user))
    next = page.next
    pages++
  } while (next !== null)
  const wanted = path === '/denials' ? [13, 12, 11, 10, 9, 8, 7] : [6, 5, 4, 3, 2, 1, 0]
  expect(users).toEqual(wanted.map(index => `user${index}`))
  expect(pages).toBe(3)
})

test.each(paged)('a last page of $path that is full has no next', async ({ path, list }) => {
  const world = createWorld()
  await configure(world, { total: 20, commit: 0, max_overage: 3 })
  for (let index = 0; index < 6; index++)
    await world.send('POST', '/licenses/borrow', { tool: 'cad_tool', user: 'a' })
  const page = await ok(world.send('GET', `${path}?limit=3`))
  expect([page[list].length, page.next]).toEqual([3, null])
  expect((await ok(world.send('GET', `${path}?before=1`)))[list]).toEqual([])
})

test.each(paged)('$path refuses bounds that make no sense: 422', async ({ path, limitMax }) => {
  const world = createWorld()
  const queries = [
    'limit=0',
    `limit=${limitMax + 1}`,
    'limit=x',
    'limit=1.5',
    'before=0',
    'before=-1',
    'before=x',
    `tool=${'x'.repeat(129)}`,
  ]
  for (const query of queries)
    await expectProblem(await world.send('GET', `${path}?${query}`), 'invalid_request')
  await ok(world.send('GET', `${path}?limit=${limitMax}`))
})

test('a denial is kept with tool, user, reason and time, also of a tool that does not exist', async () => {
  const world = createWorld()
  await exhaust(world, 'analysis')
  await world.send('POST', '/licenses/borrow', { tool: 'analysis', user: 'dan' })
  world.clock.advance(1000)
  await world.send('POST', '/licenses/borrow', { tool: 'nothing', user: 'eve' })
  expect(await ok(world.send('GET', '/denials'))).toEqual({
    denials: [
      { tool: 'nothing', user: 'eve', reason: 'unknown_tool', denied_at: '2026-03-02T10:00:01.000Z' },
      { tool: 'analysis', user: 'dan', reason: 'exhausted', denied_at: '2026-03-02T10:00:00.000Z' },
    ],
    next: null,
  })
  expect((await ok(world.send('GET', '/denials?tool=analysis'))).denials.length).toBe(1)
})
