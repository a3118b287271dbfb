import { expect, test } from 'vitest'
import { systemClock } from '../../src/shared/clock.ts'
import { readEvents } from '../support/event-reader.ts'
import { exchange } from '../support/socket.ts'
import { type Answer, borrow, expectProblem, listening, ok, statusOf } from '../support/wire.ts'
import { createWorld, type World } from '../support/world.ts'

const heldIn = ({ data }: { data: Answer }): number | undefined =>
  data.pools?.find(({ tool }: Answer) => tool === 'cad_tool')?.borrowed

const metric = async (world: World, name: string): Promise<number> =>
  Number((await (await world.send('GET', '/metrics')).text()).match(new RegExp(`^${name} (\\S+)$`, 'm'))?.[1])

test('a stream is event-stream, unbuffered, uncached, with a request id, and tells when to come again', async () => {
  const { port } = await listening(createWorld())
  const { text } = await exchange(
    port,
    'GET /stream HTTP/1.1\r\nHost: x\r\nX-Request-Id: live-1\r\n\r\n',
    200,
  )
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  for (const header of [
    'Content-Type: text/event-stream',
    'Cache-Control: no-cache, no-transform',
    'X-Accel-Buffering: no',
    'X-Request-Id: live-1',
  ])
    expect(text.toLowerCase()).toContain(header.toLowerCase())
  expect(text).toMatch(/^retry: [1-5]\d{3}$/m)
})

test('who connects gets the whole state at once, as the API tells it', async () => {
  const world = createWorld()
  await borrow(world, 'alice')
  const { port } = await listening(world)
  const reader = await readEvents(port, { topics: 'pools,activity' })
  const pools = await reader.until(({ event }) => event === 'pools')
  expect(pools.id).toMatch(/^[\w-]{8}-\d+$/)
  expect(pools.data).toEqual({
    pools: await ok(world.send('GET', '/licenses/status')),
    borrows: [
      {
        tool: 'cad_tool',
        user: 'alice',
        borrowed_at: '2026-03-02T10:00:00.000Z',
        expires_at: '2026-03-02T12:00:00.000Z',
        is_overage: false,
      },
    ],
    open_borrows: 1,
    at: '2026-03-02T10:00:00.000Z',
  })
  const activity = await reader.until(({ event }) => event === 'activity')
  expect(activity.data).toMatchObject({
    window_seconds: 60,
    series: expect.any(Array),
    recent: [{ event: 'borrow', tool: 'cad_tool' }],
  })
})

test('a change arrives within a second', async () => {
  const world = createWorld({}, { clock: systemClock })
  const { port } = await listening(world)
  const readers = await Promise.all([readEvents(port), readEvents(port)])
  for (const reader of readers) await reader.until(message => heldIn(message) === 0)
  const since = performance.now()
  await borrow(world)
  for (const reader of readers) {
    const { at } = await reader.until(message => heldIn(message) === 1)
    expect(at - since).toBeLessThan(1000)
  }
})

test.each([
  [
    'somebody else connects',
    async (port: number) => void (await (await readEvents(port)).until(message => heldIn(message) === 1)),
  ],
  [
    'somebody else polls',
    async (port: number) => void (await fetch(`http://127.0.0.1:${port}/stream/snapshot`)),
  ],
])('a change arrives also when %s in the meantime', async (_title, meanwhile) => {
  const world = createWorld()
  const { port } = await listening(world)
  const reader = await readEvents(port)
  await reader.until(message => heldIn(message) === 0)
  world.clock.advance(250)
  await borrow(world)
  await meanwhile(port)
  world.clock.advance(1000)
  expect(heldIn(await reader.until(message => heldIn(message) === 1, 1500))).toBe(1)
})

test('what says nothing new is not sent', async () => {
  const world = createWorld()
  const { port } = await listening(world)
  const reader = await readEvents(port)
  await reader.until(message => heldIn(message) === 0)
  world.clock.advance(15_000)
  await reader.until(({ event }) => event === 'heartbeat')
  expect(reader.messages.map(({ event }) => event)).toEqual(['pools', 'heartbeat'])
})

test('a heartbeat comes every 15 s', async () => {
  const world = createWorld()
  const { port } = await listening(world)
  const reader = await readEvents(port, { topics: 'pools' })
  await reader.until(({ event }) => event === 'pools')
  const beats = () => reader.messages.filter(({ event }) => event === 'heartbeat').length
  for (const wanted of [1, 2, 3]) {
    world.clock.advance(15_000)
    await expect.poll(beats).toBe(wanted)
  }
})

