/** Bad days of a room full of phones, over real sockets. */

import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { sendTo } from '../../scripts/send-to.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { seededRandom } from '../../src/shared/random.ts'
import { runTraffic } from '../../src/simulator/traffic.ts'
import { type EventReader, readEvents } from '../support/event-reader.ts'
import { assertInvariants } from '../support/ledger-invariants.ts'
import { hangUp } from '../support/socket.ts'
import { waitFor } from '../support/wait-for.ts'
import {
  type Answer,
  borrow,
  expectProblem,
  json,
  listening,
  ok,
  statusOf,
  visitor,
} from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const PATIENCE_MS = 15_000
const poolsOf = (reader: EventReader) => reader.messages.filter(({ event }) => event === 'pools')
const heldIn = (data: Answer) => data.pools.find(({ tool }: Answer) => tool === 'cad_tool').borrowed as number
const openStreams = async (world: World) =>
  Number((await (await world.send('GET', '/metrics')).text()).match(/^live_streams_open (\S+)$/m)?.[1])
const session = (name: string) => ({ cookie: `twinloop_session=${name.padEnd(22, '-')}` })

test('the Wi-Fi drops three hundred phones: each returns to the newest state, once, and nobody is counted twice', async () => {
  const world = createWorld({}, { clock: systemClock })
  const { port } = await listening(world)
  const topics = 'pools&every=1000'
  const first = await Promise.all(Array.from({ length: 300 }, () => readEvents(port, { topics })))
  await Promise.all(first.map(reader => reader.until(({ event }) => event === 'pools', PATIENCE_MS)))
  const lastIds = first.map(reader => poolsOf(reader).at(-1)?.id as string)
  for (const reader of first) reader.close()
  await waitFor(async () => (await openStreams(world)) === 0, PATIENCE_MS)
  await borrow(world)
  const again = await Promise.all(lastIds.map(lastEventId => readEvents(port, { topics, lastEventId })))
  await Promise.all(again.map(reader => reader.until(({ event }) => event === 'pools', PATIENCE_MS)))
  expect(await openStreams(world)).toBe(300)
  await borrow(world, 'bob')
  await Promise.all(
    again.map(reader =>
      reader.until(({ event, data }) => event === 'pools' && heldIn(data) === 2, PATIENCE_MS),
    ),
  )
  const numberOf = (id: string | undefined) => Number(id?.split('-').at(-1))
  again.forEach((reader, index) => {
    const frames = poolsOf(reader)
    expect(frames.map(({ data }) => heldIn(data))).toEqual([1, 2])
    const seqs = [lastIds[index], ...frames.map(({ id }) => id)].map(numberOf)
    expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b))
  })
})

test('phones that return to an unchanged state are told nothing twice', async () => {
  const world = createWorld()
  const { port } = await listening(world)
  const reader = await readEvents(port)
  const { id } = await reader.until(({ event }) => event === 'pools')
  reader.close()
  const back = await Promise.all(
    Array.from({ length: 50 }, () => readEvents(port, { lastEventId: String(id) })),
  )
  await waitFor(async () => (await openStreams(world)) === 50, PATIENCE_MS)
  world.clock.advance(15_000)
  await Promise.all(back.map(phone => phone.until(({ event }) => event === 'heartbeat', PATIENCE_MS)))
  expect(back.flatMap(phone => poolsOf(phone))).toEqual([])
})

test('phones that hang up while they connect leave nothing behind', async () => {
  const world = createWorld()
  const { port } = await listening(world)
  const request = 'GET /stream?topics=pools,room&every=1000 HTTP/1.1\r\nHost: x\r\n\r\n'
  await Promise.all(Array.from({ length: 100 }, (_, index) => hangUp(port, request, index % 4)))
  await waitFor(async () => (await openStreams(world)) === 0, PATIENCE_MS)
})

test('a heckler who scripts a thousand borrows in a second is refused; the others are answered, and the ledger holds', async () => {
  const world = createWorld({ rateLimitPerSecond: 20, trustedProxies: 1, logLevel: 'silent' })
  const { origin } = await listening(world)
  const post = (name: string, path: string, body: object) =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...session(name) },
      body: JSON.stringify(body),
    })
  const wish = { tool: 'cad_tool', user: 'heckler' }
  const heckled = Promise.all(
    Array.from({ length: 1000 }, async () => {
      const response = await post('heckler', '/licenses/borrow', wish)
      const problem = response.status === 429 && (await expectProblem(response, 'rate_limited'))
      if (!problem) await response.arrayBuffer()
      return { status: response.status, retryAfter: Number(response.headers.get('retry-after')) }
    }),
  )
  const others = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const response = await post(`guest${index}`, '/licenses/borrow', { tool: 'simulation', user: 'guest' })
      return { status: response.status, body: await json(response) }
    }),
  )
  const answers = await heckled
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused.length).toBe(900)
  expect(refused.every(({ retryAfter }) => retryAfter >= 1)).toBe(true)
  expect(others.filter(({ status }) => status === 200).length).toBe(3)
  expect(others.filter(({ status }) => status === 409).length).toBe(47)
  expect(await statusOf(world)).toMatchObject({ borrowed: 5 })
  await world.app.stop()
  assertInvariants(world.dbPath)
})

test.each(['7', '0', '-1', '', '1e3', '1000,250', 'fast'])('the pace %j: 422, and no stream', async every => {
  const world = createWorld()
  const { origin } = await listening(world)
  await expectProblem(await fetch(`${origin}/stream?every=${every}`), 'invalid_request')
  expect(await openStreams(world)).toBe(0)
})

test('whoever polls the state for a page gets what the stream says', async () => {
  const world = createWorld()
  const { port } = await listening(world)
  const reader = await readEvents(port, { topics: 'pools,room&every=1000' })
  const streamed = await reader.until(({ event }) => event === 'pools')
  const polled = await ok(world.send('GET', '/stream/snapshot?topics=pools,room'))
  expect(polled.pools).toEqual(streamed.data)
  expect(polled.room).toMatchObject({ version: '1.2.3', browser_script: 0 })
})

test('simulated people, in the server and from outside, and commands that poll are not counted as phones; pages are', async () => {
  const world = createWorld()
  const { port, origin } = await listening(world)
  const room = () => world.send('GET', '/stream/snapshot?topics=room')
  const joined = async () => {
    world.clock.advance(1500)
    return (await ok(room())).room.joined as number
  }
  await ok(world.present('PUT', '/traffic', { rate: 20 }))
  const summary = async () => (await ok(world.send('GET', '/traffic'))).summary
  await waitFor(async () => (await summary())?.sent > 0, PATIENCE_MS)
  await runTraffic({ send: sendTo(origin), random: seededRandom(1), rate: 20, seconds: 1, wait })
  expect(await joined()).toBe(0)

  await readEvents(port, { topics: 'pools,room&every=1000' })
  for (const phone of [await visitor(world), await visitor(world)])
    for (let round = 0; round < 2; round++)
      await ok(world.send('GET', '/stream/snapshot?topics=room', undefined, phone))
  await ok(room())
  expect(await joined()).toBe(3)
  await ok(world.present('DELETE', '/traffic'))
})
