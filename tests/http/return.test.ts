import { expect, test } from 'vitest'
import { borrow, expectProblem, ok, statusOf } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

test('a return gives the seat back once: later ones say already_returned and change nothing', async () => {
  const world = createWorld()
  const [first] = [await borrow(world), await borrow(world)]
  const giveBack = () => ok(world.send('POST', '/licenses/return', { id: first.id }))
  expect(await giveBack()).toEqual({ status: 'ok', tool: 'cad_tool' })
  expect(await giveBack()).toEqual({ status: 'already_returned', tool: 'cad_tool' })
  expect(await giveBack()).toEqual({ status: 'already_returned', tool: 'cad_tool' })
  expect(await statusOf(world)).toMatchObject({ borrowed: 1, available: 4 })
})

test('eight returns of one borrow at once: one is ok, the seat comes back once', async () => {
  const world = createWorld()
  const [first] = [await borrow(world), await borrow(world)]
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => ok(world.send('POST', '/licenses/return', { id: first.id }))),
  )
  const count = (status: string) => answers.filter(answer => answer.status === status).length
  expect([count('ok'), count('already_returned')]).toEqual([1, 7])
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
})

const operations = [
  { path: '/licenses/return', send: 'send' },
  { path: '/licenses/renew', send: 'send' },
  { path: '/licenses/revoke', send: 'present' },
] as const

test.each(operations)('$path of an unknown id: 404 "Borrow record not found"', async ({ path, send }) => {
  const world = createWorld()
  for (const id of ['00000000-0000-7000-8000-000000000000', 'x', '__proto__', "' OR 1=1 --", '*', '%']) {
    const body = await expectProblem(await world[send]('POST', path, { id }), 'unknown_borrow')
    expect(body.detail).toBe('Borrow record not found')
  }
})

test.each(operations)('$path with a bad body: 422', async ({ path, send }) => {
  const world = createWorld()
  const bodies = [
    {},
    { id: '' },
    { id: null },
    { id: 7 },
    { id: ['x'] },
    { id: 'x'.repeat(129) },
    [],
    null,
    'x',
    3,
  ]
  for (const body of bodies)
    await expectProblem(await world[send]('POST', path, JSON.stringify(body)), 'invalid_request')
})

test('an id counts as it was given: neither in capitals nor with spaces', async () => {
  const world = createWorld()
  const { id } = await borrow(world)
  for (const other of [id.toUpperCase(), ` ${id}`, `${id} `, id.slice(0, -1)])
    await expectProblem(await world.send('POST', '/licenses/return', { id: other }), 'unknown_borrow')
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
})

test('the presenter revokes a borrow: the seat is free, its holder hears that it ended', async () => {
  const world = createWorld()
  const { id } = await borrow(world)
  await expectProblem(await world.send('POST', '/licenses/revoke', { id }), 'unauthorized')
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
  expect(await ok(world.present('POST', '/licenses/revoke', { id }))).toEqual({
    status: 'ok',
    tool: 'cad_tool',
  })
  expect(await ok(world.present('POST', '/licenses/revoke', { id }))).toMatchObject({
    status: 'already_returned',
  })
  expect(await ok(world.send('POST', '/licenses/return', { id }))).toMatchObject({
    status: 'already_returned',
  })
  const renewal = await expectProblem(await world.send('POST', '/licenses/renew', { id }), 'borrow_ended')
  expect(renewal).toMatchObject({ tool: 'cad_tool', end_reason: 'revoked' })
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})
