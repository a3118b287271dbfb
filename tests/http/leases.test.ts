import { expect, test } from 'vitest'
import { borrow, configure, exhaust, expectProblem, listening, ok, statusOf } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'

const HOURS = 3600_000

test('a lease is over at its expires_at, not a millisecond before', async () => {
  const world = createWorld()
  const { id, expires_at } = await borrow(world)
  expect(expires_at).toBe('2026-03-02T12:00:00.000Z')
  world.clock.advance(2 * HOURS - 1)
  await ok(world.send('GET', '/readyz'))
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
  world.clock.advance(1)
  await ok(world.send('GET', '/readyz'))
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
  expect(await ok(world.send('POST', '/licenses/return', { id }))).toMatchObject({
    status: 'already_returned',
  })
})

test('expired leases are reaped before anybody is denied', async () => {
  const world = createWorld()
  await exhaust(world, 'analysis')
  world.clock.advance(2 * HOURS)
  await borrow(world, 'next', 'analysis')
  expect(await statusOf(world, 'analysis')).toMatchObject({ borrowed: 1, overage: 0 })
})

test('an expiry is logged with tool, user, borrow and how long it was held', async () => {
  const world = createWorld()
  const { id } = await borrow(world)
  world.clock.advance(3 * HOURS)
  await ok(world.send('GET', '/readyz'))
  expect(world.lines().filter(({ event }) => event === 'license_expired')).toMatchObject([
    { level: 'info', tool: 'cad_tool', user: 'alice', borrow_id: id, held_seconds: 3 * 3600 },
  ])
  const metrics = await (await world.send('GET', '/metrics')).text()
  expect(metrics).toContain('license_expiries_total{tool="cad_tool"} 1\n')
})

test('the sweeper gives seats back although nobody asks', async () => {
  const world = createWorld()
  await borrow(world)
  world.clock.advance(2 * HOURS)
  await listening(world)
  await expect.poll(async () => (await statusOf(world)).borrowed, { timeout: 3000 }).toBe(0)
})

test('a renewal starts the lease anew, from now', async () => {
  const world = createWorld()
  const { id } = await borrow(world)
  world.clock.advance(HOURS)
  const renewed = { status: 'ok', tool: 'cad_tool', expires_at: '2026-03-02T13:00:00.000Z' }
  expect(await ok(world.send('POST', '/licenses/renew', { id }))).toEqual(renewed)
  expect((await ok(world.send('GET', '/borrows')))[0]).toMatchObject({
    borrowed_at: '2026-03-02T10:00:00.000Z',
    expires_at: '2026-03-02T13:00:00.000Z',
  })
  world.clock.advance(2 * HOURS - 1)
  expect(await ok(world.send('POST', '/licenses/renew', { id }))).toMatchObject({ status: 'ok' })
})

test('renewing is not borrowing: no seat, no charge', async () => {
  const world = createWorld()
  const held = await exhaust(world, 'cad_tool')
  for (const { id } of held) await ok(world.send('POST', '/licenses/renew', { id }))
  expect(await statusOf(world)).toMatchObject({ borrowed: 5, current_overage_cost: 100 })
})

test('a lease that has run out cannot be renewed: 409 borrow_ended', async () => {
  const world = createWorld()
  const { id } = await borrow(world)
  world.clock.advance(2 * HOURS)
  const body = await expectProblem(await world.send('POST', '/licenses/renew', { id }), 'borrow_ended')
  expect(body).toMatchObject({ tool: 'cad_tool', end_reason: 'expired' })
})

test('a returned borrow cannot be renewed: 409 borrow_ended', async () => {
  const world = createWorld()
  const { id } = await borrow(world)
  await ok(world.send('POST', '/licenses/return', { id }))
  const body = await expectProblem(await world.send('POST', '/licenses/renew', { id }), 'borrow_ended')
  expect(body).toMatchObject({ end_reason: 'returned' })
})

test('a lease time of 0 means no end, and a renewal then takes the end away', async () => {
  const world = createWorld()
  const { id } = await borrow(world)
  await configure(world, { lease_ttl_seconds: 0 })
  expect(await borrow(world)).toMatchObject({ expires_at: null })
  expect(await ok(world.send('POST', '/licenses/renew', { id }))).toEqual({
    status: 'ok',
    tool: 'cad_tool',
    expires_at: null,
  })
  world.clock.advance(365 * 24 * HOURS)
  await ok(world.send('GET', '/readyz'))
  expect(await statusOf(world)).toMatchObject({ borrowed: 2 })
})

test('a new lease time holds for new leases only', async () => {
  const world = createWorld()
  await borrow(world, 'before')
  await configure(world, { lease_ttl_seconds: 60 })
  await borrow(world, 'after')
  world.clock.advance(60_000)
  await ok(world.send('GET', '/readyz'))
  expect((await ok(world.send('GET', '/borrows'))).map(({ user }: { user: string }) => user)).toEqual([
    'before',
  ])
})

test('leases run on while the server is down', async () => {
  const world = createWorld()
  await borrow(world)
  await world.app.stop()
  const restarted = createWorld({ dbPath: world.dbPath })
  restarted.clock.advance(2 * HOURS)
  await ok(restarted.send('GET', '/readyz'))
  expect(await statusOf(restarted)).toMatchObject({ borrowed: 0 })
})

test('an administrator who sets the clock back ends no lease early and makes none immortal', async () => {
  const world = createWorld()
  await borrow(world)
  world.clock.set(Date.parse('2026-03-01T00:00:00Z'))
  const { borrowed_at } = await borrow(world, 'bob')
  expect(Date.parse(borrowed_at)).toBeGreaterThanOrEqual(Date.parse('2026-03-02T10:00:00Z'))
  world.clock.advance(4 * HOURS)
  await ok(world.send('GET', '/readyz'))
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})