test('who comes again with the last id gets only what is newer', async () => {
  const world = createWorld()
  const { port } = await listening(world)
  const first = await readEvents(port)
  const { id } = await first.until(({ event }) => event === 'pools')
  first.close()
  const unchanged = await readEvents(port, { lastEventId: String(id) })
  world.clock.advance(15_000)
  await unchanged.until(({ event }) => event === 'heartbeat')
  expect(unchanged.messages.map(({ event }) => event)).toEqual(['heartbeat'])
  await borrow(world)
  const changed = await readEvents(port, { lastEventId: String(id) })
  const newer = await changed.until(({ event }) => event === 'pools')
  expect(heldIn(newer)).toBe(1)
  expect(Number(newer.id?.split('-').at(-1))).toBeGreaterThan(Number(id?.split('-').at(-1)))
})

test.each(['otherrun-7', '', 'x', '-1', 'NaN', '\u00e9', '0'.repeat(500)])(
  'the id %j of another run or of nobody gets everything',
  async lastEventId => {
    const { port } = await listening(createWorld())
    const reader = await readEvents(port, { lastEventId })
    expect(heldIn(await reader.until(({ event }) => event === 'pools'))).toBe(0)
  },
)

test('who asks for one topic gets no other', async () => {
  const world = createWorld()
  const { port } = await listening(world)
  const reader = await readEvents(port, { topics: 'activity' })
  await reader.until(({ event }) => event === 'activity')
  await borrow(world)
  world.clock.advance(15_000)
  await reader.until(({ event }) => event === 'heartbeat')
  expect(reader.messages.filter(({ event }) => event === 'pools')).toEqual([])
})

test('a stream needs a connection of its own: without one it is 404, not a fault', async () => {
  await expectProblem(await createWorld().send('GET', '/stream'), 'not_found')
})

test('the snapshot tells the same to clients that poll', async () => {
  const world = createWorld()
  await borrow(world)
  const snapshot = await ok(world.send('GET', '/stream/snapshot?topics=pools,activity'))
  expect(Object.keys(snapshot).sort()).toEqual(['activity', 'pools'])
  expect(snapshot.pools.pools).toEqual(await ok(world.send('GET', '/licenses/status')))
  expect(Object.keys(await ok(world.send('GET', '/stream/snapshot')))).toEqual(['pools'])
})

test.each(['nothing', 'pools,nothing', '', 'pools,', '__proto__', 'constructor', 'POOLS', 'x'.repeat(201)])(
  'the topics %j: 422',
  async topics => {
    const world = createWorld()
    const { origin } = await listening(world)
    for (const path of ['/stream', '/stream/snapshot'])
      await expectProblem(await fetch(`${origin}${path}?topics=${topics}`), 'invalid_request')
    expect(await metric(world, 'live_streams_open')).toBe(0)
  },
)

test('who is there when the server stops hears bye with the time to come again, then the end', async () => {
  const { port, drain } = await listening(createWorld())
  const reader = await readEvents(port)
  await reader.until(({ event }) => event === 'pools')
  await drain()
  const bye = await reader.until(({ event }) => event === 'bye')
  expect(bye.data.retry_ms).toBeGreaterThanOrEqual(1000)
  await expect.poll(() => reader.ended).toBe(true)
})

test('two hundred that come and go leave nothing behind', async () => {
  const warnings: Error[] = []
  const warn = (warning: Error) => void warnings.push(warning)
  process.on('warning', warn)
  const world = createWorld()
  const { port } = await listening(world)
  const listeners = () => process.eventNames().map(name => [name, process.listenerCount(name)])
  const before = listeners()
  const readers = await Promise.all(Array.from({ length: 200 }, () => readEvents(port)))
  await Promise.all(readers.map(reader => reader.until(({ event }) => event === 'pools')))
  expect(await metric(world, 'live_streams_open')).toBe(200)
  for (const reader of readers) reader.close()
  await expect.poll(() => metric(world, 'live_streams_open')).toBe(0)
  expect(listeners()).toEqual(before)
  process.off('warning', warn)
  expect(warnings).toEqual([])
  expect(await statusOf(world)).toMatchObject({ borrowed: 0 })
})

test('a frame that is sent says the time at which it is true, not when it last changed', async () => {
  const world = createWorld()
  await ok(world.send('GET', '/stream/snapshot'))
  world.clock.advance(600_000)
  const { pools } = await ok(world.send('GET', '/stream/snapshot'))
  expect(pools.at).toBe('2026-03-02T10:10:00.000Z')
})
