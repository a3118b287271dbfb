/** Real brokers to hold the same contract against: the one in the server, and Debian's mosquitto. */
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { onTestFinished } from 'vitest'
import { createBrokerClient } from '../../src/mqtt/broker-client.ts'
import { type BrokerRefusal, createEmbeddedBroker } from '../../src/mqtt/embedded-broker.ts'
import type { Link, Receive } from '../../src/mqtt/link.ts'
import { devicePassword } from '../../src/vehicle/credentials.ts'
import { mayPublish, maySubscribe, uplinkFilters } from '../../src/vehicle/topics.ts'
import { temporaryFolder } from '../support/world.ts'

export const KEY = 'the key of these tests'
export const SERVER_PASSWORD = 'the password of the server'
export const VEHICLES = ['vehicle_1', 'vehicle_2', 'vehicle_3']

export interface Broker {
  name: string
  url: string
  /** Connects the server's side. */
  server(receive: Receive): Promise<Link>
  refusals: BrokerRefusal[]
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => probe.once('listening', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise(resolve => probe.close(resolve))
  return port
}

export async function embedded({ connectionsMax = 100 } = {}): Promise<Broker> {
  const port = await freePort()
  const refusals: BrokerRefusal[] = []
  return {
    name: 'the embedded broker',
    url: `mqtt://127.0.0.1:${port}`,
    refusals,
    async server(receive) {
      const link = createEmbeddedBroker({
        host: '127.0.0.1',
        port,
        orAnyPort: false,
        connectionsMax,
        authenticate: (device, password) =>
          password === devicePassword(KEY, device) ? { mayPublish, maySubscribe } : null,
        receive,
        refused: reason => void refusals.push(reason),
      })
      await link.start()
      onTestFinished(() => link.stop())
      return link
    },
  }
}

/** Starts mosquitto with the repository's own configuration; only its paths and its port are others. */
export async function mosquitto(): Promise<Broker> {
  const port = await freePort()
  const folder = temporaryFolder()
  const passwords = join(folder, 'passwords')
  writeFileSync(
    passwords,
    [
      ...VEHICLES.map(vehicle => [vehicle, devicePassword(KEY, vehicle)]),
      ['twinloop-server', SERVER_PASSWORD],
    ]
      .map(pair => `${pair.join(':')}\n`)
      .join(''),
  )
  execFileSync('mosquitto_passwd', ['-U', passwords])
  const configuration = readFileSync('mosquitto/mosquitto.conf', 'utf8')
    .replace('listener 1883', `listener ${port} 127.0.0.1`)
    .replace('/etc/mosquitto/twinloop.passwords', passwords)
    .replace('/etc/mosquitto/twinloop.acl', join(process.cwd(), 'mosquitto/acl'))
  const file = join(folder, 'mosquitto.conf')
  // Started by root, it would become a user who may not read the test's folder.
  writeFileSync(file, `user root\npersistence_location ${folder}/\n${configuration}`)
  const program = spawn('mosquitto', ['-c', file], { stdio: 'ignore' })
  onTestFinished(async () => {
    const ended = new Promise(resolve => program.once('exit', resolve))
    program.kill()
    await ended
  })
  const url = `mqtt://127.0.0.1:${port}`
  await until(() => connectAsync(url, { ...credentials('vehicle_3'), reconnectPeriod: 0 }).then(end))
  return {
    name: 'mosquitto',
    url,
    refusals: [],
    async server(receive) {
      let up: () => void = () => {}
      const connected = new Promise<void>(resolve => {
        up = resolve
      })
      const link = createBrokerClient({
        url,
        user: 'twinloop-server',
        password: SERVER_PASSWORD,
        clientId: 'twinloop-server',
        filters: () => uplinkFilters,
        receive,
        listening: up,
        changed: () => {},
      })
      await link.start()
      onTestFinished(() => link.stop())
      await connected
      return link
    },
  }
}

const end = (client: MqttClient) => client.endAsync(true)

async function until(attempt: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await attempt()
      return
    } catch (error) {
      if (tries >= 100) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

const credentials = (vehicle: string) => ({
  clientId: vehicle,
  username: vehicle,
  password: devicePassword(KEY, vehicle),
})

/** Connects as a vehicle. */
export async function device(
  { url }: Pick<Broker, 'url'>,
  vehicle: string,
  options: IClientOptions = {},
): Promise<MqttClient> {
  const client = await connectAsync(url, { ...credentials(vehicle), reconnectPeriod: 0, ...options })
  client.on('error', () => {})
  onTestFinished(() => client.endAsync(true))
  return client
}
