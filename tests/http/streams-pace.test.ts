import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeTimers, lab } from './stream-lab.ts'

beforeEach(fakeTimers)
afterEach(() => void vi.useRealTimers())

test('a stream that asks for a pace of 1000 ms gets a frame a second, one at the usual pace four', async () => {
  const { connect, change } = await lab()
  const [calm, usual] = [await connect({ every: 1000 }), await connect()]
  for (let state = 1; state <= 8; state++) await change(state)
  expect(usual.states).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  expect(calm.states).toEqual([0, 4, 8])
})

test('a frame is made once for all who follow its topic, at whatever pace', async () => {
  const { connect, pass, produce } = await lab()
  for (let client = 0; client < 5; client++) await connect({ every: client % 2 ? 1000 : 250 })
  produce.mockClear()
  await pass(2000)
  expect(produce).toHaveBeenCalledTimes(8)
})

test('where everybody is calm, a topic is made once a second', async () => {
  const { connect, pass, produce } = await lab()
  for (let client = 0; client < 5; client++) await connect({ every: 1000 })
  produce.mockClear()
  await pass(4000)
  expect(produce).toHaveBeenCalledTimes(4)
})

test('what nobody follows is not made', async () => {
  const { connect, pass, produce, other } = await lab()
  await pass(2000)
  expect(produce).not.toHaveBeenCalled()
  const client = await connect()
  await pass(2000)
  client.destroy()
  produce.mockClear()
  await pass(2000)
  expect([produce.mock.calls.length, other.mock.calls.length]).toEqual([0, 0])
})

test('all who connect in one turn of the event loop share one frame', async () => {
  const { connect, produce } = await lab()
  const clients = await Promise.all(Array.from({ length: 300 }, () => connect()))
  expect(clients.map(({ states }) => states)).toEqual(clients.map(() => [0]))
  expect(produce).toHaveBeenCalledTimes(1)
})

test('a thousand are written to in slices, so that others have their turn, and each gets the frame once', async () => {
  const { connect, pass, change, observer } = await lab()
  const clients = await Promise.all(Array.from({ length: 1000 }, () => connect()))
  observer.sent.mockClear()
  await change(1)
  const reached = () => clients.filter(({ states }) => states.includes(1)).length
  const atOnce = reached()
  expect(atOnce).toBeLessThan(1000)
  while (reached() < 1000) await new Promise(resolve => setImmediate(resolve))
  await pass(2000)
  expect(new Set(clients.map(({ states }) => states.join()))).toEqual(new Set(['0,1']))
  expect(observer.sent.mock.calls).toEqual([[1000]])
})

test('who leaves or joins while a frame goes out gets each state once and in order', async () => {
  const { streams, connect, pass, change } = await lab()
  const clients = await Promise.all(Array.from({ length: 600 }, () => connect()))
  await change(1)
  clients[599]?.destroy()
  const late = await connect()
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve))
  await pass(500)
  expect(streams.clients).toBe(600)
  expect(clients[599]?.states).toEqual([0])
  expect(clients[598]?.states).toEqual([0, 1])
  expect(late.states).toEqual([1])
})

test('a topic that cannot be made holds up no other, and no heartbeat', async () => {
  const { connect, fail, pass } = await lab()
  const client = await connect({ topics: ['numbers', 'other'] })
  fail(true)
  await pass(15_000)
  expect(client.written.at(-1)).toBe('event: heartbeat\ndata: {}\n\n')
})

test('a calm client that did not read gets the newest state soon after it reads on', async () => {
  const { connect, change, pass } = await lab()
  const client = await connect({ every: 1000 })
  client.stopReading(1000)
  for (let state = 1; state <= 4; state++) await change(state)
  client.readOn()
  await pass(250)
  expect(client.states).toEqual([0, 4])
})

test('who hung up before the first frame was there is not kept', async () => {
  const { streams, connect } = await lab()
  await connect({ hangsUp: true })
  expect(streams.clients).toBe(0)
})

test('followers are counted for each topic, at every pace', async () => {
  const { streams, connect } = await lab()
  const phones = [await connect({ every: 1000 }), await connect({ every: 1000, topics: ['other'] })]
  await connect({ topics: ['numbers', 'other'] })
  expect([streams.followers('numbers'), streams.followers('other'), streams.followers('nothing')]).toEqual([
    2, 2, 0,
  ])
  phones[0]?.destroy()
  expect(streams.presence('numbers')).toEqual({ streaming: 1, polling: 0 })
})

test('who polls is present for ten seconds, however often it asks, and ten thousand at most', async () => {
  const { clock, streams } = await lab()
  for (let round = 0; round < 3; round++)
    for (const caller of ['a', 'b']) await streams.snapshot(['numbers'], caller)
  await streams.snapshot(['other'], 'c')
  await streams.snapshot(['numbers'])
  expect(streams.presence('numbers')).toEqual({ streaming: 0, polling: 2 })
  clock.advance(6000)
  await streams.snapshot(['numbers'], 'b')
  clock.advance(5000)
  expect(streams.presence('numbers').polling).toBe(1)
  for (let caller = 0; caller < 10_050; caller++) await streams.snapshot(['numbers'], `caller ${caller}`)
  expect(streams.presence('numbers').polling).toBe(10_000)
})
