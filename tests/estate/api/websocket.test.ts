import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { websocketLimits } from '../../../src/http/websocket.ts'
import { socketLab, statesOf, until } from './socket-lab.ts'

/** As the limits are, but in a tenth of a second instead of seconds. */
const quick = { everyMs: 100, atLeastEveryMs: 60_000, pingEveryMs: 60_000 }

test('the limits are those that are promised', () => {
  expect(websocketLimits).toEqual({
    connections: 2000,
    perAddress: 1000,
    everyMs: 2000,
    atLeastEveryMs: 30_000,
    pingEveryMs: 30_000,
    unreadBytes: 256 * 1024,
    clientMessages: 100,
  })
})

test('a message comes at once, and again when it has changed, not when only its time has', async () => {
  const { open, change, made, told } = await socketLab({ limits: quick })
  const client = await open()
  await until(() => client.messages.length === 1)
  expect(JSON.parse(client.messages[0] ?? '')).toEqual({ timestamp: expect.any(String), state: 0 })
  const madeBefore = made()
  await until(() => made() >= madeBefore + 3)
  expect(statesOf(client)).toEqual([0])
  change({ a: 1 })
  await until(() => client.messages.length === 2)
  expect(statesOf(client)).toEqual([0, { a: 1 }])
  expect(told).toMatchObject({ opened: 1, sent: 2 })
})

test('without a change it comes again when the last one is old', async () => {
  const { open } = await socketLab({ limits: { ...quick, atLeastEveryMs: 300 } })
  const client = await open()
  await until(() => client.messages.length >= 3)
  expect(new Set(client.messages).size).toBe(client.messages.length)
})

test('nothing is made for nobody, and once for many', async () => {
  const { open, made } = await socketLab({ limits: { ...quick, everyMs: 60_000 } })
  expect(made()).toBe(0)
  const clients = await Promise.all(Array.from({ length: 50 }, () => open()))
  await until(() => clients.every(({ messages }) => messages.length === 1))
  expect(made()).toBe(1)
})

test('a message that cannot be made is told, and the next one comes', async () => {
  const { open, breaks, told } = await socketLab({ limits: quick })
  breaks(true)
  const client = await open()
  await until(() => told.failed >= 2)
  expect(client.messages).toEqual([])
  breaks(false)
  await until(() => client.messages.length === 1)
})

test('a thousand come at once, hear of every change, and leave at once', async () => {
  const { open, change, feed, told } = await socketLab({ limits: { ...quick, everyMs: 500 } })
  const clients = await Promise.all(Array.from({ length: 1000 }, () => open()))
  expect(feed.active).toBe(1000)
  await until(() => clients.every(({ messages }) => messages.length > 0))
  change(1)
  await until(() => clients.every(client => statesOf(client).at(-1) === 1))
  for (const { socket } of clients) socket.terminate()
  await until(() => feed.active === 0)
  expect(told.closed).toEqual(Array.from({ length: 1000 }, () => 'left'))
}, 120_000)

test('who comes when there are too many is refused with 503, and may come when somebody has left', async () => {
  const { open, told, feed } = await socketLab({ limits: { ...quick, connections: 2 } })
  const first = await open()
  await open()
  await expect(open()).rejects.toThrow('503')
  expect([feed.active, feed.max, told.refused]).toEqual([2, 2, 1])
  first.socket.close()
  await until(() => feed.active === 1)
  await open()
})

test('one address cannot take all: behind a proxy it is the one that the proxy saw', async () => {
  const { open, feed } = await socketLab({ trustedProxies: 1, limits: { ...quick, perAddress: 2 } })
  const from = (address: string) => open({ 'x-forwarded-for': address })
  const first = await from('203.0.113.1')
  await from('spoofed, 203.0.113.1')
  await expect(from('203.0.113.1')).rejects.toThrow('503')
  await from('203.0.113.2')
  await from('2001:db8::1')
  await from('2001:db8::2')
  await expect(from('2001:db8::3')).rejects.toThrow('503')
  first.socket.terminate()
  await until(() => feed.active === 4)
  await from('203.0.113.1')
})

test('this machine itself is not limited by its address', async () => {
  const { open, feed } = await socketLab({ limits: { ...quick, perAddress: 1 } })
  await Promise.all([open(), open(), open()])
  expect(feed.active).toBe(3)
})

