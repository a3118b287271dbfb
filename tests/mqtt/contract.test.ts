import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createBrokerClient } from '../../src/mqtt/broker-client.ts'
import type { Message } from '../../src/mqtt/link.ts'
import { isOnPath } from '../support/on-path.ts'
import { waitFor } from '../support/wait-for.ts'
import { device, embedded, freePort, mosquitto } from './brokers.ts'

const brokers = [
  { name: 'the embedded broker', start: () => embedded(), here: true },
  { name: 'mosquitto', start: mosquitto, here: isOnPath('mosquitto') },
]

/** Takes messages over when told. */
function inbox() {
  const messages: (Message & { take: () => void; refuse: () => void })[] = []
  return {
    messages,
    topics: () => messages.map(({ topic }) => topic),
    receive: (message: Message) =>
      new Promise<void>((resolve, reject) => {
        messages.push({ ...message, take: resolve, refuse: () => reject(new Error('refused')) })
      }),
  }
}

/** Takes every message at once. */
function open() {
  const messages: Message[] = []
  return {
    messages,
    topics: () => messages.map(({ topic }) => topic),
    receive: async (message: Message) => void messages.push(message),
  }
}

for (const { name, start, here } of brokers)
  describe.skipIf(!here)(name, () => {
    test('a vehicle with the right password is let in, one with another is not', async () => {
      const broker = await start()
      await broker.server(open().receive)
      await device(broker, 'vehicle_1')
      await expect(device(broker, 'vehicle_2', { password: 'guessed' })).rejects.toThrow(/[Nn]ot authorized/)
      await expect(device(broker, 'vehicle_2', { username: 'nobody' })).rejects.toThrow(/[Nn]ot authorized/)
    })

    test('a message is acknowledged when it was taken over, not before', async () => {
      const broker = await start()
      const box = inbox()
      await broker.server(box.receive)
      const vehicle = await device(broker, 'vehicle_1')
      let acknowledged = false
      const sent = vehicle.publishAsync('fleet/vehicle_1/telemetry', '{"n":1}', { qos: 1 }).then(() => {
        acknowledged = true
      })
      await waitFor(() => box.messages.length === 1)
      expect(box.messages[0]?.payload.toString()).toBe('{"n":1}')
      // Another broker acknowledges to the vehicle what it keeps for the server itself.
      if (broker.name !== 'mosquitto') expect(acknowledged).toBe(false)
      box.messages[0]?.take()
      await sent
      expect(acknowledged).toBe(true)
    })

    test('messages that wait for one commit wait side by side', async () => {
      const broker = await start()
      const box = inbox()
      await broker.server(box.receive)
      const vehicle = await device(broker, 'vehicle_1')
      const sent = Array.from({ length: 20 }, (_, n) =>
        vehicle.publishAsync('fleet/vehicle_1/telemetry', String(n), { qos: 1 }),
      )
      await waitFor(() => box.messages.length === 20)
      for (const { take } of box.messages) take()
      await Promise.all(sent)
      expect(box.messages.map(({ payload }) => Number(payload))).toEqual(
        Array.from({ length: 20 }, (_, n) => n),
      )
    })

    test('nobody speaks as another, publishes a command, or hears what is for another', async () => {
      const broker = await start()
      const box = open()
      const server = await broker.server(box.receive)
      const heard: string[] = []
      const thief = await device(broker, 'vehicle_2')
      thief.on('message', topic => void heard.push(topic))
      for (const filter of ['fleet/vehicle_1/command', 'fleet/+/command', 'fleet/#', '#'])
        await thief.subscribeAsync(filter, { qos: 1 }).catch(() => {})
      await thief.subscribeAsync('fleet/vehicle_2/command', { qos: 1 })
      await server.publish('fleet/vehicle_1/command', '{}')
      await server.publish('fleet/vehicle_2/command', '{}')
      await waitFor(() => heard.length > 0)
      expect(heard).toEqual(['fleet/vehicle_2/command'])

      for (const topic of [
        'fleet/vehicle_1/telemetry',
        'fleet/vehicle_1/command',
        'fleet/vehicle_2/command',
        'x',
      ])
        await publishedOrCutOff(broker, topic)
      const honest = await device(broker, 'vehicle_1')
      await honest.publishAsync('fleet/vehicle_1/telemetry', 'mine', { qos: 1 })
      await waitFor(() => box.messages.length > 0)
      expect(box.messages.map(({ payload }) => payload.toString())).toEqual(['mine'])
    })

    test('the last will of a vehicle that vanishes arrives', async () => {
      const broker = await start()
      const box = open()
      await broker.server(box.receive)
      const vehicle = await device(broker, 'vehicle_1', {
        will: { topic: 'fleet/vehicle_1/state', payload: Buffer.from('gone'), qos: 1, retain: true },
      })
      vehicle.stream.destroy()
      await waitFor(() => box.messages.length === 1)
      expect(box.messages[0]).toMatchObject({ topic: 'fleet/vehicle_1/state' })
      expect(box.messages[0]?.payload.toString()).toBe('gone')
    })

    test('a command reaches the vehicle that listens', async () => {
      const broker = await start()
      const server = await broker.server(open().receive)
      const vehicle = await device(broker, 'vehicle_1')
      const heard = new Promise<string>(resolve =>
        vehicle.on('message', (_topic, payload) => resolve(payload.toString())),
      )
      await vehicle.subscribeAsync('fleet/vehicle_1/command', { qos: 1 })
      await server.publish('fleet/vehicle_1/command', '{"id":"1"}')
      expect(await heard).toBe('{"id":"1"}')
    })

    test('an oversized message is not taken', async () => {
      const broker = await start()
      const box = open()
      await broker.server(box.receive)
      const vehicle = await device(broker, 'vehicle_1')
      const sent = vehicle.publishAsync('fleet/vehicle_1/telemetry', 'x'.repeat(400_000), { qos: 1 })
      const cutOff = new Promise<void>(resolve => vehicle.once('close', () => resolve()))
      await Promise.race([sent.catch(() => {}), cutOff])
      const honest = await device(broker, 'vehicle_2')
      await honest.publishAsync('fleet/vehicle_2/telemetry', 'small', { qos: 1 })
      await waitFor(() => box.messages.length > 0)
      expect(box.messages.map(({ payload }) => payload.length)).toEqual([5])
    })

    /** A denied message is swallowed by one broker and ends the connection at the other. */
    async function publishedOrCutOff(broker: Awaited<ReturnType<typeof start>>, topic: string) {
      const client = await device(broker, 'vehicle_2')
      const cutOff = new Promise<void>(resolve => client.once('close', () => resolve()))
      await Promise.race([client.publishAsync(topic, 'forged', { qos: 1 }).catch(() => {}), cutOff])
      await client.endAsync(true)
    }
  })

