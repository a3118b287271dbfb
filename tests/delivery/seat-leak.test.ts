import { expect, test, vi } from 'vitest'
import type { LeakedSeat } from '../../src/delivery/schema.ts'
import { createSeatLeak, type QuietSeats } from '../../src/delivery/seat-leak.ts'
import { parseExposition } from '../support/exposition.ts'
import { type Answer, borrow, ok, statusOf } from '../support/wire.ts'
import type { World } from '../support/world.ts'
import { linesOf, pass, restarted, rollBack, ship, staged } from './staged.ts'

const leak = (seats_max = 10) => ({ seat_leak: { share: 1, seats_max } })
const giveBack = (world: World, { id }: Answer) => ok(world.send('POST', '/licenses/return', { id }))
const borrowAndReturn = async (world: World, user = 'alice') => giveBack(world, await borrow(world, user))
const borrowedOf = async (world: World) => (await statusOf(world)).borrowed
const healed = (world: World) => expect.poll(() => borrowedOf(world), { timeout: 10_000 }).toBe(0)

test('a seat that came back is held again by nobody, without a borrow in the log or the counts', async () => {
  const world = await staged()
  await ok(world.present('PUT', '/faults', leak()))
  await borrowAndReturn(world)
  await borrowAndReturn(world, 'bob')
  expect(await borrowedOf(world)).toBe(2)
  const held: Answer[] = await ok(world.send('GET', '/borrows?user=leaked-seat'))
  expect(held).toHaveLength(2)
  expect(linesOf(world, 'seat_leaked')).toMatchObject([
    { level: 'warn', tool: 'cad_tool', borrow_id: expect.any(String), held: 1 },
    { held: 2 },
  ])
  expect(linesOf(world, 'borrow_license').map(({ user }) => user)).toEqual(['alice', 'bob'])
  const { value } = parseExposition(await (await world.send('GET', '/metrics')).text())
  expect(value('license_borrow_attempts_total', { tool: 'cad_tool' })).toBe(2)
  expect(value('fault_hits_total', { fault: 'seat_leak' })).toBe(2)
})

test('no more seats leak than were allowed', async () => {
  const world = await staged()
  await ok(world.present('PUT', '/faults', leak(2)))
  for (let n = 0; n < 4; n++) await borrowAndReturn(world)
  expect(await borrowedOf(world)).toBe(2)
})

test('all come back when the fault ends: stopped, replaced, run out, rolled back', async () => {
  const world = await staged()
  const endings = [
    () => ok(world.present('DELETE', '/faults')),
    () => ok(world.present('PUT', '/faults', { browser_script: { share: 1 } })),
    () => pass(world, 120),
  ]
  for (const end of endings) {
    await ok(world.present('PUT', '/faults', leak()))
    await borrowAndReturn(world)
    expect(await borrowedOf(world)).toBe(1)
    await end()
    await healed(world)
  }
  await ship(world, { faults: leak() })
  await borrowAndReturn(world)
  await rollBack(world)
  await healed(world)
  await borrowAndReturn(world)
  expect(await borrowedOf(world)).toBe(0)
})

test.each([false, true])('they come back at the next start (killed: %s)', async killed => {
  const world = await staged()
  await ok(world.present('PUT', '/faults', leak()))
  await borrowAndReturn(world)
  await borrowAndReturn(world)
  expect(await borrowedOf(world)).toBe(2)
  const next = await restarted(world, { killed })
  await healed(next)
  expect(await ok(next.send('GET', '/borrows?user=leaked-seat'))).toEqual([])
})

test('a borrow of somebody who is called so is left alone', async () => {
  const world = await staged()
  await borrow(world, 'leaked-seat')
  await ok(world.present('PUT', '/faults', leak()))
  await borrowAndReturn(world)
  await ok(world.present('DELETE', '/faults'))
  await expect.poll(() => borrowedOf(world), { timeout: 10_000 }).toBe(1)
})

/** Seats in memory, and what is remembered of them: both outlive a "process". */
function kept() {
  const rows = new Map<string, LeakedSeat>()
  const held = new Map<string, string>()
  const store = {
    leaks: () => [...rows.values()],
    addLeak: ({ key, tool }: { key: string; tool: string }) =>
      void rows.set(key, { key, tool, borrow: null }),
    leakTaken(key: string, borrow: string) {
      const row = rows.get(key)
      if (row) row.borrow = borrow
    },
    forgetLeak: (key: string) => void rows.delete(key),
  }
  const seats: QuietSeats = {
    take: vi.fn(async (tool, _user, key) => {
      const id = `${tool} ${key}`
      held.set(id, tool)
      return id
    }),
    giveBack: vi.fn(async id => void held.delete(id)),
  }
  const events = { seatLeaked: vi.fn(), storageFailed: vi.fn(), faultHit: vi.fn() }
  return {
    rows,
    held,
    store,
    seats,
    events,
    leaking: () => createSeatLeak({ store, seats: () => seats, events }),
  }
}

test('killed between the intent and the seat, or between the seat and its name: nothing stays held', async () => {
  const world = kept()
  world.store.addLeak({ key: 'never taken', tool: 'cad_tool' })
  world.store.addLeak({ key: 'taken', tool: 'cad_tool' })
  await world.seats.take('cad_tool', 'x', 'taken')
  await world.leaking().heal()
  expect([world.rows.size, world.held.size]).toEqual([0, 0])
})

test('what cannot be given back is tried again, and told once a time', async () => {
  const world = kept()
  const leaking = world.leaking()
  await leaking.leak('cad_tool', 5)
  vi.mocked(world.seats.giveBack).mockRejectedValueOnce(new Error('locked'))
  await leaking.heal()
  expect([world.rows.size, world.held.size]).toEqual([1, 1])
  expect(world.events.storageFailed).toHaveBeenCalledTimes(1)
  await leaking.heal()
  expect([world.rows.size, world.held.size]).toEqual([0, 0])
})

test('where no seat is free none is remembered', async () => {
  const world = kept()
  vi.mocked(world.seats.take).mockResolvedValue(null)
  await world.leaking().leak('cad_tool', 5)
  expect(world.rows.size).toBe(0)
  expect(world.events.seatLeaked).not.toHaveBeenCalled()
})