test('a client that reads nothing is let go when too much waits for it; the others go on', async () => {
  const { open, change, told } = await socketLab({ limits: quick })
  const [slow, good] = [await open(), await open()]
  await until(() => slow.messages.length === 1)
  slow.socket.pause()
  // Each waits until the good one has it, and there are more than the system keeps for a connection.
  for (let changes = 1; told.closed.length === 0 && changes <= 100; changes++) {
    change(`${changes} ${'x'.repeat(1_000_000)}`)
    await until(() => good.messages.length > changes)
  }
  expect(told.closed).toEqual(['slow'])
  change('small')
  await until(() => statesOf(good).at(-1) === 'small')
}, 60_000)

test('a client that is gone without a word is noticed, one that answers pings stays', async () => {
  const { open, feed, told, port } = await socketLab({ limits: { ...quick, pingEveryMs: 300 } })
  const good = await open()
  const silent = connect(port, '127.0.0.1')
  silent.on('error', () => {})
  silent.write(
    'GET /ws/metrics HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await until(() => told.opened === 2)
  await until(() => told.closed.length === 1)
  expect(told.closed).toEqual(['silent'])
  await wait(700)
  expect([feed.active, good.code]).toEqual([1, null])
  silent.destroy()
})

test('what a client says is ignored, a little of it', async () => {
  const { open, change, told } = await socketLab({ limits: quick })
  const client = await open()
  for (let index = 0; index < 100; index++) client.socket.send('{"subscribe":"everything"}')
  change('still here')
  await until(() => statesOf(client).at(-1) === 'still here')
  expect(told.closed).toEqual([])
})

test('a client that floods is let go, and so is one that says too much at once; the others go on', async () => {
  const { open, change, told } = await socketLab({ limits: quick })
  const [flood, long, good] = [await open(), await open(), await open()]
  for (let index = 0; index < 5000; index++) flood.socket.send('x', () => {})
  await until(() => told.closed.includes('flood'))
  long.socket.send('x'.repeat(1025))
  await until(() => long.code !== null)
  expect(long.code).toBe(1009)
  change('good')
  await until(() => statesOf(good).at(-1) === 'good')
  await until(() => told.closed.length === 2)
})

test('a broken frame ends its own connection only', async () => {
  const { open, feed, port, told } = await socketLab({ limits: quick })
  await open()
  const broken = connect(port, '127.0.0.1')
  broken.on('error', () => {})
  broken.write(
    'GET /ws/metrics HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await until(() => told.opened === 2)
  broken.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))
  await until(() => feed.active === 1)
})

test('only GET /ws/metrics becomes a WebSocket', async () => {
  const { statusOf, feed } = await socketLab({ limits: quick })
  const upgrade = [
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  expect(await statusOf(['GET /elsewhere HTTP/1.1', ...upgrade])).toMatch(/^HTTP\/1.1 404 /)
  expect(await statusOf(['GET /ws/metrics/ HTTP/1.1', ...upgrade])).toMatch(/^HTTP\/1.1 404 /)
  expect(await statusOf(['POST /ws/metrics HTTP/1.1', ...upgrade])).toMatch(/^HTTP\/1.1 405 /)
  expect(await statusOf(['GET /ws/metrics HTTP/1.1', 'Upgrade: websocket'])).toMatch(/^HTTP\/1.1 400 /)
  expect(feed.active).toBe(0)
})

test('an offer of another protocol is passed over: the request is answered with its body', async () => {
  const { statusOf, requests } = await socketLab({ limits: quick })
  const offer = ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA']
  expect(await statusOf(['GET /ws/metrics HTTP/1.1', ...offer, 'Content-Length: 0'])).toMatch(
    /200 OK[\s\S]*plain/,
  )
  expect(await statusOf(['POST /borrow HTTP/1.1', ...offer, 'Content-Length: 5'], 'hello')).toMatch(
    /200 OK[\s\S]*plain/,
  )
  expect(requests).toEqual(['GET /ws/metrics ', 'POST /borrow hello'])
})

test('when the server stops, each is told so with 1001, and who does not listen is let go', async () => {
  const { open, stop, told, feed, url } = await socketLab({ limits: quick })
  const [client, deaf] = [await open(), await open()]
  deaf.socket.pause()
  await stop()
  await until(() => client.code !== null)
  expect(client.code).toBe(1001)
  expect([feed.active, told.closed]).toEqual([0, ['stopping', 'stopping']])
  await expect(fetch(url.replace('ws:', 'http:'))).rejects.toThrow()
})
