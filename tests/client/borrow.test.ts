import { expect, test } from 'vitest'
import { createClient, Denied, RequestFailed, TwinloopError, Unreachable } from '../../src/client/index.ts'
import { configure, exhaust, ok, statusOf } from '../support/wire.ts'
import { createWorld, TOKEN } from '../support/world.ts'
import { answered, answerLost, requestLost, SERVER, silence, virtualClient } from './virtual.ts'

const wish = { tool: 'cad_tool', user: 'alice' }

test('a seat knows what the server said, and is gone when it is returned', async () => {
  const world = createWorld()
  const { client } = virtualClient(world)
  const seat = await client.borrow(wish)
  expect(seat).toMatchObject({ ...wish, isOverage: false, overageCharge: 0 })
  expect(seat.borrowedAt.getTime()).toBe(world.clock.now())
  expect(seat.expiresAt?.getTime()).toBe(world.clock.now() + 7_200_000)
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
  expect(await seat.return()).toBe('ok')
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('an overage seat says what it cost', async () => {
  const world = createWorld()
  const { client } = virtualClient(world)
  for (let seat = 0; seat < 4; seat++) await client.borrow(wish)
  expect(await client.borrow(wish)).toMatchObject({ isOverage: true, overageCharge: 100 })
})

test('returning twice asks once', async () => {
  const { client, network } = virtualClient(createWorld())
  const seat = await client.borrow(wish)
  expect(await Promise.all([seat.return(), seat.return()])).toEqual(['ok', 'ok'])
  expect(await seat.return()).toBe('ok')
  expect(network.asked).toEqual(['POST /licenses/borrow', 'POST /licenses/return'])
})

test('a return that failed can be tried again', async () => {
  const world = createWorld()
  const { client, network } = virtualClient(world, { retry: { attempts: 1 } })
  const seat = await client.borrow(wish)
  network.faults.push(requestLost)
  await expect(seat.return()).rejects.toThrow(Unreachable)
  expect(await seat.return()).toBe('ok')
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('`await using` gives the seat back, also when its scope throws', async () => {
  const world = createWorld()
  const { client } = virtualClient(world)
  const scope = async (fails: boolean) => {
    await using seat = await client.borrow(wish)
    expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
    if (fails) throw new Error(`of ${seat.user}`)
  }
  await scope(false)
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
  await expect(scope(true)).rejects.toThrow('of alice')
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('withSeat gives the seat back, and what the work returns or throws comes out', async () => {
  const world = createWorld()
  const { client, network } = virtualClient(world, { retry: { attempts: 1 } })
  expect(await client.withSeat(wish, seat => seat.tool)).toBe('cad_tool')
  const fails = client.withSeat(wish, () => {
    network.faults.push(requestLost)
    throw new Error('of the work')
  })
  await expect(fails).rejects.toThrow('of the work')
  await client.withSeat(wish, () => {})
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
  const unreturned = client.withSeat(wish, () => void network.faults.push(requestLost))
  await expect(unreturned).rejects.toThrow(Unreachable)
})

test.each([
  { name: 'its answer was lost', faults: [answerLost] },
  {
    name: 'all but the last answer were lost',
    faults: [answerLost, answerLost, requestLost, answerLost, answerLost],
  },
  { name: 'a proxy had no server', faults: [answered(502), answered(503), answered(504)] },
])('a borrow is asked again when $name, and takes one seat', async ({ faults }) => {
  const world = createWorld()
  const { client, network } = virtualClient(world)
  network.faults.push(...faults)
  const seat = await client.borrow(wish)
  expect(network.asked.length).toBe(faults.length + 1)
  expect(new Set(network.headers.map(headers => headers['Idempotency-Key'])).size).toBe(1)
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
  await seat.return()
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('each borrow has a key of its own', async () => {
  const { client, network } = virtualClient(createWorld())
  const [one, two] = [await client.borrow(wish), await client.borrow(wish)]
  expect(one.id).not.toBe(two.id)
  expect(new Set(network.headers.map(headers => headers['Idempotency-Key'])).size).toBe(2)
})

test('a seat whose answer never came is got by the key of the error', async () => {
  const world = createWorld()
  const { client, network } = virtualClient(world, { retry: { attempts: 2 } })
  network.faults.push(answerLost, answerLost)
  const error = await client.borrow(wish).catch(error => error)
  expect(error).toBeInstanceOf(Unreachable)
  expect(error).toMatchObject({ attempts: 2, message: `No answer from ${SERVER} (asked 2 times).` })
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
  const seat = await client.borrow({ ...wish, key: error.key })
  expect(await statusOf(world)).toMatchObject({ borrowed: 1 })
  await seat.return()
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('an attempt that takes too long is given up, whether the network listens or not', async () => {
  const world = createWorld()
  const { client, network } = virtualClient(world, { timeoutMs: 20 })
  network.faults.push(silence, () => new Promise(() => {}))
  await client.borrow(wish)
  expect(network.asked.length).toBe(3)
})

test('Retry-After is waited for', async () => {
  const { client, network, time } = virtualClient(createWorld())
  network.faults.push(answered(429, { 'Retry-After': '7' }))
  await client.borrow(wish)
  expect(time.waits).toEqual([7000])
})

test('waits grow, half of each is chance, and all attempts together stay within their time', async () => {
  const { client, network, time } = virtualClient(createWorld(), {
    retry: { attempts: 100, totalMs: 20_000 },
  })
  network.faults.push(...Array.from({ length: 100 }, () => answered(503)))
  await expect(client.borrow(wish)).rejects.toThrow(RequestFailed)
  expect(time.waits).toEqual([150, 300, 600, 1200, 2400, 3750, 3750, 3750, 3750])
})

test('a wait that would take too long is not begun', async () => {
  const { client, network, time } = virtualClient(createWorld())
  network.faults.push(answered(503, { 'Retry-After': '60' }))
  await expect(client.borrow(wish)).rejects.toMatchObject({ status: 503, code: 'http_503' })
  expect(time.waits).toEqual([])
})

test('an answer that stands is not asked for again, and tells its request', async () => {
  const { client, network } = virtualClient(createWorld())
  for (const status of [400, 401, 403, 404, 409, 413, 422, 500]) {
    network.faults.push(answered(status, { 'X-Request-Id': 'r1' }))
    const failed = { name: 'RequestFailed', status, code: `http_${status}`, requestId: 'r1' }
    await expect(client.borrow(wish)).rejects.toMatchObject(failed)
  }
  expect(network.asked.length).toBe(8)
})

test('what is no JSON comes from no Twinloop server', async () => {
  const { client, network } = virtualClient(createWorld())
  network.faults.push(answered(200, {}, '<p>Welcome to the hotel</p>'))
  await expect(client.status()).rejects.toMatchObject({ code: 'not_json' })
})

test.each([
  ['exhausted', { commit: 5 }, 5],
  ['max_overage', { max_overage: 0 }, 4],
  ['spend_cap', { spend_cap: 50 }, 4],
] as const)('a denial says why: %s', async (reason, settings, seats) => {
  const world = createWorld()
  await configure(world, settings)
  const { client, network } = virtualClient(world)
  for (let seat = 0; seat < seats; seat++) await client.borrow(wish)
  const error = await client.borrow(wish).catch(error => error)
  expect(error).toBeInstanceOf(Denied)
  expect(error).toBeInstanceOf(TwinloopError)
  expect(error).toMatchObject({ reason, tool: 'cad_tool', requestId: expect.stringMatching(/./) })
  expect(network.asked.length).toBe(seats + 1)
})

test('a tool that is not there is a denial; a wish that is no wish is not', async () => {
  const { client } = virtualClient(createWorld())
  await expect(client.borrow({ tool: 'nothing', user: 'a' })).rejects.toMatchObject({
    name: 'Denied',
    reason: 'unknown_tool',
  })
  await expect(client.borrow({ tool: 'cad_tool', user: '' })).rejects.toMatchObject({
    name: 'RequestFailed',
    status: 422,
    code: 'invalid_request',
    problem: { errors: expect.arrayContaining([expect.objectContaining({ path: 'user' })]) },
  })
})

test('whoever waits gets the seat that comes back, and is denied once only', async () => {
  const world = createWorld()
  const [held] = await exhaust(world, 'analysis')
  const { client, network, time } = virtualClient(world)
  network.faults.push(
    send => send(),
    send => send(),
    async send => {
      await ok(world.send('POST', '/licenses/return', { id: held.id }))
      return send()
    },
  )
  const seat = await client.borrow({ tool: 'analysis', user: 'late', waitMs: 60_000 })
  expect(seat.user).toBe('late')
  expect(time.waits).toEqual([750, 1500])
  expect((await ok(world.send('GET', '/denials'))).denials.length).toBe(1)
})

test('whoever waits in vain is denied when the time is over', async () => {
  const world = createWorld()
  await exhaust(world, 'analysis')
  const { client, time } = virtualClient(world)
  const late = client.borrow({ tool: 'analysis', user: 'late', waitMs: 10_000 })
  await expect(late).rejects.toThrow(Denied)
  expect(time.waits.reduce((sum, ms) => sum + ms, 0)).toBe(10_000)
})

test('nobody waits for a spent budget', async () => {
  const world = createWorld()
  await configure(world, { spend_cap: 50 })
  const { client, time } = virtualClient(world)
  for (let seat = 0; seat < 4; seat++) await client.borrow(wish)
  await expect(client.borrow({ ...wish, waitMs: 60_000 })).rejects.toMatchObject({ reason: 'spend_cap' })
  expect(time.waits).toEqual([])
})

test('who gives up while the server decides holds no seat', async () => {
  const world = createWorld()
  const { client, network } = virtualClient(world)
  const giveUp = new AbortController()
  network.faults.push(async send => {
    giveUp.abort(new Error('enough'))
    return send()
  })
  await expect(client.borrow({ ...wish, signal: giveUp.signal })).rejects.toThrow('enough')
  await expect.poll(async () => network.asked.at(-1)).toBe('POST /licenses/return')
  await expect.poll(() => statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('pools and borrows are asked for as the API names them', async () => {
  const world = createWorld()
  const { client, network } = virtualClient(world)
  await client.borrow(wish)
  await client.borrow({ tool: 'analysis', user: 'bob' })
  expect((await client.status()).map(({ tool }) => tool)).toEqual(['analysis', 'cad_tool', 'simulation'])
  expect(await client.status('cad_tool')).toMatchObject({ borrowed: 1, available: 4 })
  await expect(client.status('a/b c')).rejects.toMatchObject({ code: 'unknown_tool' })
  expect(network.asked.at(-1)).toBe('GET /licenses/a%2Fb%20c/status')
  expect(await client.borrows({ user: 'bob', limit: 5 })).toMatchObject([{ tool: 'analysis', mine: false }])
  expect((await client.borrows()).every(borrow => borrow.id === undefined)).toBe(true)
})

test('the presenter knows every id, and takes seats back', async () => {
  const world = createWorld()
  const { client: visitor } = virtualClient(world)
  const { client: presenter } = virtualClient(world, { token: TOKEN })
  const seat = await visitor.borrow(wish)
  expect(await presenter.borrows()).toMatchObject([{ id: seat.id }])
  await expect(visitor.revoke(seat.id)).rejects.toMatchObject({ status: 401, code: 'unauthorized' })
  expect(await presenter.revoke(seat.id)).toEqual({ status: 'ok', tool: 'cad_tool' })
})

test('an address that is none is told at once', () => {
  expect(() => createClient({ url: 'localhost:8000' })).toThrow('localhost:8000 is no http address')
})
