/** A vehicle's connection byte by byte: for what no library would send, and for very many of them. */
import { connect, type Socket } from 'node:net'
import { generate, type Packet, parser } from 'mqtt-packet'
import { onTestFinished } from 'vitest'
import { identityOf } from '../../../src/simulator/vehicles/identity.ts'
import { devicePassword } from '../../../src/vehicle/credentials.ts'
import type { OfflineState, OnlineState } from '../../../src/vehicle/messages.ts'
import { topicOf, type Uplink } from '../../../src/vehicle/topics.ts'
import { FLEET_KEY } from '../../support/world.ts'

export interface RawVehicle {
  vehicle: string
  boot: string
  socket: Socket
  /** Everything that was sent so far. */
  sent: Buffer[]
  write(bytes: Buffer): void
  send(packet: Packet): void
  /** Sends with QoS 1 on any topic. Resolves when it is acknowledged: true, or the connection is over: false. */
  publish(topic: string, payload: string | Buffer): Promise<boolean>
  /** The same on one of its own topics. */
  say(kind: Uplink, message: object): Promise<boolean>
  /** Says that it is there. */
  greet(): Promise<boolean>
  readonly ended: Promise<void>
}

/** A connection that has said nothing yet. */
export function rawConnection(port: number): { socket: Socket; ended: Promise<void> } {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {})
  const ended = new Promise<void>(resolve => socket.once('close', () => resolve()))
  onTestFinished(() => void socket.destroy())
  return { socket, ended }
}

/** Connects and signs in. @throws Error when it is refused */
export async function rawVehicle(
  port: number,
  number: number,
  boot = `raw-${number}`,
  keepalive = 120,
): Promise<RawVehicle> {
  const { vehicle, releaseCounter, number: _, ...identity } = identityOf(number)
  const { socket, ended } = rawConnection(port)
  const waiting = new Map<number, (acknowledged: boolean) => void>()
  const sent: Buffer[] = []
  let lastId = 0
  const reading = parser({ protocolVersion: 4 })
  const signedIn = new Promise<void>((resolve, reject) => {
    void ended.then(() => reject(new Error('the connection is over')))
    reading.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connack')
        packet.returnCode === 0 ? resolve() : reject(new Error(`refused with ${packet.returnCode}`))
      if (packet.cmd !== 'puback' || packet.messageId === undefined) return
      waiting.get(packet.messageId)?.(true)
      waiting.delete(packet.messageId)
    })
  })
  socket.on('data', bytes => void reading.parse(bytes))
  void ended.then(() => {
    for (const tell of waiting.values()) tell(false)
  })
  const write = (bytes: Buffer) => {
    sent.push(bytes)
    if (!socket.destroyed) socket.write(bytes)
  }
  const send = (packet: Packet) => write(generate(packet))
  const gone: OfflineState = { vehicle, boot, online: false }
  send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: vehicle,
    username: vehicle,
    password: Buffer.from(devicePassword(FLEET_KEY, vehicle)),
    keepalive,
    will: {
      topic: topicOf(vehicle, 'state'),
      payload: Buffer.from(JSON.stringify(gone)),
      qos: 1,
      retain: true,
    },
  })
  await signedIn

  function publish(topic: string, payload: string | Buffer): Promise<boolean> {
    lastId = (lastId % 65_535) + 1
    const messageId = lastId
    if (socket.destroyed) return Promise.resolve(false)
    return new Promise(resolve => {
      waiting.set(messageId, resolve)
      send({ cmd: 'publish', topic, payload, qos: 1, messageId, dup: false, retain: false })
    })
  }
  const say = (kind: Uplink, message: object) => publish(topicOf(vehicle, kind), JSON.stringify(message))
  function greet() {
    const own = { ...identity, vehicle, boot, release_counter: releaseCounter }
    const now = {
      at: Date.now(),
      online: true as const,
      slot: 'a' as const,
      ecus: [],
      connectivity: '5g' as const,
    }
    const state: OnlineState = { ...own, ...now }
    return say('state', state)
  }
  return { vehicle, boot, socket, sent, write, send, publish, say, greet, ended }
}

/** One sample as a vehicle sends it. */
export const sampleOf = (
  { vehicle, boot }: Pick<RawVehicle, 'vehicle' | 'boot'>,
  seq: number,
  at = Date.now(),
) => ({
  vehicle,
  boot,
  sent: at,
  samples: [{ seq, at, signals: { 'Vehicle.Speed': seq % 100 } }],
})
