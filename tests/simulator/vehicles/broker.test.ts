/** The vehicles on a real broker, by MQTT. */
import { execFile } from 'node:child_process'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Aedes } from 'aedes'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/shared/clock.ts'
import { createFleet } from '../../../src/simulator/vehicles/fleet.ts'
import { mqttConnect } from '../../../src/simulator/vehicles/mqtt-link.ts'
import { createScheduler, keepRunning } from '../../../src/simulator/vehicles/scheduler.ts'
import { devicePassword, publicKeyText } from '../../../src/vehicle/credentials.ts'
import { mayPublish, maySubscribe, topicOf } from '../../../src/vehicle/topics.ts'
import { offerOf, privateKey, publicKey } from './fake-broker.ts'

const key = 'a key'
const sockets = new Set<Socket>()
let broker: Aedes
let server: Server
let port: number
let denied = 0
// biome-ignore lint/suspicious/noExplicitAny: messages of every kind
let heard: { topic: string; retain: boolean; message: any }[] = []

beforeAll(async () => {
  broker = await Aedes.createBroker()
  broker.authenticate = (client, user, password, done) =>
    done(null, user === client.id && password?.toString() === devicePassword(key, user ?? ''))
  broker.authorizePublish = (client, { topic }, done) => {
    if (client && mayPublish(client.id, topic)) return done(null)
    denied++
    done(new Error('denied'))
  }
  broker.authorizeSubscribe = (client, subscription, done) =>
    done(null, client && maySubscribe(client.id, subscription.topic) ? subscription : null)
  broker.on('publish', ({ topic, retain, payload }) => {
    if (topic.startsWith('fleet/')) heard.push({ topic, retain, message: JSON.parse(payload.toString()) })
  })
  server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    broker.handle(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
beforeEach(() => {
  heard = []
  denied = 0
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await new Promise(resolve => broker.close(() => server.close(resolve)))
})

function createRealFleet(vehicles: number, of = key, speed = 30) {
  const scheduler = createScheduler(systemClock)
  const fleet = createFleet({
    vehicles,
    intervalSeconds: 5,
    seed: 1,
    speed,
    key: of,
    publicKey,
    connect: mqttConnect(`mqtt://127.0.0.1:${port}`),
    clock: systemClock,
    scheduler,
    faults: { outages: false },
  })
  const halt = keepRunning(scheduler, () => {})
  const stop = async () => {
    await fleet.stop()
    halt()
  }
  return { fleet, stop }
}
const until = async (isSo: () => boolean, withinMs = 12_000) => {
  for (let waited = 0; !isSo(); waited += 25) {
    if (waited > withinMs) throw new Error('it did not come to it')
    await wait(25)
  }
}
const v = 'vehicle_00001'
const of = (kind: string, vehicle = v) =>
  heard.filter(({ topic }) => topic === topicOf(vehicle, kind as 'state'))

test('20 vehicles lose the broker and come back: nothing is lost, doubled or denied; an update goes through', async () => {
  const { fleet, stop } = createRealFleet(20)
  fleet.start()
  await until(() => fleet.stats().online === 20)
  const offer = { ...offerOf(), manifest: { ...offerOf().manifest } }
  broker.publish(
    {
      cmd: 'publish',
      topic: topicOf(v, 'update/command'),
      payload: Buffer.from(JSON.stringify(offer)),
      qos: 1,
      dup: false,
      retain: false,
    },
    () => {},
  )
  await until(() => of('update/status').length > 0)
  for (const socket of [...sockets].slice(0, 15)) socket.destroy()
  await until(() => fleet.stats().online < 10)
  await until(() => fleet.stats().online === 20 && of('update/status').at(-1)?.message.state === 'SUCCEEDED')
  await stop()
  const stats = fleet.stats()
  expect(stats).toMatchObject({ online: 0, dropped: 0, waiting: 0, refused: 0 })
  expect(stats.errors).toBeGreaterThanOrEqual(15)
  expect(stats.acknowledged).toBe(stats.sent)
  expect(denied).toBe(0)
  for (let number = 1; number <= 20; number++) {
    const name = `vehicle_${String(number).padStart(5, '0')}`
    expect(of('state', name).some(({ message }) => message.online)).toBe(true)
    expect(of('state', name).at(-1)?.message.online).toBe(false)
    const seqs = new Map<string, Set<number>>()
    for (const { topic, message } of heard.filter(({ topic }) => topic.startsWith(`fleet/${name}/`))) {
      if (topic.endsWith('/state') || topic.endsWith('/command')) continue
      const known = seqs.get(message.boot) ?? new Set()
      for (const { seq } of message.samples ?? [message]) known.add(seq)
      seqs.set(message.boot, known)
    }
    for (const known of seqs.values()) expect(Math.max(...known)).toBe(known.size)
  }
}, 20_000)

test('with another key nobody is let in, and it is told apart from a broker that is not there', async () => {
  const { fleet, stop } = createRealFleet(2, 'another key')
  fleet.start()
  await until(() => fleet.stats().refused > 0)
  expect(fleet.stats()).toMatchObject({ online: 0, sent: 0 })
  await stop()
})

test('the script asks where the broker is, drives, and prints a summary as JSON', async () => {
  const http = createHttpServer((_request, response) =>
    response.end(
      JSON.stringify({
        mqtt_port: port,
        mqtt_url: null,
        vehicles_inside: 0,
        release_public_key: publicKeyText(privateKey),
      }),
    ),
  )
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const flags = ['--url', url, '--vehicles', '5', '--interval', '1', '--duration', '0.03']
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'scripts/fleet.ts', ...flags],
    { env: { ...process.env, FLEET_KEY: key } },
  )
  http.close()
  const summary = JSON.parse(stdout)
  expect(summary).toMatchObject({ vehicles: 5, errors: 0, success_percent: 100, dropped: 0 })
  expect(summary.sent).toBeGreaterThan(5)
  expect(stderr).toContain('average battery percent')
}, 20_000)
