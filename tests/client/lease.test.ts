import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { LeaseLost, Unreachable } from '../../src/client/index.ts'
import { configure, ok, statusOf } from '../support/wire.ts'
import { createWorld } from '../support/world.ts'
import { answered, answerLost, requestLost, virtualClient } from './virtual.ts'

const wish = { tool: 'cad_tool', user: 'alice' }
const renewals = (asked: string[]) => asked.filter(request => request === 'POST /licenses/renew').length

async function leased(seconds: number) {
  const world = createWorld()
  await configure(world, { lease_ttl_seconds: seconds })
  return { world, ...virtualClient(world) }
}

test('a seat is renewed when about a third of its lease is left, and so is held for as long as it is wanted', async () => {
  const { world, client, network, time } = await leased(300)
  const seat = await client.borrow(wish)
  await time.pass(180_000)
  expect(renewals(network.asked)).toBe(0)
  await time.pass(20_000)
  expect(renewals(network.asked)).toBe(1)
  expect(seat.expiresAt?.getTime()).toBeGreaterThan(world.clock.now() + 280_000)
  await time.pass(3600_000)
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
  expect(seat.signal.aborted).toBe(false)
  await seat.return()
  const asked = renewals(network.asked)
  await time.pass(3600_000)
  expect(renewals(network.asked)).toBe(asked)
})

test('a lease of more days than a timer can count is renewed in time', async () => {
  const { world, client, network, time } = await leased(60 * 86_400)
  await client.borrow(wish)
  await time.pass(36 * 86_400_000)
  expect(renewals(network.asked)).toBe(0)
  await time.pass(5 * 86_400_000)
  expect(renewals(network.asked)).toBe(1)
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
})

test('a seat without a lease is never renewed by itself', async () => {
  const { client, network, time } = await leased(0)
  const seat = await client.borrow(wish)
  expect(seat.expiresAt).toBeNull()
  await time.pass(86_400_000)
  expect(renewals(network.asked)).toBe(0)
})

test('a seat that shall not renew itself does not', async () => {
  const { world, client, time } = await leased(300)
  const seat = await client.borrow({ ...wish, renew: false })
  await time.pass(301_000)
  await ok(world.send('GET', '/readyz'))
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
  await expect(seat.renew()).rejects.toMatchObject({ name: 'LeaseLost', reason: 'expired' })
  expect(await seat.return()).toBe('already_returned')
})

test('renew starts the lease anew', async () => {
  const { world, client } = await leased(300)
  const seat = await client.borrow(wish)
  world.clock.advance(100_000)
  expect((await seat.renew())?.getTime()).toBe(world.clock.now() + 300_000)
  expect(await client.renew(seat.id)).toMatchObject({ status: 'ok', tool: 'cad_tool' })
})

test.each([-3600_000, 3600_000])('a clock that is %i ms off renews at the same moments', async offMs => {
  const { world, network, time } = await leased(300)
  const { client } = virtualClient(world, {
    fetch: network.fetch,
    now: () => world.clock.now() + offMs,
    sleep: time.sleep,
  })
  const seat = await client.borrow(wish)
  await time.pass(180_000)
  expect(renewals(network.asked)).toBe(0)
  await time.pass(20_000)
  expect(renewals(network.asked)).toBe(1)
  await time.pass(3600_000)
  expect(seat.signal.aborted).toBe(false)
})

test.each(['return', 'revoke'] as const)('a seat that somebody else ends (%s) is told as lost', async way => {
  const { world, client, time } = await leased(300)
  const seat = await client.borrow(wish)
  let told: unknown
  seat.signal.addEventListener('abort', () => {
    told = seat.signal.reason
  })
  await world.present('POST', `/licenses/${way}`, { id: seat.id })
  await time.pass(200_000)
  expect(told).toBeInstanceOf(LeaseLost)
  expect(told).toMatchObject({ reason: `${way}ed`.replace('ee', 'e'), borrowId: seat.id, tool: 'cad_tool' })
  await expect(seat.renew()).rejects.toBe(told)
  expect(await seat.return()).toBe('already_returned')
})

test('a borrow that the server has never heard of is lost, and needs no return', async () => {
  const { client, network, time } = await leased(300)
  const seat = await client.borrow(wish)
  network.faults.push(
    answered(404, {}, JSON.stringify({ reason: 'unknown_borrow', detail: 'Borrow record not found' })),
  )
  await time.pass(200_000)
  expect(seat.signal.reason).toMatchObject({ reason: 'unknown_borrow' })
  const asked = network.asked.length
  expect(await seat.return()).toBe('already_returned')
  expect(network.asked.length).toBe(asked)
})

test('an outage that is shorter than the rest of the lease loses nothing', async () => {
  const { world, client, network, time } = await leased(300)
  const seat = await client.borrow(wish)
  network.faults.push(answerLost, ...Array.from({ length: 8 }, () => requestLost))
  await time.pass(280_000)
  expect(seat.signal.aborted).toBe(false)
  expect(network.faults).toEqual([])
  await time.pass(3600_000)
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
})

test('an outage that is longer is told when the lease is over, with its cause', async () => {
  const { world, client, network, time } = await leased(300)
  const seat = await client.borrow(wish)
  network.faults.push(...Array.from({ length: 500 }, () => requestLost))
  await time.pass(290_000)
  expect(seat.signal.aborted).toBe(false)
  await time.pass(20_000)
  expect(seat.signal.reason).toMatchObject({ name: 'LeaseLost', reason: 'expired' })
  expect(seat.signal.reason.cause).toBeInstanceOf(Unreachable)
  await ok(world.send('GET', '/readyz'))
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
  network.faults.length = 0
  expect(await seat.return()).toBe('already_returned')
})

test('a machine that slept past the end of its lease is told', async () => {
  const { world, client, time } = await leased(300)
  const seat = await client.borrow(wish)
  world.clock.advance(3600_000)
  await time.pass(1000)
  expect(seat.signal.reason).toMatchObject({ reason: 'expired' })
})

test('a return while a renewal is under way is no loss', async () => {
  const { world, client, network, time } = await leased(300)
  const seat = await client.borrow(wish)
  let renewing: () => void = () => {}
  network.faults.push(async send => {
    await new Promise<void>(resolve => {
      renewing = resolve
    })
    return send()
  })
  await time.pass(200_000)
  expect(await seat.return()).toBe('ok')
  renewing()
  await time.pass(1000)
  expect(seat.signal.aborted).toBe(false)
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('a seat that was returned is not renewed any more', async () => {
  const { client } = await leased(300)
  const seat = await client.borrow(wish)
  await seat.return()
  await wait(0)
  await expect(seat.renew()).rejects.toMatchObject({ name: 'LeaseLost', reason: 'returned' })
  expect(seat.signal.aborted).toBe(false)
})
