/** Peers that are slow or mean harm: they are let go within their bounds, and nobody else notices. */
import { setTimeout as wait } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import type { ISubscription } from 'mqtt-packet'
import { expect, onTestFinished, test } from 'vitest'
import { type BrokerRefusal, createEmbeddedBroker } from '../../../src/mqtt/embedded-broker.ts'
import type { Link, Receive } from '../../../src/mqtt/link.ts'
import { devicePassword } from '../../../src/vehicle/credentials.ts'
import { mayPublish, maySubscribe, topicOf } from '../../../src/vehicle/topics.ts'
import { waitFor } from '../../support/wait-for.ts'
import { FLEET_KEY } from '../../support/world.ts'
import { rawConnection, rawVehicle } from './raw-vehicle.ts'

/** As long as their bound, and some turns. */
const BOUND_MS = 300
const WITHIN_MS = BOUND_MS + 1200

async function broker(receive: (link: Link) => Receive = () => async () => {}) {
  const refusals: BrokerRefusal[] = []
  const link: Link = createEmbeddedBroker({
    host: '127.0.0.1',
    port: 0,
    orAnyPort: false,
    authenticate: (device, password) =>
      password === devicePassword(FLEET_KEY, device) ? { mayPublish, maySubscribe } : null,
    receive: message => receive(link)(message),
    refused: reason => void refusals.push(reason),
    connectMs: BOUND_MS,
    drainMs: BOUND_MS * 10,
  })
  await link.start()
  onTestFinished(() => link.stop())
  return { link, port: link.port ?? 0, refusals }
}

/** Says something again and again, each when the one before was acknowledged. @returns the longest that it took so far, ms */
async function honest(port: number): Promise<() => number> {
  const vehicle = await rawVehicle(port, 1)
  let longest = 0
  let askedAt = performance.now()
  async function talk() {
    for (let seq = 1; !vehicle.socket.destroyed; seq++) {
      askedAt = performance.now()
      await vehicle.publish('fleet/vehicle_00001/telemetry', String(seq))
      longest = Math.max(longest, performance.now() - askedAt)
      await wait(10)
    }
  }
  void talk()
  return () => Math.max(longest, performance.now() - askedAt)
}

async function expectEnded(ended: Promise<void>, withinMs = WITHIN_MS) {
  let over = false
  void ended.then(() => {
    over = true
  })
  await waitFor(() => over, withinMs)
}

test('a connection that never says who it is ends, also in the middle of saying it', async () => {
  const { port, link } = await broker()
  const longest = await honest(port)
  const silent = rawConnection(port)
  const half = rawConnection(port)
  half.socket.write(Buffer.from([0x10, 0x40, 0x00, 0x04, 0x4d]))
  await expectEnded(silent.ended)
  await expectEnded(half.ended)
  expect(link.connections).toBe(1)
  expect(longest()).toBeLessThan(BOUND_MS)
})

test('a connection that drips a byte at a time ends all the same', async () => {
  const { port } = await broker()
  const slow = rawConnection(port)
  const drip = setInterval(() => slow.socket.destroyed || slow.socket.write(Buffer.from([0x10])), 50)
  onTestFinished(() => clearInterval(drip))
  await expectEnded(slow.ended)
})

test('a vehicle that stops in the middle of a message ends with its keep-alive', async () => {
  const { port, link } = await broker()
  const vehicle = await rawVehicle(port, 2, 'half', 1)
  vehicle.write(Buffer.from([0x32, 0x7f, 0x00, 0x1d]))
  await expectEnded(vehicle.ended, 3000)
  expect(link.connections).toBe(0)
})

test('what is no MQTT ends the connection at once', async () => {
  const { port } = await broker()
  for (const bytes of [
    'GET / HTTP/1.1\r\n\r\n',
    '\x16\x03\x01',
    '\xff\xff\xff\xff\xff',
    '\x10\xff\xff\xff\xff\xff',
  ]) {
    const { socket, ended } = rawConnection(port)
    socket.write(Buffer.from(bytes, 'latin1'))
    await expectEnded(ended)
  }
})

test('ten thousand filters are refused one by one, and the others go on', async () => {
  const { port, refusals, link } = await broker()
  const longest = await honest(port)
  const vehicle = await rawVehicle(port, 2)
  const filters = (from: number): ISubscription[] =>
    Array.from({ length: 1000 }, (_, n) => ({ topic: `fleet/vehicle_${from + n}/command`, qos: 1 }))
  for (let from = 10_000; from < 20_000; from += 1000)
    vehicle.send({ cmd: 'subscribe', messageId: from, subscriptions: filters(from) })
  await waitFor(() => refusals.length === 10_000)
  expect(new Set(refusals)).toEqual(new Set(['subscribe_denied']))
  expect(link.connections).toBe(2)
  expect(longest()).toBeLessThan(500)
})

test('a vehicle that asks for much and reads nothing stops nobody else, and is let go', async () => {
  // Each of its messages is answered, as the server answers one whom it does not know.
  const { port, link } = await broker(server => async ({ topic }) => {
    await wait(5)
    if (topic.includes('vehicle_00002'))
      for (let n = 0; n < 3; n++)
        void server.publish(topicOf('vehicle_00002', 'command'), 'x'.repeat(5000)).catch(() => {})
  })
  const longest = await honest(port)
  const listener = await connectAsync(`mqtt://127.0.0.1:${port}`, {
    clientId: 'vehicle_00003',
    username: 'vehicle_00003',
    password: devicePassword(FLEET_KEY, 'vehicle_00003'),
  })
  onTestFinished(() => listener.endAsync(true))
  await listener.subscribeAsync('fleet/vehicle_00003/command', { qos: 1 })
  let unheard = 0
  listener.on('message', () => {
    unheard--
  })
  const commands = setInterval(() => {
    unheard++
    void link.publish('fleet/vehicle_00003/command', '{}').catch(() => {})
  }, 20)
  onTestFinished(() => clearInterval(commands))
  const vehicle = await rawVehicle(port, 2)
  vehicle.send({
    cmd: 'subscribe',
    messageId: 1,
    subscriptions: [{ topic: 'fleet/vehicle_00002/command', qos: 1 }],
  })
  await vehicle.publish('fleet/vehicle_00002/telemetry', 'hello')
  vehicle.socket.pause()
  const flood = setInterval(() => {
    for (let n = 0; n < 300; n++) void vehicle.publish('fleet/vehicle_00002/telemetry', 'unread')
  }, 10)
  onTestFinished(() => clearInterval(flood))
  await waitFor(() => link.connections === 2, BOUND_MS * 10 + 8000)
  expect(unheard).toBeLessThan(20)
  expect(longest()).toBeLessThan(BOUND_MS * 5)
})
