import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeTimers, lab } from './stream-lab.ts'

beforeEach(fakeTimers)
afterEach(() => void vi.useRealTimers())

test('a change is sent once to everybody', async () => {
  const { connect, change, pass, observer } = await lab()
  const clients = [await connect(), await connect()]
  await change(1)
  await pass(2000)
  expect(clients.map(({ states }) => states)).toEqual([
    [0, 1],
    [0, 1],
  ])
  expect(observer.sent).toHaveBeenCalledWith(2)
})

test('many changes between two ticks are one frame: the newest', async () => {
  const { connect, change } = await lab()
  const client = await connect()
  await Promise.all([change(1), change(2), change(3)])
  expect(client.states).toEqual([0, 3])
})

test('nothing piles up for a client that does not read', async () => {
  const { connect, change } = await lab()
  const client = await connect()
  client.stopReading(1000)
  for (let state = 1; state <= 100; state++) await change(state)
  expect(client.states).toEqual([0])
  expect(client.destroyed).toBe(false)
})

test('a client that reads on gets the newest state, although nothing has changed since', async () => {
  const { connect, change, pass } = await lab()
  const client = await connect()
  client.stopReading(1000)
  await change(1)
  await change(2)
  client.readOn()
  await pass(1000)
  expect(client.states).toEqual([0, 2])
})

test('a client that reads nothing for half a minute is let go, the others are not', async () => {
  const { streams, connect, change, observer } = await lab()
  const [slow, quick] = [await connect(), await connect()]
  slow.stopReading(1000)
  for (let state = 1; state <= 119; state++) await change(state)
  expect([slow.destroyed, streams.clients]).toEqual([false, 2])
  for (let state = 120; state <= 123; state++) await change(state)
  expect([slow.destroyed, streams.clients]).toEqual([true, 1])
  expect(observer.dropped).toHaveBeenCalledTimes(1)
  expect(quick.states.at(-1)).toBe(123)
})

test('a client with more than 256 KiB unread is let go at once', async () => {
  const { streams, connect, change, observer } = await lab()
  const slow = await connect()
  slow.stopReading(256 * 1024 + 1)
  await change(1)
  expect([slow.destroyed, streams.clients]).toEqual([true, 0])
  expect(observer.dropped).toHaveBeenCalledTimes(1)
})

test('a state that cannot be made is told to the observer, and the streams live on', async () => {
  const { connect, change, fail, observer } = await lab()
  const client = await connect()
  fail(true)
  await change(1)
  expect(observer.failed).toHaveBeenCalledWith(expect.objectContaining({ message: 'no state today' }))
  fail(false)
  await change(2)
  expect(client.states).toEqual([0, 2])
})

test('after close everybody has heard bye, and nobody is kept', async () => {
  const { streams, connect } = await lab()
  const client = await connect()
  streams.close()
  expect(client.written.at(-1)).toBe('event: bye\ndata: {"retry_ms":3000}\n\n')
  expect(streams.clients).toBe(0)
})

test('who connects after close is told so, and does not hold up the end', async () => {
  const { streams, connect } = await lab()
  streams.close()
  await connect().catch(() => {})
  expect(streams.clients).toBe(0)
})