describe('the connection to another broker', () => {
  test('one that cannot be reached is told once, with the reason, and nothing is thrown', async () => {
    const told: [boolean, string][] = []
    const link = createBrokerClient({
      url: `mqtt://127.0.0.1:${await freePort()}`,
      user: null,
      password: null,
      clientId: 'server',
      filters: () => [],
      receive: async () => {},
      changed: (connected, why) => void told.push([connected, why]),
    })
    await link.start()
    onTestFinished(() => link.stop())
    await waitFor(() => told.length > 0)
    await new Promise(resolve => setTimeout(resolve, 1200))
    expect(told).toEqual([[false, expect.stringContaining('ECONNREFUSED')]])
    expect(link.connected).toBe(false)
    await expect(link.publish('fleet/vehicle_1/command', '{}')).rejects.toMatchObject({
      reason: 'broker_away',
    })
  })
})

describe('the embedded broker alone', () => {
  test('a message that was not taken is not acknowledged, and is sent again on the next connection', async () => {
    const broker = await embedded()
    const box = inbox()
    await broker.server(box.receive)
    const vehicle = await device(broker, 'vehicle_1', { reconnectPeriod: 20 })
    const sent = vehicle.publishAsync('fleet/vehicle_1/telemetry', 'once', { qos: 1 })
    await waitFor(() => box.messages.length === 1)
    box.messages[0]?.refuse()
    await waitFor(() => box.messages.length === 2)
    box.messages[1]?.take()
    await sent
    expect(broker.refusals).toEqual(['overloaded'])
  })

  test('more connections than are allowed are closed, whether or not they said who they are', async () => {
    const broker = await embedded({ connectionsMax: 2 })
    await broker.server(open().receive)
    const first = await device(broker, 'vehicle_1')
    const stranger = () => {
      const socket = connect(Number(new URL(broker.url).port), '127.0.0.1')
      socket.on('error', () => {})
      onTestFinished(() => void socket.destroy())
      return socket
    }
    const silent = stranger()
    await new Promise(resolve => silent.once('connect', resolve))
    const tooMany = stranger()
    await new Promise(resolve => tooMany.once('close', resolve))
    expect(broker.refusals).toEqual(['connections_max'])
    expect(first.connected).toBe(true)
  })

  test('who is turned away is counted by reason', async () => {
    const broker = await embedded()
    await broker.server(open().receive)
    await device(broker, 'vehicle_2', { password: 'guessed' }).catch(() => {})
    const vehicle = await device(broker, 'vehicle_1')
    await vehicle.subscribeAsync('#').catch(() => {})
    vehicle.publish('fleet/vehicle_2/telemetry', 'forged', { qos: 1 })
    await waitFor(() => broker.refusals.length === 3)
    expect(broker.refusals).toEqual(['authentication', 'subscribe_denied', 'publish_denied'])
  })
})

describe.skipIf(!isOnPath('mosquitto'))('mosquitto alone', () => {
  test('what the server had not taken when it went is delivered to the next one, what it had taken is not', async () => {
    const broker = await mosquitto()
    const box = inbox()
    const first = await broker.server(box.receive)
    const vehicle = await device(broker, 'vehicle_1')
    for (const text of ['taken', 'not taken'])
      await vehicle.publishAsync('fleet/vehicle_1/telemetry', text, { qos: 1 })
    await waitFor(() => box.messages.length === 2)
    box.messages[0]?.take()
    await new Promise(resolve => setTimeout(resolve, 50))
    await first.stop()
    await vehicle.publishAsync('fleet/vehicle_1/telemetry', 'while it was away', { qos: 1 })
    const next = open()
    await broker.server(next.receive)
    await waitFor(() => next.messages.length === 2)
    expect(next.messages.map(({ payload }) => payload.toString())).toEqual(['not taken', 'while it was away'])
  })

  test('a server that starts learns the last state of every vehicle', async () => {
    const broker = await mosquitto()
    const vehicle = await device(broker, 'vehicle_1')
    await vehicle.publishAsync('fleet/vehicle_1/state', 'here', { qos: 1, retain: true })
    const box = open()
    await broker.server(box.receive)
    await waitFor(() => box.messages.length === 1)
    expect(box.messages[0]?.retain).toBe(true)
  })
})
